// What calls are made for: it says how urgent they are, and is told what they came to.
import type { Priority, RequestEntry } from "../store/store.ts";

/** One piece of work that calls are made for. */
export interface CallerWork {
  readonly priority: Priority;
  readonly sync?: string;
  readonly key?: string;
  /** Each request that was sent is added here; the engine commits it with the work. */
  readonly entries: RequestEntry[];
  /** The logged request that a person has made again. */
  readonly repeats?: number;
  /** Set once a call that changes something ended `done`: whatever fails after it, the work is not undone. */
  wrote?: boolean;
  /** When the first of its calls was asked, by the provider's own clock; set where the answers tell. */
  askedAt?: number;
}
