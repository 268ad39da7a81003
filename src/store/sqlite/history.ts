// What happened to a record, a row each, so that its story can be told.
import type { Cause } from "../store.ts";
import type { Sent } from "./held.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Event {
  readonly at: number;
  readonly record: number;
  readonly sync?: number;
  /** "noted", "cleared", "waiting", "unknown", "parked", "sending", "corrected", "retried", "discarded", "linked". */
  readonly what: string;
  readonly cause?: Cause;
  readonly priority?: number;
  readonly arrival?: number;
  readonly text?: string;
  /** The write that was armed before. */
  readonly sent?: Sent | undefined;
}

export type WriteHistory = (event: Event) => void;

export function prepareHistory(database: DatabaseSync): WriteHistory {
  const insert = database.prepare(`
    INSERT INTO history (at, record, sync, what, cause, priority, arrival, text, sent, sent_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return ({ at, record, sync, what, cause, priority, arrival, text, sent }) => {
    insert.run(
      at,
      record,
      sync ?? null,
      what,
      cause ?? null,
      priority ?? null,
      arrival ?? null,
      text ?? null,
      sent?.action ?? null,
      sent?.at ?? null,
    );
  };
}
