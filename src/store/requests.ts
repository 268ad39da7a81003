// The log of outgoing requests, as people read it.

/** One outgoing request as it is logged, already without secrets. */
export interface RequestEntry {
  readonly connection: string;
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly status?: number;
  readonly outcome: string;
  readonly reason?: string;
  readonly durationMs: number;
  readonly sync?: string;
  readonly key?: string;
  readonly requestBody?: string;
  readonly responseBody?: string;
  /** The headers that the connector set for this request alone, as JSON. */
  readonly requestHeaders?: string;
  /** May a person have it made again? Absent: nobody can tell that it would change nothing more. */
  readonly repeat?: Repeat;
  /** The request of this log that a person had made again by this one. */
  readonly repeats?: number;
}

/**
 * - `read`: it changes nothing.
 * - `safe`: the connector says that making it again changes nothing more.
 * - `key`: it has an idempotency key, for as long as the provider knows that.
 * - `unkept`: the log does not hold all of it.
 */
export type Repeat = "read" | "safe" | "key" | "unkept";

export interface RequestFilter {
  readonly id?: number;
  readonly connection?: string;
  readonly sync?: string;
  readonly key?: string;
  readonly status?: number;
  readonly outcome?: string;
  readonly method?: string;
  /** What the address holds, such as "/invoice". */
  readonly path?: string;
  /** From this time on, in milliseconds since 1970. */
  readonly since?: number;
  /** Before this time. */
  readonly until?: number;
  readonly limit?: number;
}

export interface RequestStore {
  log(requests: readonly RequestEntry[]): Promise<void>;
  /** The newest first. A long log is searched in slices, and whoever else has something to do comes in between. */
  requests(filter: RequestFilter): Promise<readonly (RequestEntry & { readonly id: number })[]>;
}
