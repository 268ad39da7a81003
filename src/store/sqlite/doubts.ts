// After a file of state was restored: what was written since the backup is not in it. Whatever is pending then, or is noted before its
// source was listed once more, may have been created already by the file that was lost.
import type { Restored } from "../store.ts";
import type { Names } from "./names.ts";
import { number, numberOrNone, present, text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** A resource that no listing tells of is doubted for so long: after that what comes is taken for new. */
const DOUBTED_MS_MAX = 30 * 86_400_000;

export interface Doubts {
  /** At a start: from here on a restored file is in use again. Undefined: it was not restored since the last start. */
  begin(at: number): Restored | undefined;
  find(): Restored | undefined;
  /** The resources of which it is not known what changed since the backup; mostly none. */
  resources(at: number): ReadonlySet<number>;
  /** Is this record of the sync in doubt by itself? Mostly none is. */
  records(sync: number): (record: number) => boolean;
  /** A record that was in doubt stays so unless its counterpart is known. */
  settled(sync: number, record: number, isKnown: boolean): void;
  /** When the file was restored; asked of what is in doubt. */
  since(): number;
  /** All that changed in this resource before this time has been listed. */
  listed(resource: number, wholeUntil: number): void;
}

export function prepareDoubts(database: DatabaseSync, names: Names): Doubts {
  const restored = database.prepare("SELECT made_at, began_at FROM restored");
  const begin = database.prepare("UPDATE restored SET began_at = ?");
  const forgetAll = database.prepare("DELETE FROM doubted_resource");
  const doubtAll = database.prepare(`
    INSERT INTO doubted_resource SELECT from_resource FROM sync UNION SELECT to_resource FROM sync WHERE two_way = 1`);
  const doubtPending = database.prepare("INSERT OR IGNORE INTO doubted_record SELECT sync, record FROM pending");
  const doubted = database.prepare("SELECT resource FROM doubted_resource");
  const doubtedNames = database.prepare(`
    SELECT r.name FROM doubted_resource d JOIN resource r ON r.id = d.resource ORDER BY r.name`);
  // What changed since does not tell of what a listing of everything has still to come to, nor the other way round.
  const isUnderWay = database.prepare(`
    SELECT 1 FROM scan WHERE resource = ? AND kind = 'everything' AND began_at IS NOT NULL`);
  const forget = database.prepare("DELETE FROM doubted_resource WHERE resource = ?");
  const doubtPendingOf = database.prepare(
    "INSERT OR IGNORE INTO doubted_record SELECT sync, record FROM pending WHERE sync = ?",
  );
  const keep = database.prepare("INSERT OR IGNORE INTO doubted_record VALUES (?, ?)");
  const settle = database.prepare("DELETE FROM doubted_record WHERE sync = ? AND record = ?");
  const anyKept = database.prepare("SELECT 1 FROM doubted_record WHERE sync = ? LIMIT 1");
  const isKept = database.prepare("SELECT 1 FROM doubted_record WHERE sync = ? AND record = ?");

  function since(): number {
    const row = restored.get();
    return (row === undefined ? undefined : numberOrNone(row, "began_at")) ?? 0;
  }

  function find(): Restored | undefined {
    const row = restored.get();
    if (row === undefined) return undefined;
    return present({
      madeAt: numberOrNone(row, "made_at"),
      beganAt: numberOrNone(row, "began_at"),
      doubted: doubtedNames.all().map((one) => text(one, "name")),
    });
  }

  return {
    find,
    since,
    begin(at) {
      const row = restored.get();
      if (row === undefined || numberOrNone(row, "began_at") !== undefined) return undefined;
      begin.run(at);
      forgetAll.run();
      doubtAll.run();
      doubtPending.run();
      return find();
    },
    resources(at) {
      const rows = doubted.all();
      if (rows.length === 0 || at - since() > DOUBTED_MS_MAX) return NONE;
      return new Set(rows.map((row) => number(row, "resource")));
    },
    records: (sync) =>
      anyKept.get(sync) === undefined ? noRecord : (record) => isKept.get(sync, record) !== undefined,
    settled(sync, record, isKnown) {
      (isKnown ? settle : keep).run(sync, record);
    },
    listed(resource, wholeUntil) {
      if (wholeUntil < since() || isUnderWay.get(resource) !== undefined || forget.run(resource).changes === 0) return;
      // What is noted from here on is new; what was noted by then keeps its doubt.
      for (const sync of names.readersOf(resource)) doubtPendingOf.run(sync.id);
    },
  };
}

const NONE: ReadonlySet<number> = new Set();
const noRecord = (): boolean => false;
