// How every entity is read: by Ids, by what changed, and all of it.
import type { Changes, Everything, Read } from "../../src/define/resource.ts";
import { changesOf } from "./changes.ts";
import { versionOf, type Entity, type EntityRecord } from "./entity.ts";
import { pageById, query, quoted, RESULTS_MAX, where } from "./query.ts";

/** An Id takes some 20 characters of the URL once it is encoded; 2 kB are safe everywhere. */
const KEYS_MAX = 100;

export interface Reading<Record> {
  key(record: Record): string;
  version(record: Record): string;
  readonly versionExact: true;
  readonly read: Read<Record>;
  readonly changes: Changes<Record>;
  readonly everything: Everything<Record>;
}

export function readingOf<Record extends EntityRecord>(entity: Entity): Reading<Record> {
  return {
    key: (record) => record.Id,
    version: versionOf,
    // Every change raises the SyncToken, that of a balance too.
    versionExact: true,
    read: {
      keysMax: KEYS_MAX,
      records: (api, keys) => {
        const ids = `Id in (${keys.map(quoted).join(", ")})`;
        return query<Record>(api, entity, `${where(entity, [ids])}maxresults ${RESULTS_MAX}`);
      },
    },
    changes: changesOf<Record>(entity),
    everything: { page: (api, { cursor }) => pageById<Record>(api, entity, [], cursor) },
  };
}
