// Whoever reconciles what is observed, as those who observe see it: somebody who may wait for work.
import type { Claim, Observation, PendingWrite } from "../store/store.ts";

export interface Reader {
  /** The sync's name. */
  readonly sync: string;
  /** How many new records it would take up as soon as they are seen: none while anything older is due. */
  readonly appetite: number;
  /** So many more, or fewer, are on their way to it: it has no appetite for others in their place. */
  expect(records: number): void;
  /** Resolves when it would take up so many, or could not soon, and after this time at the latest. */
  hungry(records: number, waitMsMax: number): Promise<void>;
  /**
   * Decides what it will create for records that nobody knows yet, as many as it may arm ahead: they are armed in the transaction that
   * first sees them. Absent: it arms by itself.
   */
  foresee?(seen: readonly SeenFirst[]): Promise<Foresight>;
  /** Takes up what was claimed for it in the transaction that first saw it, with the bodies at hand. */
  takeUp(all: readonly TakenUp[]): void;
}

/** A record as it was seen, perhaps for the first time. */
export interface SeenFirst {
  readonly observation: Observation;
  readonly body: unknown;
}

export interface Foresight {
  /** What is to be created, by the keys of records. */
  readonly creations: ReadonlyMap<string, PendingWrite>;
  /** Sends those of these records, which were armed. */
  send(keys: readonly string[]): void;
}

export interface TakenUp {
  readonly claim: Claim;
  readonly body: unknown;
}
