// What people see of the work, and what they do about records that wait for them.
import type { ConnectionState } from "./connections.ts";
import type { ScanState } from "./observations.ts";
import type { ParkCause } from "./pending.ts";
import type { LinkNeed } from "./records.ts";

export interface ParkedRow {
  readonly sync: string;
  readonly key: string;
  /** Of a two-way sync: an unlinked record of the second side. */
  readonly side?: 1;
  readonly title?: string;
  readonly cause: ParkCause;
  readonly reason: string;
  readonly todo: string;
  readonly detail?: unknown;
  readonly since: number;
  readonly attempts: number;
}

export interface ParkedFilter {
  readonly sync?: string;
  readonly key?: string;
  readonly cause?: ParkCause;
  readonly limit?: number;
}

/** All records of a sync that are parked for one cause. */
export interface ParkedGroup {
  readonly sync: string;
  readonly cause: ParkCause;
  readonly count: number;
  /** Since when the first of them waits. */
  readonly since: number;
  /** The one that waits longest, as an example. */
  readonly first: Pick<ParkedRow, "key" | "title" | "reason" | "todo">;
}

export interface StoryEntry {
  readonly at: number;
  /** "noted", "cleared", "waiting", "unknown", "parked", "sending", "request", "corrected", "retried", "discarded". */
  readonly what: string;
  readonly resource?: string;
  readonly sync?: string;
  readonly key: string;
  readonly text: string;
}

export interface AwaitingLinks {
  readonly rows: number;
  readonly key: string;
  /** The sync whose link it needs, and of which record. */
  readonly needs: LinkNeed;
}

export interface SyncStatus {
  readonly sync: string;
  readonly ready: number;
  readonly waiting: number;
  readonly sending: number;
  readonly unknown: number;
  readonly parked: number;
  readonly links: number;
  /** Of those that wait: what waits for another record's link, and one of them. */
  readonly awaiting?: AwaitingLinks;
  /** When the longest waiting row that is not parked was noted. */
  readonly oldestNotedAt?: number;
  /** When both systems last agreed on a record of it. */
  readonly lastClearedAt?: number;
}

export interface ResourceStatus {
  readonly resource: string;
  readonly records: number;
  readonly deleted: number;
  readonly changes?: ScanState;
  readonly everything?: ScanState;
}

export interface StoreStatus {
  readonly syncs: readonly SyncStatus[];
  readonly resources: readonly ResourceStatus[];
  readonly connections: readonly ({ readonly connection: string } & ConnectionState)[];
  /** Counted since the file was made: "webhook.new", "webhook.seen", "poll.changed", "cleared.agreed", "parked", … */
  readonly tallies: Readonly<Record<string, number>>;
  /** Arrivals that no observation took up yet. */
  readonly arrivalsWaiting: number;
  /** When the first of them came; those that are taken up again do not count. */
  readonly arrivalsOldestAt?: number;
  readonly arrivalsUnreadable: number;
}

export interface PeopleStore {
  status(): Promise<StoreStatus>;
  parked(filter: ParkedFilter): Promise<readonly ParkedRow[]>;
  /** How many are parked of each sync and for which cause. */
  parkedGroups(): Promise<readonly ParkedGroup[]>;
  /**
   * Makes parked rows ready again; says which. Here and below a few at a time, of those that are parked when it is asked for: what is
   * parked again meanwhile stays so.
   */
  retryParked(filter: ParkedFilter, at: number): Promise<readonly LinkNeed[]>;
  /**
   * Clears rows that are parked since too many records were to be taken out of use: their counterparts stay, and are not taken
   * for new ones. Says which.
   */
  refuseDeletions(sync: string, at: number): Promise<readonly LinkNeed[]>;
  /** Clears parked rows without writing; says which. */
  discardParked(filter: ParkedFilter, at: number, reason: string): Promise<readonly LinkNeed[]>;
  /** Corrects target fields of one record from now on; null takes a correction back. */
  correct(sync: string, key: string, corrections: Readonly<Record<string, unknown>>, at: number): Promise<void>;
  /** Links a parked record to a target record that a person found; the next reconciling writes what differs. */
  linkByHand(sync: string, key: string, targetKey: string, at: number): Promise<void>;
  /** All that happened to a record, whichever side's key or title it is found by, in time order. */
  story(keyOrTitle: string): Promise<readonly StoryEntry[]>;
}
