// What the records of two-way syncs are found by: kept up to date for linked ones too, so that a new duplicate is noticed.
import type { MatchCandidate, MatchFound, MatchQuery } from "../two-way.ts";
import type { Batch } from "./batch.ts";
import type { Names, Sync } from "./names.ts";
import type { NotePending } from "./note.ts";
import type { Records } from "./record.ts";
import { first, number, text, type Row } from "./rows.ts";
import { UNMATCHED_AGAIN } from "./unmatched.ts";
import type { DatabaseSync } from "node:sqlite";

/** More records with one value than this are not named. */
const FOUND_MAX = 10;
/** Says that a record was looked at, whatever it has. */
const LOOKED_AT = -1;

export interface Matches {
  match(batch: Batch, queries: readonly MatchQuery[], at: number): readonly MatchFound[];
  hasUnmatched(sync: Sync, side: 0 | 1): boolean;
}

export interface MatchParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly records: Records;
  readonly note: NotePending;
}

export function prepareMatches({ database, names, records, note }: MatchParts): Matches {
  const known = database.prepare("SELECT alternative, value FROM match_value WHERE sync = ? AND record = ?");
  const forget = database.prepare("DELETE FROM match_value WHERE sync = ? AND record = ?");
  const save = database.prepare(
    "INSERT INTO match_value (sync, record, alternative, resource, value) VALUES (?, ?, ?, ?, ?)",
  );
  const find = database.prepare(`
    SELECT r.id, r.key, EXISTS (SELECT 1 FROM link l WHERE l.sync = ?1 AND (l.record = r.id OR l.target_key = r.key AND ?5))
      AS linked
    FROM match_value m JOIN record r ON r.id = m.record
    WHERE m.sync = ?1 AND m.alternative = ?2 AND m.alternative >= 0 AND m.value = ?3 AND m.resource = ?4 AND r.deleted = 0
    ORDER BY r.id LIMIT ${FOUND_MAX}`);
  // A person need not look again where the value that they were asked about is gone; nor be asked about it by whoever has seen it
  // just before, and is about to.
  const asked = database.prepare(`
    SELECT p.record, p.priority FROM match_value m JOIN pending p ON p.sync = m.sync AND p.record = m.record
    WHERE m.sync = ?1 AND m.alternative = ?2 AND m.alternative >= 0 AND m.value = ?3 AND m.record <> ?4
      AND (p.state IN ('ready', 'waiting') OR p.state = 'parked' AND p.cause = 'match')`);
  const unmatchedAgain = database.prepare(UNMATCHED_AGAIN);
  // Few of a backlog are: their own index tells which may be.
  const unmatched = database.prepare(`
    SELECT 1 FROM pending p INDEXED BY pending_unmatched CROSS JOIN record r ON r.id = p.record
    WHERE p.sync = ?1 AND p.unmatched = ?2 AND p.cause IS NULL AND p.state IN ('ready', 'waiting') AND r.deleted = 0
      AND NOT EXISTS (SELECT 1 FROM match_value m WHERE m.sync = p.sync AND m.record = p.record)
      AND NOT EXISTS (SELECT 1 FROM link l WHERE l.sync = p.sync AND l.record = p.record)
    LIMIT 1`);
  unmatched.setReturnArrays(true);

  function keep(batch: Batch, sync: Sync, record: number, resource: number, query: MatchQuery, at: number): void {
    const wanted = new Map<number, string>(query.values.length === 0 ? [] : [[LOOKED_AT, ""]]);
    for (const [alternative, value] of query.values.entries()) if (value !== null) wanted.set(alternative, value);
    const before = new Map(
      known.all(sync.id, record).map((row) => [number(row, "alternative"), text(row, "value")] as const),
    );
    const gone = [...before].filter(([alternative, value]) => wanted.get(alternative) !== value);
    if (gone.length === 0 && before.size === wanted.size) return;
    for (const [alternative, value] of gone) {
      for (const row of asked.all(sync.id, alternative, value, record)) {
        note(batch, { sync: sync.id, record: number(row, "record"), priority: number(row, "priority"), at });
      }
    }
    forget.run(sync.id, record);
    for (const [alternative, value] of wanted) save.run(sync.id, record, alternative, resource, value);
    if ((before.size === 0) !== (wanted.size === 0)) unmatchedAgain.run(sync.id, record);
  }

  function found(sync: Sync, record: number, resource: number, { values }: MatchQuery): MatchFound {
    const other = resource === sync.from ? sync.to : sync.from;
    let alone: MatchFound = { candidates: [], rivals: [] };
    for (const [alternative, value] of values.entries()) {
      if (value === null) continue;
      const on = (side: number): readonly Row[] =>
        find.all(sync.id, alternative, value, side, side === sync.to ? 1 : 0);
      const candidates = on(other).map((row): MatchCandidate => ({
        key: text(row, "key"),
        linked: row["linked"] === 1,
      }));
      const rivals = on(resource)
        .filter((row) => number(row, "id") !== record)
        .map((row) => text(row, "key"));
      if (candidates.length > 0) return { value, candidates, rivals };
      if (alone.rivals.length === 0 && rivals.length > 0) alone = { value, candidates, rivals };
    }
    return alone;
  }

  return {
    match(batch, queries, at) {
      const kept = queries.map((query) => {
        const sync = names.sync(query.sync);
        const resource = query.side === 1 ? sync.to : sync.from;
        const record = records.idOf(resource, query.key);
        if (record !== undefined) keep(batch, sync, record, resource, query, at);
        return { sync, resource, record };
      });
      return queries.map((query, index) => {
        const { sync, resource, record } = kept[index] ?? {};
        if (!query.find || sync === undefined || resource === undefined || record === undefined) {
          return { candidates: [], rivals: [] };
        }
        return found(sync, record, resource, query);
      });
    },
    hasUnmatched(sync, side) {
      return first(unmatched.get(sync.id, side === 1 ? sync.to : sync.from)) !== undefined;
    },
  };
}
