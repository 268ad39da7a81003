// Which deletion took a record of two-way syncs: what we take out of use goes by the deletion that took its counterpart, from the
// moment on that the write is armed. So a deletion takes nobody twice on its way round a ring of systems, however late its answers.
import type { Names, Sync } from "./names.ts";
import { number, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Deletions {
  /** The one that an armed write carries on to this record. */
  carriedTo(resource: number, record: number, key: string): string | undefined;
  /** This side's record of a pair was taken out of use because the other one was deleted: by one and the same deletion. */
  follow(sync: Sync, pair: number, removed: 0 | 1): void;
  /** This one of a pair is there again, and the one that took the other is the very deletion that had taken it. */
  isTakenBack(sync: Sync, pair: number, side: 0 | 1): boolean;
}

export function prepareDeletions(database: DatabaseSync, names: Names): Deletions {
  const carriedToFirst = database.prepare(`
    SELECT other.deletion FROM pending p CROSS JOIN link l ON l.sync = p.sync AND l.record = p.record
      CROSS JOIN record other ON other.resource = ?3 AND other.key = l.target_key
    WHERE p.sync = ?1 AND p.record = ?2 AND p.write ->> 'action' = 'remove' AND coalesce(p.write ->> 'side', 0) = 0`);
  const carriedToSecond = database.prepare(`
    SELECT other.deletion FROM link l CROSS JOIN pending p ON p.sync = l.sync AND p.record = l.record
      CROSS JOIN record other ON other.id = l.record
    WHERE l.sync = ?1 AND l.target_key = ?2 AND p.write ->> 'action' = 'remove' AND p.write ->> 'side' = 1`);
  const both = database.prepare(`
    SELECT r.id, r.resource, r.key, r.deletion FROM link l CROSS JOIN record r ON r.id = l.record
    WHERE l.sync = ?1 AND l.record = ?2
    UNION ALL
    SELECT r.id, r.resource, r.key, r.deletion FROM link l CROSS JOIN record r ON r.resource = ?3 AND r.key = l.target_key
    WHERE l.sync = ?1 AND l.record = ?2`);
  const takeAs = database.prepare("UPDATE record SET deletion = ?2 WHERE id = ?1");

  /** This side's record of the pair, and the other one; each only where it is known. */
  function recordsOf(sync: Sync, pair: number, side: 0 | 1): readonly Row[] {
    const records = both.all(sync.id, pair, sync.to);
    return side === 0 ? records : records.toReversed();
  }

  function carriedTo(resource: number, record: number, key: string): string | undefined {
    for (const sync of names.readersOf(resource)) {
      if (!sync.twoWay) continue;
      const row =
        resource === sync.to ? carriedToSecond.get(sync.id, key) : carriedToFirst.get(sync.id, record, sync.to);
      const deletion = row === undefined ? undefined : textOrNone(row, "deletion");
      if (deletion !== undefined) return deletion;
    }
    return undefined;
  }

  return {
    carriedTo,
    follow(sync, pair, removed) {
      const [follower, gone] = recordsOf(sync, pair, removed);
      if (follower !== undefined && gone !== undefined) takeAs.run(number(follower, "id"), gone["deletion"] ?? null);
    },
    isTakenBack(sync, pair, side) {
      const [back, gone] = recordsOf(sync, pair, side);
      if (back === undefined || gone === undefined) return false;
      const took = carriedTo(number(gone, "resource"), number(gone, "id"), text(gone, "key"));
      const deletion = textOrNone(back, "deletion");
      return deletion !== undefined && deletion === (took ?? textOrNone(gone, "deletion"));
    },
  };
}
