// Audits of two-way syncs: what both sides showed, side by side along the links, and the records that nobody is linked to.
import { DIGEST_BYTES, type AuditSlice } from "../audit.ts";
import {
  SCOPE,
  type AuditRecords,
  type ListedPair,
  type ListedRecord,
  type MatchWanted,
  type MatchingRecord,
  type PairAuditStore,
  type Scope,
} from "../audit-pairs.ts";
import type { Batch } from "./batch.ts";
import { linkOf } from "./claim.ts";
import type { Names, Sync } from "./names.ts";
import { bytes, number, present, text, type Row } from "./rows.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

type Listings = {
  readonly [Name in Exclude<keyof PairAuditStore, "auditPairFacts">]: (
    batch: Batch,
    ...given: Parameters<PairAuditStore[Name]>
  ) => Awaited<ReturnType<PairAuditStore[Name]>>;
};

export interface AuditPairs extends Listings {
  add(id: number, records: AuditRecords): void;
  /** Takes away all that was listed of a side. */
  drop(id: number, side: 0 | 1): void;
  /** Takes away so many rows of what was listed; says how many. */
  sweep(id: number, limit: number): number;
}

export function prepareAuditPairs(database: DatabaseSync, names: Names): AuditPairs {
  const syncOf = database.prepare("SELECT sync FROM audit WHERE id = ?");
  const add = database.prepare("INSERT OR REPLACE INTO audit_record VALUES (?, ?, ?, ?, ?)");
  const addFormer = database.prepare(
    `INSERT INTO audit_record VALUES (?, ?, ?, ${SCOPE.former}, ?) ON CONFLICT DO NOTHING`,
  );
  const pairs = database.prepare(`
    SELECT r.key, l.target_key, l.target_version, l.record_hash, l.record_version, l.base, l.state AS link_state,
      a.scope AS scope_0, a.digests AS digests_0, b.scope AS scope_1, b.digests AS digests_1
    FROM (SELECT id, key FROM record WHERE resource = ?3 AND key > ?4 ORDER BY key LIMIT ?5) r
      LEFT JOIN link l ON l.sync = ?2 AND l.record = r.id
      LEFT JOIN audit_record a ON a.audit = ?1 AND a.side = 0 AND a.key = r.key AND a.scope <> ${SCOPE.former} AND l.record IS NOT NULL
      LEFT JOIN audit_record b ON b.audit = ?1 AND b.side = 1 AND b.key = l.target_key AND b.scope <> ${SCOPE.former}
    ORDER BY r.key`);
  const isLinked = [
    "EXISTS (SELECT 1 FROM record r JOIN link l ON l.sync = ?2 AND l.record = r.id WHERE r.resource = ?3 AND r.key = a.key)",
    "EXISTS (SELECT 1 FROM link l WHERE l.sync = ?2 AND l.target_key = a.key)",
  ];
  const alone = isLinked.map((linked, side) =>
    database.prepare(`
      SELECT key, scope, iif(linked, NULL, digests) AS digests FROM (
        SELECT a.key, a.scope, a.digests, ${linked} AS linked FROM audit_record a
        WHERE a.audit = ?1 AND a.side = ${side} AND a.key > ?4 AND a.scope <> ${SCOPE.former} ORDER BY a.key LIMIT ?5)`),
  );
  const shown = database.prepare(
    `SELECT key, digests FROM audit_record
     WHERE audit = ? AND side = ? AND key > ? AND scope <> ${SCOPE.former} ORDER BY key LIMIT ?`,
  );
  const keys = database.prepare(
    "SELECT key FROM record WHERE resource = ? AND key > ? AND deleted = 0 ORDER BY key LIMIT ?",
  );
  const open = database.prepare(
    "SELECT count(*) AS count FROM conflict WHERE sync = ? AND winner IS NULL AND put_back_at IS NULL AND settled_at IS NULL",
  );
  const drop = database.prepare("DELETE FROM audit_record WHERE audit = ? AND side = ?");
  const sweep = database.prepare(`
    DELETE FROM audit_record WHERE audit = ?1 AND side = ?2
      AND key IN (SELECT key FROM audit_record WHERE audit = ?1 AND side = ?2 ORDER BY key LIMIT ?3)`);

  function syncOfAudit(id: number): Sync {
    const row = syncOf.get(id);
    if (row === undefined) throw new Error(`could not go on with audit ${id}: expected one that was begun, got none.`);
    return names.syncById(number(row, "sync"));
  }

  return {
    add(id, { side, keys: added, scopes, digests, former = [] }) {
      const width = added.length === 0 ? 0 : digests.length / added.length;
      added.forEach((key, index) =>
        add.run(id, side, key, scopes[index] ?? 0, digests.subarray(index * width, (index + 1) * width)),
      );
      for (const [one, into] of former) addFormer.run(id, side, one, Buffer.from(into));
    },
    drop(id, side) {
      drop.run(id, side);
    },
    auditPairs(_batch, id, after, limit) {
      const sync = syncOfAudit(id);
      const rows = pairs.all(id, sync.id, sync.from, after ?? "", limit);
      return slice(rows, limit, (row) => (row["target_key"] === null ? undefined : pairOf(row)));
    },
    auditAlone(_batch, id, side, after, limit) {
      const sync = syncOfAudit(id);
      const rows = (alone[side] as StatementSync).all(id, sync.id, sync.from, after ?? "", limit);
      return slice(rows, limit, (row) =>
        row["digests"] === null
          ? undefined
          : { key: text(row, "key"), ...listedOf(row["scope"], bytes(row, "digests")) },
      );
    },
    auditMatching(_batch, id, wanted, after, limit) {
      const rows = shown.all(id, wanted.side, after ?? "", limit);
      const sets = wanted.digests.map((digests) => new Set(digests));
      const found = rows.flatMap((row) => matchesOf(text(row, "key"), bytes(row, "digests"), wanted, sets));
      const last = rows.length < limit ? undefined : rows.at(-1);
      return { rows: found, ...(last === undefined ? {} : { next: text(last, "key") }) };
    },
    auditShowing(_batch, id, { side, digests }, after, limit) {
      const rows = shown.all(id, side, after ?? "", limit);
      const width = digests[0]?.length ?? 0;
      const places = Map.groupBy(digests.keys(), (place) => asKey(digests[place] as Uint8Array));
      const found = rows.flatMap((row) => {
        const shows = places.get(asKey(bytes(row, "digests").subarray(0, width))) ?? [];
        return shows.map((place) => ({ key: text(row, "key"), place }));
      });
      const last = rows.length < limit ? undefined : rows.at(-1);
      return { rows: found, ...(last === undefined ? {} : { next: text(last, "key") }) };
    },
    auditSideKeys(_batch, id, side, after, limit) {
      const sync = syncOfAudit(id);
      return keys.all(side === 0 ? sync.from : sync.to, after ?? "", limit).map((row) => text(row, "key"));
    },
    conflictsOpen: (_batch, sync) => number(open.get(names.sync(sync).id) as Row, "count"),
    sweep: (id, limit) => [0, 1].reduce((sum, side) => sum + Number(sweep.run(id, side, limit).changes), 0),
  };
}

function slice<Found>(rows: readonly Row[], limit: number, of: (row: Row) => Found | undefined): AuditSlice<Found> {
  const found = rows.flatMap((row) => {
    const one = of(row);
    return one === undefined ? [] : [one];
  });
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { rows: found, ...(last === undefined ? {} : { next: text(last, "key") }) };
}

function pairOf(row: Row): ListedPair {
  const { base, state, targetKey } = linkOf(row);
  const listed = (side: 0 | 1): ListedRecord | undefined =>
    row[`digests_${side}`] === null ? undefined : listedOf(row[`scope_${side}`], bytes(row, `digests_${side}`));
  return present({ key: text(row, "key"), otherKey: targetKey, base, state, listed: [listed(0), listed(1)] as const });
}

/** As one key of a map. */
function asKey({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

export const listedOf = (scope: unknown, digests: Uint8Array): ListedRecord => ({
  scope: Number(scope) as Scope,
  digests,
});

function matchesOf(
  key: string,
  digests: Uint8Array,
  { fields }: MatchWanted,
  sets: readonly ReadonlySet<number>[],
): readonly MatchingRecord[] {
  const view = new DataView(digests.buffer, digests.byteOffset, digests.byteLength);
  return sets.flatMap((set, alternative) => {
    const digest = view.getUint32((fields + alternative) * DIGEST_BYTES, true);
    return set.has(digest) ? [{ key, alternative, digest }] : [];
  });
}
