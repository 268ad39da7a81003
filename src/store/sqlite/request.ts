// The log of outgoing requests, already without secrets.
import type { RequestEntry, RequestFilter } from "../store.ts";
import type { Batch } from "./batch.ts";
import { apart, together, unpacked } from "./body.ts";
import type { Names } from "./names.ts";
import { number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** How many rows a question gets when it does not say. */
export const ROWS_DEFAULT = 100;

export type WriteRequest = (batch: Batch, entry: RequestEntry) => void;
export type LoggedRequest = RequestEntry & { readonly id: number };

export function prepareRequestLog(database: DatabaseSync, names: Names): WriteRequest {
  const insert = database.prepare(`
    INSERT INTO request (connection, at, method, url, status, outcome, reason, duration_ms, sync, key, bodies)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (batch, entry) => {
    insert.run(
      names.connection(entry.connection),
      entry.at,
      entry.method,
      entry.url,
      entry.status ?? null,
      entry.outcome,
      entry.reason ?? null,
      entry.durationMs,
      entry.sync === undefined ? null : names.sync(entry.sync).id,
      entry.key ?? null,
      together(entry.requestBody, entry.responseBody),
    );
    batch.tally(`request.${entry.outcome}`);
  };
}

export function prepareRequests(
  database: DatabaseSync,
  names: Names,
): (filter: RequestFilter) => readonly LoggedRequest[] {
  const columns = `id, connection, at, method, url, status, outcome, reason, duration_ms, sync, key, bodies`;
  const wanted = "(?1 IS NULL OR connection = ?1) AND (?2 IS NULL OR sync = ?2)";
  const newest = database.prepare(`SELECT ${columns} FROM request WHERE ${wanted} ORDER BY id DESC LIMIT ?3`);
  const newestOfKey = database.prepare(
    `SELECT ${columns} FROM request WHERE key = ?4 AND ${wanted} ORDER BY id DESC LIMIT ?3`,
  );
  return ({ connection, sync, key, limit = ROWS_DEFAULT }) => {
    const connectionId = connection === undefined ? null : names.connectionIfKnown(connection);
    const syncId = sync === undefined ? null : names.syncIfKnown(sync)?.id;
    if (connectionId === undefined || syncId === undefined) return [];
    const rows =
      key === undefined ? newest.all(connectionId, syncId, limit) : newestOfKey.all(connectionId, syncId, limit, key);
    return rows.map((row) => loggedRequestOf(row, names));
  };
}

export function loggedRequestOf(row: Row, names: Names): LoggedRequest {
  const sync = numberOrNone(row, "sync");
  const [requestBody, responseBody] = apart(unpacked(row["bodies"]));
  return present({
    id: number(row, "id"),
    connection: names.connectionName(number(row, "connection")),
    at: number(row, "at"),
    method: text(row, "method"),
    url: text(row, "url"),
    status: numberOrNone(row, "status"),
    outcome: text(row, "outcome"),
    reason: textOrNone(row, "reason"),
    durationMs: number(row, "duration_ms"),
    sync: sync === undefined ? undefined : names.syncById(sync).name,
    key: textOrNone(row, "key"),
    requestBody,
    responseBody,
  });
}
