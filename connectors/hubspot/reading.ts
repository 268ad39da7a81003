// How every object is read: by ids, by what changed, and all of it. Search shows late what was written, and shows it stale,
// so it only tells which records may have changed; what they say is then read by their ids.
import type { Answer, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Changes, Everything, Page, PageQuery, Read } from "../../src/define/resource.ts";
import { withAssociations } from "./associations.ts";
import { BATCH_MAX, objectPath, type CrmObject, type CrmRecord } from "./crm-object.ts";
import { SEARCH_LIMIT } from "./limits.ts";

/** HubSpot says that search may take moments to minutes to show what was written. */
const SEARCH_LAG_MS = 10 * 60_000;

export interface Filter {
  readonly propertyName: string;
  readonly operator: "EQ" | "GT" | "GTE";
  readonly value: string;
}

export interface Reading<Record> {
  key(record: Record): string;
  version(record: Record): string;
  formerKeys(record: Record): readonly string[];
  readonly read: Read<Record>;
  readonly changes: Changes<Record>;
  readonly everything: Everything<Record>;
}

export function readingOf<Record extends CrmRecord>(object: CrmObject): Reading<Record> {
  return {
    key: ({ id }) => id,
    version: ({ updatedAt }) => updatedAt,
    formerKeys: mergedAway,
    read: { keysMax: BATCH_MAX, records: (api, keys) => readByIds<Record>(api, object, keys) },
    changes: {
      paging: "keyset",
      overlapMs: SEARCH_LAG_MS,
      page: (api, query) => changesPage<Record>(api, object, query),
    },
    everything: { paging: "cursor", page: (api, { cursor }) => everythingPage<Record>(api, object, cursor) },
  };
}

async function readByIds<Record extends CrmRecord>(
  api: Api,
  object: CrmObject,
  keys: readonly string[],
): Promise<readonly Record[]> {
  return withAssociations(api, object, await batchRead<Record>(api, object, keys));
}

/** By ids, or by the values of a property with unique values. What is not there is not in the answer. */
export async function batchRead<Record extends CrmRecord>(
  api: Api,
  object: CrmObject,
  keys: readonly string[],
  idProperty?: string,
): Promise<readonly Record[]> {
  if (keys.length === 0) return [];
  const answer = await api.request({
    method: "POST",
    path: objectPath(object, "/batch/read"),
    body: {
      ...(idProperty === undefined ? {} : { idProperty }),
      inputs: keys.map((id) => ({ id })),
      properties: propertiesOf(api, object),
      propertiesWithHistory: [],
    },
    writes: false,
  });
  return unique(resultsIn<Record>(answer, object));
}

/** The ids of two records that were merged both lead to the one that stayed. */
function unique<Record extends CrmRecord>(records: readonly Record[]): readonly Record[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}

/**
 * In the order of the ids, each page from the last id on: a record that changes meanwhile keeps its place, and the 10,000
 * results that a search may give at most are never reached.
 */
async function changesPage<Record extends CrmRecord>(
  api: Api,
  object: CrmObject,
  { since, cursor = "0" }: PageQuery,
): Promise<Page<Record>> {
  const ids = await searchIds(api, object, [
    { propertyName: object.modified, operator: "GTE", value: String(since) },
    { propertyName: "hs_object_id", operator: "GT", value: cursor },
  ]);
  const records = await readByIds<Record>(api, object, ids);
  const last = ids.length < BATCH_MAX ? undefined : ids.at(-1);
  const merged = records.flatMap(mergedAway);
  return {
    records,
    ...(merged.length === 0 ? {} : { deleted: merged }),
    ...(last === undefined ? {} : { next: last }),
  };
}

/** Records that are no more because they became part of this one. It cannot be undone. */
function mergedAway({ id, properties }: CrmRecord): readonly string[] {
  const ids = properties["hs_merged_object_ids"]?.split(";") ?? [];
  return ids.map((one) => one.trim()).filter((one) => /^\d+$/.test(one) && one !== id);
}

export async function searchIds(api: Api, object: CrmObject, filters: readonly Filter[]): Promise<readonly string[]> {
  const answer = await api.request({
    method: "POST",
    path: objectPath(object, "/search"),
    body: {
      filterGroups: [{ filters }],
      sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
      properties: ["hs_object_id"],
      limit: BATCH_MAX,
      after: "0",
    },
    writes: false,
    limits: [SEARCH_LIMIT],
  });
  return resultsIn<CrmRecord>(answer, object).map(({ id }) => id);
}

/** Listed by id, each page from the last one on: what is archived or made meanwhile moves nothing. */
async function everythingPage<Record extends CrmRecord>(
  api: Api,
  object: CrmObject,
  cursor: string | undefined,
): Promise<Page<Record>> {
  const answer = await api.request({
    method: "GET",
    path: objectPath(object),
    query: { limit: BATCH_MAX, after: cursor, archived: false, properties: propertiesOf(api, object).join(",") },
  });
  const records = await withAssociations(api, object, resultsIn<Record>(answer, object));
  const { paging } = answer.json as { readonly paging?: { readonly next?: { readonly after?: string } } };
  const next = paging?.next?.after;
  return { records, ...(next === undefined ? {} : { next }) };
}

function propertiesOf({ settings }: Api, { name, properties }: CrmObject): readonly string[] {
  const own = (settings["customProperties"] as { readonly [object: string]: readonly string[] } | undefined)?.[name];
  return own === undefined ? properties : [...new Set([...properties, ...own])];
}

function resultsIn<Record>({ json }: Answer, { name }: CrmObject): readonly Record[] {
  const results = (json as { readonly results?: readonly Record[] } | undefined)?.results;
  if (Array.isArray(results)) return results;
  const reason = `Could not read ${name}: expected results in the answer and got none`;
  throw new CallFailed({ kind: "unavailable", reason }, reason);
}
