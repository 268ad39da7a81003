// What a sync missed while it was not in the project: it is noted in the transaction that declares the sync, so that a sync which is new,
// or back, does not only see what changes from then on.
import type { Sync } from "./names.ts";
import { NOTED_AGAIN } from "./note.ts";
import { LEAST_URGENT } from "./priority.ts";
import type { DatabaseSync } from "node:sqlite";

/**
 * Notes every record that it may have to write, of those that nobody told it of: what was seen before it last cleared one was noted
 * then, and may have been discarded since.
 */
export function catchUp(database: DatabaseSync, sync: Sync, at: number): void {
  // A row that waits is noted once more: what it was going to do may be out of date. A parked one only if something came since.
  database
    .prepare(`
    INSERT INTO pending (sync, record, state, priority, seq, noted_at, last_noted_at, attempts, waits)
    SELECT ?1, r.id, 'ready', ${LEAST_URGENT}, 1, ?3, ?3, 0, 0
    FROM record r LEFT JOIN link l ON l.sync = ?1 AND l.record = r.id
      LEFT JOIN pending p ON p.sync = ?1 AND p.record = r.id
    WHERE r.resource = ?2
      AND (r.stale > 0 OR r.observed_at > coalesce((SELECT last_cleared_at FROM sync WHERE id = ?1), -1))
      AND iif(l.record IS NULL, r.deleted = 0, r.deleted = 1 OR r.stale > 0 OR l.record_hash <> r.hash)
      AND (p.parked_at IS NULL OR r.stale > 0 OR r.observed_at > p.parked_at)${NOTED_AGAIN}`)
    .run(sync.id, sync.from, at);
}

/** The sync's name before, as it seems: one that left the project has links between the same resources. */
export function nameBefore(database: DatabaseSync, { id, from, to }: Sync): string | undefined {
  const found = database
    .prepare(`
    SELECT name FROM sync WHERE declared = 0 AND two_way = 0 AND from_resource = ?2 AND to_resource = ?3 AND id <> ?1 AND links > 0
    ORDER BY links DESC LIMIT 1`)
    .get(id, from, to);
  return found?.["name"] as string | undefined;
}
