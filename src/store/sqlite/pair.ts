// Two records that are linked in a two-way sync are one pending row, the first side's. Here the rows that they had apart come
// together, and it is told whether a record may be one that is being created just now.
import type { Batch } from "./batch.ts";
import { sideOf, type Held, type HeldRow } from "./held.ts";
import type { Links } from "./link.ts";
import type { Sync } from "./names.ts";
import type { NotePending } from "./note.ts";
import type { Records } from "./record.ts";
import { first, number, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Pairs {
  /** The first side's record of the link that this row's record has; undefined: it has none. */
  of(row: HeldRow): number | undefined;
  /** The unlinked record of this side with this key, when nothing is under way for it. */
  free(sync: Sync, key: string, side: 0 | 1): { readonly record: number } | undefined;
  isLinked(sync: Sync, key: string, side: 0 | 1): boolean;
  /** Is a person asked what became of a write for this record? Until then nobody knows whether it has a counterpart. */
  isAsked(sync: Sync, key: string, side: 0 | 1): boolean;
  /** Notes the rows that are parked until that is answered. */
  answered(batch: Batch, sync: Sync, key: string, side: 0 | 1, at: number): void;
  /** The link goes on with this unlinked record in place of the one it had on that side; the row is ready at once. */
  move(batch: Batch, row: HeldRow, to: MovedTo, at: number): boolean;
  /**
   * The other side merged the same two, and kept the other one of them: the first side's record of the link of the one that stays
   * here, which goes on with what stays there. Undefined: it did not.
   */
  crossing(row: HeldRow, side: 0 | 1, into: string): number | undefined;
  /** Where this record is only linked to one that is gone, and nothing is under way for them, that link ends. */
  release(batch: Batch, sync: Sync, key: string, side: 0 | 1): void;
  /** Leaves one row for a pair that a person linked. */
  join(batch: Batch, sync: Sync, pair: number, priority: number, at: number): void;
  /** Leaves one row for the pair, ready at once, and says so. */
  merge(batch: Batch, row: HeldRow, pair: number, at: number): boolean;
  /** Leaves no row for the pair, unless the other side's record had one; says whether one is ready. */
  clear(batch: Batch, row: HeldRow, pair: number, at: number): boolean;
  /** The link ends: the second side's record is looked at by itself. */
  part(batch: Batch, row: HeldRow, at: number): void;
  /** May this record be what a creation from the other side makes, whose answer is not here yet? */
  mayBeMade(row: HeldRow): boolean;
  lastRecord(): number;
}

export interface MovedTo {
  readonly side: 0 | 1;
  readonly record: number;
  readonly key: string;
}

/** What is told of a row that goes on when a person has answered what is asked of another record. */
export function awaits(key: string, side: 0 | 1) {
  return {
    to: "parked",
    cause: "match",
    reason: `nobody knows whether ${key} has a counterpart already: a person is asked what became of creating it`,
    todo: `Answer what is asked of ${key}; this goes on by itself.`,
    detail: { awaits: key, side },
  } as const;
}

/** What is told of a row whose record became part of one that is deleted: what had only been merged was not deleted by anybody. */
export function leftOver(into: string) {
  return {
    to: "parked",
    cause: "deleted",
    reason: `it became part of ${into}, and ${into} is deleted: its own counterpart is still there`,
    todo: "Take the counterpart out of use by hand, or restore the record; then retry, or discard this row.",
    detail: { mergedInto: into },
  } as const;
}

export interface PairParts {
  readonly database: DatabaseSync;
  readonly held: Held;
  readonly records: Records;
  readonly links: Links;
  readonly note: NotePending;
}

export function preparePairs({ database, held, records, links, note }: PairParts): Pairs {
  const remove = database.prepare("DELETE FROM pending WHERE id = ?");
  const pendingOf = database.prepare(
    "SELECT id, state, priority, write IS NOT NULL AS armed FROM pending WHERE sync = ? AND record = ?",
  );
  const target = database.prepare("SELECT target_key FROM link WHERE sync = ? AND record = ?");
  const ready = database.prepare(`
    UPDATE pending SET state = 'ready', seq = seq + 1, attempts = 0, waits = 0, until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, cause = NULL, todo = NULL, detail = NULL, parked_at = NULL,
      write = NULL, fields = NULL, sent_at = NULL
    WHERE id = ? AND write IS NULL`);
  const own = database.prepare(`
    UPDATE pending SET state = 'ready', noted_at = last_noted_at, attempts = 0, waits = 0, until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = NULL, fields = NULL, sent_at = NULL
    WHERE id = ?`);
  // What is being sent is held; of all else, few have a write: a backlog is not gone through for each creation.
  const creating = database.prepare(`
    SELECT r.resource, p.write ->> 'after' AS after
    FROM json_each(?2) sending CROSS JOIN pending p ON p.id = sending.value CROSS JOIN record r ON r.id = p.record
    WHERE p.sync = ?1 AND p.write ->> 'action' = 'create'
    UNION ALL
    SELECT r.resource, p.write ->> 'after' AS after FROM pending p CROSS JOIN record r ON r.id = p.record
    WHERE p.sync = ?1 AND p.write IS NOT NULL AND p.until IS NOT NULL AND p.write ->> 'action' = 'create'`);
  const last = database.prepare("SELECT coalesce(max(id), 0) FROM record");
  last.setReturnArrays(true);

  const awaiting = database.prepare(`
    SELECT record, priority FROM pending
    WHERE sync = ? AND state = 'parked' AND cause = 'match' AND detail ->> 'awaits' = ? AND detail ->> 'side' = ?`);
  const crossingFirst = database.prepare(`
    SELECT l.record FROM link own CROSS JOIN record r ON r.resource = ?3 AND r.key = ?4
      CROSS JOIN link l ON l.sync = own.sync AND l.record = r.id
      CROSS JOIN former_key f ON f.resource = ?5 AND f.former = l.target_key AND f.key = own.target_key
    WHERE own.sync = ?1 AND own.record = ?2`);
  const crossingSecond = database.prepare(`
    SELECT l.record FROM record own CROSS JOIN link l ON l.sync = ?1 AND l.target_key = ?4
      CROSS JOIN record r ON r.id = l.record
      CROSS JOIN former_key f ON f.resource = ?3 AND f.former = r.key AND f.key = own.key
    WHERE own.id = ?2`);
  const leftFirst = database.prepare(`
    SELECT l.record FROM record own CROSS JOIN link l ON l.sync = ?1 AND l.record = own.id
      CROSS JOIN record gone ON gone.resource = ?4 AND gone.key = l.target_key AND gone.deleted = 1
    WHERE own.resource = ?3 AND own.key = ?2`);
  const leftSecond = database.prepare(`
    SELECT l.record FROM link l CROSS JOIN record gone ON gone.id = l.record AND gone.deleted = 1
    WHERE l.sync = ?1 AND l.target_key = ?2`);
  const moveFirst = database.prepare("UPDATE link SET record = ?3 WHERE sync = ?1 AND record = ?2");
  const moveCorrection = database.prepare(
    "UPDATE OR REPLACE correction SET record = ?3 WHERE sync = ?1 AND record = ?2",
  );
  const moveSecond = database.prepare(
    "UPDATE link SET target_key = ?3, target_version = NULL WHERE sync = ?1 AND record = ?2",
  );

  const isLinked = (sync: Sync, key: string, side: 0 | 1): boolean => {
    if (side === 1) return links.firstOf(sync.id, key) !== undefined;
    const record = records.idOf(sync.from, key);
    return record !== undefined && links.exists(sync.id, record);
  };

  const isBusy = (sync: number, record: number): boolean => {
    if (held.ofRecord(sync, record) !== undefined) return true;
    return pendingOf.get(sync, record)?.["armed"] === 1;
  };

  type Whose = Pick<HeldRow, "sync" | "priority">;

  function counterpart({ sync }: Whose, pair: number): number | undefined {
    const key = target.get(sync.id, pair)?.["target_key"];
    return typeof key === "string" ? records.idOf(sync.to, key) : undefined;
  }

  /** The second side's own row goes, unless somebody holds it: whoever does finds the pair when it is given back. */
  function absorb({ sync }: Whose, second: number | undefined): boolean {
    if (second === undefined || held.ofRecord(sync.id, second) !== undefined) return false;
    const row = pendingOf.get(sync.id, second);
    if (row === undefined || row["armed"] === 1) return false;
    remove.run(number(row, "id"));
    return true;
  }

  function notePair(batch: Batch, row: Whose, pair: number, at: number): boolean {
    note(batch, { sync: row.sync.id, record: pair, priority: row.priority, at });
    const found = pendingOf.get(row.sync.id, pair) as Row;
    if (held.ofRecord(row.sync.id, pair) !== undefined) return false;
    ready.run(number(found, "id"));
    return true;
  }

  return {
    of({ sync, record, key, side }) {
      if (side === 1) return links.firstOf(sync.id, key);
      return links.exists(sync.id, record) ? record : undefined;
    },
    free(sync, key, side) {
      const record = records.idOf(side === 1 ? sync.to : sync.from, key);
      if (record === undefined || isBusy(sync.id, record)) return undefined;
      return isLinked(sync, key, side) ? undefined : { record };
    },
    isLinked,
    isAsked(sync, key, side) {
      const record = records.idOf(side === 1 ? sync.to : sync.from, key);
      const row = record === undefined ? undefined : pendingOf.get(sync.id, record);
      return row !== undefined && row["armed"] === 1 && row["state"] === "parked";
    },
    answered(batch, sync, key, side, at) {
      for (const row of awaiting.all(sync.id, key, side))
        note(batch, { sync: sync.id, record: number(row, "record"), priority: number(row, "priority"), at });
    },
    part(batch, row, at) {
      const second = counterpart(row, row.record);
      if (second !== undefined) note(batch, { sync: row.sync.id, record: second, priority: row.priority, at });
    },
    move(batch, row, { side, record, key }, at) {
      if (side === 1) {
        moveSecond.run(row.sync.id, row.record, key);
        absorb(row, record);
        own.run(row.id);
        return true;
      }
      remove.run(row.id);
      moveFirst.run(row.sync.id, row.record, record);
      moveCorrection.run(row.sync.id, row.record, record);
      return notePair(batch, row, record, at);
    },
    crossing({ sync, record }, side, into) {
      const found =
        side === 0
          ? crossingFirst.get(sync.id, record, sync.from, into, sync.to)
          : crossingSecond.get(sync.id, record, sync.from, into);
      return found === undefined ? undefined : number(found, "record");
    },
    release(batch, sync, key, side) {
      const found = side === 0 ? leftFirst.get(sync.id, key, sync.from, sync.to) : leftSecond.get(sync.id, key);
      if (found === undefined) return;
      const pair = number(found, "record");
      if (isBusy(sync.id, pair)) return;
      links.remove(batch, sync.id, pair);
      const row = pendingOf.get(sync.id, pair);
      if (row !== undefined) remove.run(number(row, "id"));
    },
    join(batch, sync, pair, priority, at) {
      const whose = { sync, priority };
      absorb(whose, counterpart(whose, pair));
      notePair(batch, whose, pair, at);
    },
    merge(batch, row, pair, at) {
      if (row.side === 1) {
        remove.run(row.id);
        return notePair(batch, row, pair, at);
      }
      absorb(row, counterpart(row, pair));
      own.run(row.id);
      return true;
    },
    clear(batch, row, pair, at) {
      remove.run(row.id);
      if (row.side === 0) return absorb(row, counterpart(row, pair)) ? notePair(batch, row, pair, at) : false;
      const first = pendingOf.get(row.sync.id, pair);
      return first === undefined ? false : notePair(batch, row, pair, at);
    },
    mayBeMade({ sync, record, side }) {
      const sending = held.sending().map(({ id }) => id);
      return creating.all(sync.id, JSON.stringify(sending)).some((row) => {
        const from = sideOf(sync, number(row, "resource"));
        return from !== side && Number(row["after"] ?? 0) < record;
      });
    },
    lastRecord() {
      return first(last.get()) ?? 0;
    },
  };
}
