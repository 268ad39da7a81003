// Reads records by their ids as they are now, up to 2,000 in one call that counts once.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Read } from "../../src/define/resource.ts";
import { readDecimalJson } from "./decimal-json.ts";
import type { SalesforceObject } from "./object.ts";
import { isLeftOut } from "./settings.ts";
import { bare } from "./soql.ts";

const KEYS_MAX = 2_000;

export function readOf<Record>(object: SalesforceObject): Read<Record> {
  return { keysMax: KEYS_MAX, records: (api, keys) => recordsOf<Record>(api, object, keys) };
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
