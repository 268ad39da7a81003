// The state of each connection.
import type { DatabaseSync } from "node:sqlite";
import type { ConnectionState } from "../store.ts";
import { prepareCredentials, type Credentials } from "./credentials.ts";
import type { Names } from "./names.ts";
import { number, text, type Row } from "./rows.ts";

export interface Connections extends Credentials {
  state(connection: string): ConnectionState;
  setState(connection: string, state: ConnectionState): void;
}

export function prepareConnections(database: DatabaseSync, names: Names): Connections {
  const state = database.prepare("SELECT state, reason, since FROM connection WHERE id = ?");
  const setState = database.prepare("UPDATE connection SET state = ?2, reason = ?3, since = ?4 WHERE id = ?1");
  return {
    ...prepareCredentials(database, (connection) => names.connection(connection)),
    state(connection) {
      const row = state.get(names.connection(connection));
      return row === undefined ? { state: "active" } : connectionStateOf(row);
    },
    setState(connection, next) {
      const [reason, since] = next.state === "active" ? [null, null] : [next.reason, next.since];
      setState.run(names.connection(connection), next.state, reason, since);
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
