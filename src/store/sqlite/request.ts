// The log of outgoing requests, already without secrets.
import type { Repeat, RequestEntry, RequestFilter } from "../store.ts";
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
    INSERT INTO request (connection, at, method, url, status, outcome, reason, duration_ms, sync, key, bodies,
                         headers, repeat, repeats)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
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
      entry.requestHeaders ?? null,
      entry.repeat ?? null,
      entry.repeats ?? null,
    );
    batch.tally(`request.${entry.outcome}`);
  };
}

export type RequestIds = readonly [oldest: number, newest: number];
export const ALL_REQUESTS: RequestIds = [0, Number.MAX_SAFE_INTEGER];

export interface Requests {
  find(filter: RequestFilter, ids: RequestIds): readonly LoggedRequest[];
  ids(): RequestIds | undefined;
}

export function prepareRequests(database: DatabaseSync, names: Names): Requests {
  const columns = `id, connection, at, method, url, status, outcome, reason, duration_ms, sync, key, bodies,
    headers, repeat, repeats`;
  const wanted = `(?1 IS NULL OR connection = ?1) AND (?2 IS NULL OR sync = ?2) AND (?3 IS NULL OR status = ?3)
    AND (?4 IS NULL OR outcome = ?4) AND (?5 IS NULL OR method = ?5) AND (?6 IS NULL OR instr(url, ?6) > 0)
    AND (?7 IS NULL OR at >= ?7) AND (?8 IS NULL OR at < ?8) AND id BETWEEN ?9 AND ?10`;
  const newest = database.prepare(`SELECT ${columns} FROM request WHERE ${wanted} ORDER BY id DESC LIMIT ?11`);
  const newestOfKey = database.prepare(
    `SELECT ${columns} FROM request WHERE key = ?12 AND ${wanted} ORDER BY id DESC LIMIT ?11`,
  );
  const one = database.prepare(`SELECT ${columns} FROM request WHERE id = ?`);
  const oldestId = database.prepare("SELECT min(id) AS id FROM request");
  const newestId = database.prepare("SELECT max(id) AS id FROM request");
  return { find, ids };

  function ids(): RequestIds | undefined {
    const [oldest, newest] = [oldestId, newestId].map((statement) => numberOrNone(statement.get() ?? {}, "id"));
    return oldest === undefined || newest === undefined ? undefined : [oldest, newest];
  }

  function find(
    { id, connection, sync, key, limit = ROWS_DEFAULT, ...filter }: RequestFilter,
    [from, to]: RequestIds,
  ): readonly LoggedRequest[] {
    if (id !== undefined) return one.all(id).map((row) => loggedRequestOf(row, names));
    const connectionId = connection === undefined ? null : names.connectionIfKnown(connection);
    const syncId = sync === undefined ? null : names.syncIfKnown(sync)?.id;
    if (connectionId === undefined || syncId === undefined) return [];
    const { status = null, outcome = null, method = null, path = null, since = null, until = null } = filter;
    const given = [connectionId, syncId, status, outcome, method, path, since, until, from, to, limit] as const;
    const rows = key === undefined ? newest.all(...given) : newestOfKey.all(...given, key);
    return rows.map((row) => loggedRequestOf(row, names));
  }
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
    requestHeaders: textOrNone(row, "headers"),
    repeat: textOrNone(row, "repeat") as Repeat | undefined,
    repeats: numberOrNone(row, "repeats"),
  });
}
