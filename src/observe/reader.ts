// Whoever reconciles what is observed, as those who observe see it: somebody who may wait for work.
import type { Claim } from "../store/store.ts";

export interface Reader {
  /** The sync's name. */
  readonly sync: string;
  /** How many new records it would take up as soon as they are seen: none while anything older is due. */
  readonly appetite: number;
  /** Resolves when it would take up so many, or could not soon, and after this time at the latest. */
  hungry(records: number, waitMsMax: number): Promise<void>;
  /** Takes up what was claimed for it in the transaction that first saw it, with the bodies at hand. */
  takeUp(all: readonly TakenUp[]): void;
}

export interface TakenUp {
  readonly claim: Claim;
  readonly body: unknown;
}
