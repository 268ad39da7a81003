// The state of each connection, and its sealed credential, replaced only by whoever saw the one before.
import type { ConnectionState, Credential } from "../store.ts";
import type { Names } from "./names.ts";
import { bytes, number, numberOrNone, present, text, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Connections {
  state(connection: string): ConnectionState;
  setState(connection: string, state: ConnectionState): void;
  credential(connection: string): Credential | undefined;
  beginRefresh(connection: string, version: number, at: number): boolean;
  saveCredential(connection: string, version: number, sealed: Uint8Array): boolean;
}

export function prepareConnections(database: DatabaseSync, names: Names): Connections {
  const state = database.prepare("SELECT state, reason, since FROM connection WHERE id = ?");
  const setState = database.prepare("UPDATE connection SET state = ?2, reason = ?3, since = ?4 WHERE id = ?1");
  const credential = database.prepare("SELECT sealed, version, refresh_began_at FROM credential WHERE connection = ?");
  const beginRefresh = database.prepare(
    "UPDATE credential SET refresh_began_at = ?3 WHERE connection = ?1 AND version = ?2",
  );
  const first = database.prepare(
    "INSERT INTO credential (connection, sealed, version) VALUES (?, ?, 1) ON CONFLICT (connection) DO NOTHING",
  );
  const replace = database.prepare(`
    UPDATE credential SET sealed = ?3, version = version + 1, refresh_began_at = NULL
    WHERE connection = ?1 AND version = ?2`);
  return {
    state(connection) {
      const row = state.get(names.connection(connection));
      return row === undefined ? { state: "active" } : connectionStateOf(row);
    },
    setState(connection, next) {
      const [reason, since] = next.state === "active" ? [null, null] : [next.reason, next.since];
      setState.run(names.connection(connection), next.state, reason, since);
    },
    credential(connection) {
      const row = credential.get(names.connection(connection));
      if (row === undefined) return undefined;
      return present({
        sealed: bytes(row, "sealed"),
        version: number(row, "version"),
        refreshBeganAt: numberOrNone(row, "refresh_began_at"),
      });
    },
    beginRefresh(connection, version, at) {
      return beginRefresh.run(names.connection(connection), version, at).changes === 1;
    },
    saveCredential(connection, version, sealed) {
      const id = names.connection(connection);
      const made = version === 0 ? first.run(id, sealed) : replace.run(id, version, sealed);
      return made.changes === 1;
    },
  };
}

export function connectionStateOf(row: Row): ConnectionState {
  const state = text(row, "state");
  if (state === "active") return { state };
  if (state !== "paused" && state !== "reauthorize")
    throw new Error(`could not read a connection's state: got ${state}`);
  return { state, reason: text(row, "reason"), since: number(row, "since") };
}
