// What is kept of connections: whether calls go out, and what was spent of limits that outlast a start.

export type ConnectionState =
  | { readonly state: "active" }
  | { readonly state: "reauthorize"; readonly reason: string; readonly since: number }
  | { readonly state: "paused"; readonly reason: string; readonly since: number };

/** What was spent of a limit that outlasts a start, such as a quota of a day. */
export interface Spent {
  /** The connection; or the app, where its connections share the limit. */
  readonly owner: string;
  readonly limit: string;
  /** When, in milliseconds since 1970, and how much. */
  readonly pieces: readonly (readonly [number, number])[];
}

export interface ConnectionStore {
  connectionState(connection: string): Promise<ConnectionState>;
  setConnectionState(connection: string, state: ConnectionState): Promise<void>;
  /** What was spent of limits, as it was last kept. */
  spent(): Promise<readonly Spent[]>;
  keepSpent(rows: readonly Spent[]): Promise<void>;
}
