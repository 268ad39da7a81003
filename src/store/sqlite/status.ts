// How it stands, from counts that are kept and indexes that are short: asking never makes anybody wait.
import type { AwaitingLinks, ResourceStatus, StoreStatus, SyncStatus } from "../store.ts";
import { connectionStateOf } from "./connections.ts";
import type { Held } from "./held.ts";
import type { Names, Sync } from "./names.ts";
import { LEAST_URGENT, MOST_URGENT } from "./priority.ts";
import { number, numberOrNone, present, text, type Row } from "./rows.ts";
import type { Scans } from "./scan.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

export function prepareStatus(database: DatabaseSync, names: Names, scans: Scans, held: Held): () => StoreStatus {
  // Ready, or being sent: those are held, and counted where they are.
  const ready = database.prepare(`
    SELECT count(*) AS rows, min(noted_at) AS oldest FROM pending WHERE until IS NULL AND cause IS NULL AND sync = ?`);
  const timed = database.prepare(`
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'unknown') AS unknown,
      min(noted_at) AS oldest
    FROM pending WHERE sync = ? AND priority BETWEEN ${MOST_URGENT} AND ${LEAST_URGENT} AND until IS NOT NULL`);
  const parked = database.prepare("SELECT count(*) AS rows FROM pending WHERE state = 'parked' AND sync = ?");
  // Of all syncs at once, and from the index alone: left to itself SQLite looks at every pending row of each sync.
  const awaiting = database.prepare(`
    SELECT sync, count(*) AS rows, min(id) AS first FROM pending INDEXED BY pending_on WHERE on_sync IS NOT NULL AND cause IS NULL GROUP BY sync`);
  const awaits = database.prepare(`
    SELECT r.key, p.on_sync, n.key AS needed FROM pending p JOIN record r ON r.id = p.record JOIN record n ON n.id = p.on_record
    WHERE p.id = ?`);
  const kept = database.prepare("SELECT links, last_cleared_at FROM sync WHERE id = ?");
  const resources = database.prepare("SELECT name, records, deleted FROM resource ORDER BY id");
  const connections = database.prepare("SELECT name, state, reason, since FROM connection ORDER BY id");
  const tallies = database.prepare("SELECT name, count FROM tally ORDER BY name");
  // Arrivals are numbered without gaps after the cursor, so that a long queue of bodies need not be read to be counted.
  const arrivals = database.prepare(`
    SELECT max(0, coalesce((SELECT max(id) FROM arrival), 0) - (SELECT up_to FROM arrival_cursor))
      + (SELECT count(*) FROM replay) AS waiting, (SELECT count(*) FROM unreadable) AS unreadable,
      (SELECT at FROM arrival WHERE id > (SELECT up_to FROM arrival_cursor) ORDER BY id LIMIT 1) AS oldest`);

  function syncStatus({ id, name }: Sync, waitsForLinks: ReadonlyMap<number, Row>): SyncStatus {
    const [isReady, isTimed] = [one(ready, id), one(timed, id)];
    const sending = held.countSending(id);
    const noted = [isReady, isTimed].map((row) => numberOrNone(row, "oldest")).filter((at) => at !== undefined);
    const row = one(kept, id);
    return present({
      sync: name,
      ready: number(isReady, "rows") - sending,
      waiting: number(isTimed, "waiting"),
      sending,
      unknown: number(isTimed, "unknown"),
      parked: number(one(parked, id), "rows"),
      links: number(row, "links"),
      awaiting: awaitingLinks(waitsForLinks.get(id)),
      oldestNotedAt: noted.length === 0 ? undefined : Math.min(...noted),
      lastClearedAt: numberOrNone(row, "last_cleared_at"),
    });
  }

  function awaitingLinks(counted: Row | undefined): AwaitingLinks | undefined {
    if (counted === undefined) return undefined;
    const row = one(awaits, number(counted, "first"));
    const needs = { sync: names.syncById(number(row, "on_sync")).name, key: text(row, "needed") };
    return { rows: number(counted, "rows"), key: text(row, "key"), needs };
  }

  function resourceStatus(row: Row): ResourceStatus {
    const resource = text(row, "name");
    return present({
      resource,
      records: number(row, "records"),
      deleted: number(row, "deleted"),
      changes: scans.find(resource, "changes"),
      everything: scans.find(resource, "everything"),
    });
  }

  return () => {
    const counted = one(arrivals);
    const waitsForLinks = new Map(awaiting.all().map((row) => [number(row, "sync"), row] as const));
    return present({
      syncs: [...names.syncs()].filter(({ declared }) => declared).map((sync) => syncStatus(sync, waitsForLinks)),
      resources: resources.all().map(resourceStatus),
      connections: connections.all().map((row) => ({ connection: text(row, "name"), ...connectionStateOf(row) })),
      tallies: Object.fromEntries(tallies.all().map((row) => [text(row, "name"), number(row, "count")])),
      arrivalsWaiting: number(counted, "waiting"),
      arrivalsOldestAt: numberOrNone(counted, "oldest"),
      arrivalsUnreadable: number(counted, "unreadable"),
    });
  };
}

function one(statement: StatementSync, ...parameters: readonly number[]): Row {
  const row = statement.get(...parameters);
  if (row === undefined) throw new Error("could not read the status: expected a row, got none");
  return row;
}
