// What the parts that watch remember, and what is no longer as it was known.

/** What a part that watches remembers of one thing; its state is opaque to the store. */
export interface Watched {
  /** "subscriptions" of a connection, what was "heard" of a resource, the "profile" of a resource's fields, the "alerts". */
  readonly what: "subscriptions" | "heard" | "profile" | "alerts";
  /** The connection, or the resource by its id. */
  readonly name: string;
  /** JSON. */
  readonly state: string;
}

/**
 * - `vanished`: a field that was there is not there any more.
 * - `type`: a field holds another type of value than the resource promises.
 * - `value`: a field holds a value that is none of those that are known.
 * - `shape`: a record does not fit in another way.
 * - `required`: writes are refused for want of a field.
 * - `version`: the provider says that what we use of its API will end, or has.
 */
export type DriftKind = "vanished" | "type" | "value" | "shape" | "required" | "version";

/** Something at a provider is no longer as the connector or the mapping knows it. */
export interface DriftRow extends DriftId {
  readonly detail: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** How often it was seen. */
  readonly times: number;
  /** The record that showed it last. */
  readonly key?: string;
}

export interface DriftId {
  readonly kind: DriftKind;
  /** The resource's id; of a `version` the connection. */
  readonly on: string;
  /** The field, such as "lineItems[].total"; of a `version` where the provider said it. */
  readonly place: string;
}

export interface WatchStore {
  /** Everything of this kind that is remembered. */
  watched(what: Watched["what"]): Promise<readonly Watched[]>;
  keepWatched(rows: readonly Watched[]): Promise<void>;
  /** In the order in which they were first seen. */
  drifts(): Promise<readonly DriftRow[]>;
  /** Each in place of what was known of it. */
  keepDrifts(rows: readonly DriftRow[]): Promise<void>;
  dropDrifts(rows: readonly DriftId[]): Promise<void>;
}
