// Reads records by their ids as they are now, up to 2,000 in one call that counts once.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Read } from "../../src/define/resource.ts";
import { readDecimalJson } from "./decimal-json.ts";
import type { SalesforceObject } from "./object.ts";
import { isLeftOut } from "./settings.ts";
import { bare, query, quoted, select } from "./soql.ts";

const KEYS_MAX = 2_000;
/** The most ids of one query: they stand in its address. */
const ASKED_MAX = 200;
/** A record that stayed may have been merged away later: so many merges are followed. */
const MERGES_MAX = 20;

export function readOf<Record>(object: SalesforceObject): Read<Record> {
  return {
    keysMax: KEYS_MAX,
    records: (api, keys) => recordsOf<Record>(api, object, keys),
    ...(object.fields.includes(MASTER) ? { successors: (api, keys) => successorsOf(api, object, keys) } : {}),
  };
}

const MASTER = "MasterRecordId";

/** A record that was merged away lies in the recycle bin, for fifteen days, and names the one that stayed. */
async function successorsOf(
  api: Api,
  object: SalesforceObject,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const into = new Map<string, string>();
  if (isLeftOut(api.settings, object.name, MASTER)) return into;
  let asked = keys;
  for (let merge = 0; merge < MERGES_MAX && asked.length > 0; merge += 1) {
    const masters = await mastersOf(api, object, asked);
    if (masters.size === 0) break;
    if (merge === 0) for (const [key, master] of masters) into.set(key, master);
    else for (const [key, master] of into) into.set(key, masters.get(master) ?? master);
    asked = [...new Set(masters.values())];
  }
  return into;
}

async function mastersOf(
  api: Api,
  object: SalesforceObject,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const masters = new Map<string, string>();
  for (let first = 0; first < keys.length; first += ASKED_MAX) {
    const ids = keys.slice(first, first + ASKED_MAX).map(quoted);
    const where = [`Id IN (${ids.join(", ")})`, "IsDeleted = true", `${MASTER} != null`];
    const soql = select({ object: object.name, fields: ["Id", MASTER], where });
    const { records } = await query(api, soql, { deletedToo: true });
    for (const { Id, [MASTER]: master } of records) if (typeof master === "string") masters.set(Id, master);
  }
  return masters;
}

/** In the answer a record that is gone, or that the user may not see, is null. */
export async function recordsOf<Record>(
  api: Api,
  object: SalesforceObject,
  keys: readonly string[],
): Promise<readonly Record[]> {
  if (keys.length === 0) return [];
  const answer = await api.request({
    method: "POST",
    path: `/composite/sobjects/${object.name}`,
    body: { ids: keys, fields: fieldsFor(api, object) },
    writes: false,
  });
  const records = readDecimalJson(answer.text, object.decimals);
  if (!Array.isArray(records)) {
    const reason = `Could not read ${object.name} records: expected a list and got something else`;
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  return records.filter((record) => record !== null).map(bare) as unknown as readonly Record[];
}

/** What is asked for, without what the connection's settings leave out. */
export function fieldsFor(api: Api, object: SalesforceObject): readonly string[] {
  return object.fields.filter((field) => !isLeftOut(api.settings, object.name, field));
}
