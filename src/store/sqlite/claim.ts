// Hands out due rows, the most urgent first. Who holds a row is kept in memory: one process owns the file, so that a claim
// costs no write, and a crash gives every row back.
import type { Claim, Link, PendingWrite } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { Names } from "./names.ts";
import { LEAST_URGENT, MOST_URGENT, priorityOf } from "./priority.ts";
import { knownRecordOf } from "./record.ts";
import { number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The rows that workers have in hand, by number. */
export type Held = Set<number>;

export interface ClaimQuery {
  readonly sync: string;
  readonly limit: number;
  readonly at: number;
}

export type ClaimRows = (batch: Batch, query: ClaimQuery) => readonly Claim[];

export function prepareClaim(database: DatabaseSync, names: Names, held: Held): ClaimRows {
  // Two indexes, both in the order of age within a priority; only their numbers are read until a row is chosen.
  const ready = database.prepare(`
    SELECT id, noted_at AS due FROM pending WHERE state = 'ready' AND sync = ? AND priority = ? ORDER BY noted_at, id`);
  const due = database.prepare(`
    SELECT id, until AS due FROM pending WHERE sync = ? AND priority = ? AND until <= ? ORDER BY until, id`);
  const read = database.prepare(`
    SELECT p.id, p.seq, p.state, p.priority, p.noted_at, p.attempts, p.waits, p.waiting_since, p.write, r.key,
      r.version, r.hash, r.body, r.deleted, r.stale, r.title,
      l.target_key, l.base, l.target_version, l.record_hash, l.record_version, c.fields
    FROM json_each(?) chosen
    JOIN pending p ON p.id = chosen.value
    JOIN record r ON r.id = p.record
    LEFT JOIN link l ON l.sync = p.sync AND l.record = p.record
    LEFT JOIN correction c ON c.sync = p.sync AND c.record = p.record
    ORDER BY chosen.key`);

  return (batch, { sync, limit, at }) => {
    const { id } = names.sync(sync);
    const chosen: number[] = [];
    for (let priority = MOST_URGENT; priority <= LEAST_URGENT && chosen.length < limit; priority += 1) {
      const room = limit - chosen.length;
      chosen.push(
        ...oldest(free(ready, [id, priority], held, room), free(due, [id, priority, at], held, room)).slice(0, room),
      );
    }
    if (chosen.length === 0) return [];
    const claims = read.all(JSON.stringify(chosen)).map((row) => claimOf(row, sync));
    for (const row of chosen) held.add(row);
    batch.onRollback(() => {
      for (const row of chosen) held.delete(row);
    });
    return claims;
  };
}

interface Due {
  readonly id: number;
  readonly due: number;
}

function free(statement: StatementSync, parameters: readonly number[], held: Held, limit: number): readonly Due[] {
  const found: Due[] = [];
  for (const row of statement.iterate(...parameters)) {
    const id = number(row, "id");
    if (held.has(id)) continue;
    found.push({ id, due: number(row, "due") });
    if (found.length === limit) break;
  }
  return found;
}

/** Two lists, each in order, as one. */
function oldest(ready: readonly Due[], due: readonly Due[]): readonly number[] {
  if (due.length === 0) return ready.map(({ id }) => id);
  return [...ready, ...due].sort((one, other) => one.due - other.due || one.id - other.id).map(({ id }) => id);
}

function claimOf(row: Row, sync: string): Claim {
  const write = textOrNone(row, "write");
  const fields = textOrNone(row, "fields");
  return present({
    sync,
    key: text(row, "key"),
    seq: number(row, "seq"),
    state: claimedState(text(row, "state")),
    priority: priorityOf(number(row, "priority")),
    notedAt: number(row, "noted_at"),
    attempts: number(row, "attempts"),
    waits: number(row, "waits"),
    waitingSince: numberOrNone(row, "waiting_since"),
    record: knownRecordOf(row),
    link: row["target_key"] === null ? undefined : linkOf(row),
    write: write === undefined ? undefined : (JSON.parse(write) as PendingWrite),
    corrections: fields === undefined ? undefined : (JSON.parse(fields) as Record<string, unknown>),
  });
}

function claimedState(state: string): Claim["state"] {
  if (state === "ready" || state === "waiting" || state === "unknown") return state;
  throw new Error(`could not claim a row: expected ready, waiting or unknown, got ${state}`);
}

export function linkOf(row: Row): Link {
  return present({
    targetKey: text(row, "target_key"),
    base: text(row, "base"),
    targetVersion: textOrNone(row, "target_version"),
    recordHash: text(row, "record_hash"),
    recordVersion: textOrNone(row, "record_version"),
  });
}

export type NextDue = (syncs: readonly string[]) => number | undefined;

export function prepareNextDue(database: DatabaseSync, names: Names, held: Held): NextDue {
  const next = database.prepare(
    "SELECT id, until AS due FROM pending WHERE sync = ? AND priority = ? AND until IS NOT NULL ORDER BY until",
  );
  return (syncs) => {
    let earliest: number | undefined;
    for (const sync of syncs) {
      const { id } = names.sync(sync);
      for (let priority = MOST_URGENT; priority <= LEAST_URGENT; priority += 1) {
        const [first] = free(next, [id, priority], held, 1);
        if (first !== undefined && first.due < (earliest ?? Infinity)) earliest = first.due;
      }
    }
    return earliest;
  };
}
