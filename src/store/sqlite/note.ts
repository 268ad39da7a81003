// Notes a record pending for a sync. One row a (sync, record): a second note only makes it rise in seq, so that whoever holds
// it knows that it was noted again.
import { FIRST_SEQ } from "../claim-of-new.ts";
import type { PendingWrite } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { Held } from "./held.ts";
import type { Names } from "./names.ts";
import { unmatchedOf } from "./unmatched.ts";
import { columnsOf } from "./write-columns.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Note {
  readonly sync: number;
  readonly record: number;
  readonly priority: number;
  readonly at: number;
}

export type NotePending = (batch: Batch, note: Note) => void;
/**
 * The first note of a record that is new itself, with the write that is armed at once, if any, or, of a two-way sync, the record's resource;
 * gives the row's number.
 */
export type NoteNew = (note: Note, write: PendingWrite | undefined, unmatched: number | undefined) => number;

export function prepareNoteNew(database: DatabaseSync): NoteNew {
  const insert = database.prepare(`
    INSERT INTO pending (sync, record, state, priority, seq, noted_at, last_noted_at, attempts, waits)
    VALUES (?, ?, 'ready', ?, ${FIRST_SEQ}, ?4, ?4, 0, 0)`);
  const insertUnmatched = database.prepare(`
    INSERT INTO pending (sync, record, state, priority, seq, noted_at, last_noted_at, attempts, waits, unmatched)
    VALUES (?, ?, 'ready', ?, ${FIRST_SEQ}, ?4, ?4, 0, 0, ?5)`);
  const insertArmed = database.prepare(`
    INSERT INTO pending (sync, record, state, priority, seq, noted_at, last_noted_at, attempts, waits, write, fields, sent_at)
    VALUES (?, ?, 'sending', ?, ${FIRST_SEQ}, ?4, ?4, 0, 0, ?5, ?6, ?7)`);
  return ({ sync, record, priority, at }, write, unmatched) => {
    if (unmatched !== undefined) {
      return Number(insertUnmatched.run(sync, record, priority, at, unmatched).lastInsertRowid);
    }
    const made =
      write === undefined
        ? insert.run(sync, record, priority, at)
        : insertArmed.run(sync, record, priority, at, ...columnsOf(write), write.armedAt);
    return Number(made.lastInsertRowid);
  };
}

const WAKES = "(state = 'waiting' AND on_sync IS NOT NULL OR state = 'parked')";
const UNRESOLVED = "(state = 'parked' AND write IS NOT NULL)";

/**
 * What a note does to a row that is there. A fresh edit wakes one that waits for a link or is parked, since it may have mended it; a
 * parked row whose write may have happened is resolved first. Every other row stays as it is.
 */
export const NOTED_AGAIN = `
    ON CONFLICT (sync, record) DO UPDATE SET
      seq           = seq + 1,
      priority      = min(priority, excluded.priority),
      noted_at      = iif(state = 'parked', excluded.noted_at, noted_at),
      last_noted_at = excluded.noted_at,
      attempts      = iif(state = 'parked', 0, attempts),
      waits         = iif(state = 'parked', 0, waits),
      until         = iif(${UNRESOLVED}, excluded.noted_at, iif(${WAKES}, NULL, until)),
      reason        = iif(${UNRESOLVED}, reason, iif(${WAKES}, NULL, reason)),
      on_sync       = NULL,
      on_record     = NULL,
      waiting_since = NULL,
      cause         = NULL,
      todo          = NULL,
      detail        = NULL,
      parked_at     = NULL,
      state         = iif(${UNRESOLVED}, 'unknown', iif(${WAKES}, 'ready', state))`;

export function prepareNote(database: DatabaseSync, names: Names, held: Held): NotePending {
  const note = database.prepare(`
    INSERT INTO pending (sync, record, state, priority, seq, noted_at, last_noted_at, attempts, waits)
    VALUES (?, ?, 'ready', ?, ${FIRST_SEQ}, ?4, ?4, 0, 0)${NOTED_AGAIN}`);
  const noteTwoWay = database.prepare(`
    INSERT INTO pending (sync, record, state, priority, seq, noted_at, last_noted_at, attempts, waits, unmatched)
    VALUES (?1, ?2, 'ready', ?3, ${FIRST_SEQ}, ?4, ?4, 0, 0, ${unmatchedOf("?1", "?2")})${NOTED_AGAIN}`);
  return (batch, { sync, record, priority, at }) => {
    (names.syncById(sync).twoWay ? noteTwoWay : note).run(sync, record, priority, at);
    held.noted(batch, sync, record, priority);
  };
}
