// Hands out due rows, the most urgent first; they are held until they are settled.
import type { Claim, Link, PendingWrite } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { Doubts } from "./doubts.ts";
import type { Held, HeldRow } from "./held.ts";
import type { Names, Sync } from "./names.ts";
import { keptTurns } from "./kept-turns.ts";
import { LEAST_URGENT, MOST_URGENT, priorityOf } from "./priority.ts";
import { knownRecordOf } from "./record.ts";
import { number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";

export interface ClaimQuery {
  readonly sync: string;
  readonly limit: number;
  readonly at: number;
  readonly dueAfter?: number;
}

export type ClaimRows = (batch: Batch, query: ClaimQuery) => readonly Claim[];

export function prepareClaim(database: DatabaseSync, names: Names, held: Held, doubts: Doubts): ClaimRows {
  // Two indexes, both in the order of age within a priority; only their numbers are read until a row is chosen.
  const ready = database.prepare(`
    SELECT id, noted_at AS due FROM pending WHERE until IS NULL AND cause IS NULL AND sync = ? AND priority = ?
    ORDER BY noted_at LIMIT ?`);
  const due = database.prepare(`
    SELECT id, until AS due FROM pending WHERE sync = ? AND priority = ? AND until > ? AND until <= ? ORDER BY until, id LIMIT ?`);
  // Cross joins go in the order in which they are written: the rows come as they were chosen, and no bodies are sorted.
  const read = database.prepare(`
    SELECT p.id, p.record, p.seq, p.state, p.priority, p.noted_at, p.attempts, p.waits, p.on_sync, p.on_record,
      p.waiting_since, p.write, p.fields, p.sent_at, r.key, r.version, r.hash, r.body, r.deleted, r.stale, r.title,
      l.target_key, l.base, l.target_version, l.record_hash, l.record_version, c.fields AS corrections
    FROM json_each(?) chosen
    CROSS JOIN pending p ON p.id = chosen.value
    CROSS JOIN record r ON r.id = p.record
    LEFT JOIN link l ON l.sync = p.sync AND l.record = p.record
    LEFT JOIN correction c ON c.sync = p.sync AND c.record = p.record`);

  // A linked pair is one row, the first side's; a row of the second side is of a record that is not linked.
  const readPairs = database.prepare(`
    SELECT p.id, p.record, p.seq, p.state, p.priority, p.noted_at, p.attempts, p.waits, p.on_sync, p.on_record,
      p.waiting_since, p.write, p.fields, p.sent_at, r.key, r.version, r.hash, r.body, r.deleted, r.stale, r.title,
      l.target_key, l.base, l.state AS link_state, l.target_version, l.record_hash, l.record_version,
      c.fields AS corrections, r.resource = ?2 AS second, o.id AS other, o.version AS other_version,
      o.hash AS other_hash, o.body AS other_body, o.deleted AS other_deleted, o.stale AS other_stale,
      o.title AS other_title, r.deletion, o.deletion AS other_deletion,
      (SELECT f.key FROM former_key f WHERE f.resource = r.resource AND f.former = r.key) AS moved_to,
      (SELECT f.key FROM former_key f WHERE f.resource = ?2 AND f.former = l.target_key) AS other_moved_to
    FROM json_each(?1) chosen
    CROSS JOIN pending p ON p.id = chosen.value
    CROSS JOIN record r ON r.id = p.record
    LEFT JOIN link l ON l.sync = p.sync AND l.record = p.record
    LEFT JOIN record o ON o.resource = ?2 AND o.key = l.target_key
    LEFT JOIN correction c ON c.sync = p.sync AND c.record = p.record`);

  const turns = keptTurns();

  function chosenOf(sync: number, { limit, at, dueAfter = 0 }: ClaimQuery): readonly number[] {
    const heldCount = held.countOf(sync);
    const oldestOf = (priority: number, most: number): readonly number[] =>
      oldest(
        free(ready.all(sync, priority, most + heldCount), held),
        free(due.all(sync, priority, dueAfter, at, most + heldCount), held),
      ).slice(0, most);
    const chosen: number[] = [];
    let priority = MOST_URGENT;
    for (; priority <= LEAST_URGENT && chosen.length < limit; priority += 1) {
      chosen.push(...oldestOf(priority, limit - chosen.length));
    }
    const others: number[] = [];
    for (; priority <= LEAST_URGENT; priority += 1) {
      const most = Math.min(turns.owed(sync, priority, limit), limit - others.length);
      if (most === 0) continue;
      const rows = oldestOf(priority, most);
      turns.took(sync, priority, rows.length === most ? most : Infinity);
      others.push(...rows);
    }
    return [...chosen.slice(0, limit - others.length), ...others];
  }

  return (batch, query) => {
    const { sync: name } = query;
    const sync = names.sync(name);
    const chosen = chosenOf(sync.id, query);
    if (chosen.length === 0) return [];
    const rows = JSON.stringify(chosen);
    const doubted = doubts.resources(query.at);
    const isDoubted = doubted.has(sync.from) || (sync.twoWay && doubted.has(sync.to));
    const isDoubtedRecord = doubts.records(sync.id);
    return (sync.twoWay ? readPairs.all(rows, sync.to) : read.all(rows)).map((row) => {
      const doubtedSince = isDoubted || isDoubtedRecord(number(row, "record")) ? doubts.since() : undefined;
      const one = claimOf(row, name, doubtedSince);
      const claim = sync.twoWay ? { ...one, ...pairOf(row) } : one;
      held.take(batch, heldRowOf(row, sync, claim));
      return claim;
    });
  };
}

interface Due {
  readonly id: number;
  readonly due: number;
}

/** As many rows are read as are wanted and as are held: so many of them nobody holds, if there are. */
function free(rows: readonly Row[], held: Held): readonly Due[] {
  const found: Due[] = [];
  for (const row of rows) {
    const id = number(row, "id");
    if (!held.has(id)) found.push({ id, due: number(row, "due") });
  }
  return found;
}

/** Two lists, each in order, as one. */
function oldest(ready: readonly Due[], due: readonly Due[]): readonly number[] {
  if (due.length === 0) return ready.map(({ id }) => id);
  return [...ready, ...due].sort((one, other) => one.due - other.due || one.id - other.id).map(({ id }) => id);
}

function claimOf(row: Row, sync: string, doubtedSince: number | undefined): Claim {
  const corrections = textOrNone(row, "corrections");
  return present({
    sync,
    key: text(row, "key"),
    seq: number(row, "seq"),
    state: claimedState(text(row, "state")),
    priority: priorityOf(number(row, "priority")),
    notedAt: number(row, "noted_at"),
    attempts: number(row, "attempts"),
    waits: number(row, "waits"),
    doubtedSince,
    waitingSince: numberOrNone(row, "waiting_since"),
    record: knownRecordOf(row),
    link: row["target_key"] === null ? undefined : linkOf(row),
    write: writeOf(row),
    corrections: corrections === undefined ? undefined : (JSON.parse(corrections) as Record<string, unknown>),
  });
}

export function pairOf(row: Row): Pick<Claim, "side" | "other"> {
  if (row["second"] === 1) return { side: 1 };
  const key = textOrNone(row, "target_key");
  if (key === undefined) return {};
  if (row["other"] === null) return { other: { key } };
  const named = (column: string): SQLOutputValue => row[`other_${column}`] ?? null;
  const columns = ["version", "hash", "body", "deleted", "stale", "title", "deletion", "moved_to"];
  return { other: { key, record: knownRecordOf(Object.fromEntries(columns.map((name) => [name, named(name)]))) } };
}

function writeOf(row: Row): PendingWrite | undefined {
  const write = textOrNone(row, "write");
  if (write === undefined) return undefined;
  return present({ ...(JSON.parse(write) as PendingWrite), fields: textOrNone(row, "fields") });
}

function heldRowOf(row: Row, sync: Sync, claim: Claim): HeldRow {
  const sentAt = numberOrNone(row, "sent_at");
  return {
    id: number(row, "id"),
    sync,
    record: number(row, "record"),
    key: claim.key,
    side: claim.side ?? 0,
    seq: claim.seq,
    state: claim.state,
    priority: number(row, "priority"),
    onSync: numberOrNone(row, "on_sync"),
    onRecord: numberOrNone(row, "on_record"),
    waitingSince: claim.waitingSince,
    isLinked: claim.link !== undefined,
    isDoubted: claim.doubtedSince !== undefined,
    hasFields: claim.write?.fields !== undefined,
    sent: sentAt === undefined || claim.write === undefined ? undefined : { at: sentAt, action: claim.write.action },
  };
}

function claimedState(state: string): Claim["state"] {
  if (state === "ready" || state === "waiting" || state === "unknown") return state;
  throw new Error(`could not claim a row: expected ready, waiting or unknown, got ${state}`);
}

export function linkOf(row: Row): Link {
  return present({
    targetKey: text(row, "target_key"),
    base: text(row, "base"),
    state: stateIn(row),
    targetVersion: textOrNone(row, "target_version"),
    recordHash: text(row, "record_hash"),
    recordVersion: textOrNone(row, "record_version"),
  });
}

/** Only what two-way syncs read has it; a pending row has a state of its own. */
function stateIn(row: Row): string | undefined {
  const value = row["link_state"];
  return typeof value === "string" ? value : undefined;
}

export type NextDue = (syncs: readonly string[], after?: number) => number | undefined;

export function prepareNextDue(database: DatabaseSync, names: Names, held: Held): NextDue {
  const next = database.prepare(
    "SELECT id, until AS due FROM pending WHERE sync = ? AND priority = ? AND until > ? ORDER BY until LIMIT ?",
  );
  return (syncs, after = 0) => {
    let earliest: number | undefined;
    for (const sync of syncs) {
      const { id } = names.sync(sync);
      for (let priority = MOST_URGENT; priority <= LEAST_URGENT; priority += 1) {
        const [first] = free(next.all(id, priority, after, 1 + held.countOf(id)), held);
        if (first !== undefined && first.due < (earliest ?? Infinity)) earliest = first.due;
      }
    }
    return earliest;
  };
}
