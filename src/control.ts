// What a person or a program can ask of a running Bowline: the command line, the JSON API and the web page all speak this,
// the command line over HTTP when another process owns the file of state.
import type { KeysStatus, KeysVerified } from "./auth/inspect-keys.ts";
import type { KeysRotated, RotateOptions } from "./auth/rotate-keys.ts";
import type {
  ConnectionState,
  LinkNeed,
  ParkedFilter,
  ParkedRow,
  RequestEntry,
  RequestFilter,
  StoreStatus,
  StoryEntry,
  SyncStatus,
} from "./store/store.ts";

/** A sync's counts, and what they mean. */
export interface SyncHealth extends Omit<SyncStatus, "oldestNotedAt"> {
  readonly from: string;
  readonly to: string;
  readonly purpose: string;
  readonly owner: string;
  readonly freshWithinMs: number;
  /** The age of the oldest change that is not written yet, in milliseconds; 0: none. */
  readonly behindMs: number;
  /**
   * - `fresh`: nothing is older than `freshWithin`.
   * - `behind`: something is.
   * - `held`: a connection is paused, throttled or down; the work waits.
   * - `parked`: fresh, but records wait for a person.
   */
  readonly health: "fresh" | "behind" | "held" | "parked";
  readonly heldBecause?: string;
}

export interface ConnectionHealth {
  readonly connection: string;
  readonly connector: string;
  readonly state: ConnectionState["state"];
  readonly reason?: string;
  /** Until when no call goes out (throttled, breaker open), in milliseconds since 1970. */
  readonly heldUntil?: number;
}

export interface Status {
  readonly at: number;
  readonly project: string;
  readonly syncs: readonly SyncHealth[];
  readonly connections: readonly ConnectionHealth[];
  readonly resources: StoreStatus["resources"];
  readonly tallies: StoreStatus["tallies"];
  readonly arrivalsWaiting: number;
  readonly arrivalsUnreadable: number;
}

/** How far a run asked for with `sync` has come. */
export interface SyncProgress {
  /** Records read from the source so far. */
  readonly read: number;
  readonly pending: number;
  readonly cleared: number;
  readonly parked: number;
  readonly done: boolean;
}

export interface Control {
  status(): Promise<Status>;
  /** Polls the sync's source now; `full`: reads everything and reconciles every record, changed or not. */
  sync(name: string, options: { readonly full: boolean }): Promise<{ readonly started: true }>;
  progress(name: string): Promise<SyncProgress>;
  parked(filter: ParkedFilter): Promise<readonly ParkedRow[]>;
  retryParked(filter: ParkedFilter): Promise<readonly LinkNeed[]>;
  discardParked(filter: ParkedFilter, reason: string): Promise<readonly LinkNeed[]>;
  /** Corrects target fields of one record, by field; null takes a correction back. The record is reconciled again. */
  correct(sync: string, key: string, corrections: Readonly<Record<string, unknown>>): Promise<void>;
  /** Tells that a parked record is this record of the target. */
  link(sync: string, key: string, targetKey: string): Promise<void>;
  story(keyOrTitle: string): Promise<readonly StoryEntry[]>;
  requests(filter: RequestFilter): Promise<readonly (RequestEntry & { readonly id: number })[]>;
  /** Takes up webhooks again that came since. */
  replay(query: { readonly connection?: string; readonly since: number }): Promise<number>;
  /** Takes records in the resource's own shape, as a person's import; faults name the row. */
  importRecords(
    resource: string,
    records: readonly unknown[],
  ): Promise<{ readonly taken: number; readonly faults: readonly { readonly row: number; readonly fault: string }[] }>;
  /** Which keys there are and what is sealed with each. */
  keys(): Promise<KeysStatus>;
  /** Opens every secret that is kept. */
  verifyKeys(): Promise<KeysVerified>;
  rotateKeys(options: RotateOptions): Promise<KeysRotated>;
}

/** An answer to a wrong question: the sync, connection or record that was named does not exist. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly code: "unknown-sync" | "unknown-connection" | "unknown-resource" | "unknown-record" | "not-now";

  constructor(code: ControlError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
