// How every kind of record is read: by ids, by what changed, and all of it.
import type { Changes, Everything, Read } from "../../src/define/resource.ts";
import { list } from "./ask.ts";
import { keyOf, type Entity, type EntityRecord } from "./entity.ts";
import { pageByTime } from "./listing.ts";
import { any, isUuid, whereId } from "./where.ts";

/** A UUID takes some 40 characters of the address, in a filter some 70: 2 kB are safe everywhere. */
const IDS_MAX = 40;
const FILTERED_IDS_MAX = 25;
/** Xero promises no time by which a change shows; five minutes bear a slow one and a difference of clocks. */
const OVERLAP_MS = 5 * 60_000;

export interface Reading<Record> {
  key(record: Record): string;
  version(record: Record): string | undefined;
  readonly read: Read<Record>;
  readonly changes: Changes<Record>;
  readonly everything: Everything<Record>;
}

export interface ReadingOptions {
  /** Does a listing of changes show what was deleted, too? */
  readonly tellsDeletions: boolean;
}

export function readingOf<Record extends EntityRecord>(
  entity: Entity,
  { tellsDeletions }: ReadingOptions,
): Reading<Record> {
  const paging = entity.paged ? "keyset" : "none";
  return {
    key: (record) => keyOf(entity, record),
    // Not exact: some changes, such as of what a contact owes, leave the time as it was.
    version: (record) => record.UpdatedDateUTC,
    read: {
      keysMax: entity.readsByIds ? IDS_MAX : FILTERED_IDS_MAX,
      records: async (api, keys) => {
        const ids = keys.filter(isUuid);
        if (ids.length === 0) return [];
        const { records } = await list<Record>(api, entity, { query: queryOf(entity, ids) });
        return records.filter((record) => !entity.isGone(record));
      },
    },
    changes: {
      overlapMs: OVERLAP_MS,
      paging,
      tellsDeletions,
      page: (api, { since, cursor }) => pageByTime<Record>(api, entity, since, cursor),
    },
    everything: { paging, page: (api, { cursor }) => pageByTime<Record>(api, entity, 0, cursor) },
  };
}

/** Without a page Xero leaves the lines out. */
function queryOf(entity: Entity, ids: readonly string[]): Readonly<Record<string, string | number>> {
  const paging = entity.paged ? { page: 1, pageSize: ids.length } : {};
  const which: Readonly<Record<string, string>> = entity.readsByIds
    ? { IDs: ids.join(",") }
    : { where: any(ids.map((id) => whereId(entity.idField, id))) };
  return { ...which, ...paging };
}
