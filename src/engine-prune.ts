// Takes old history away and deflates what is new, while nothing else is to be done: a few rows at a time, and with a pause after
// each few once somebody came, so that nobody waits for more than those. Where something is always to be done it goes in between in
// the same way: history that nobody takes away fills the disk.
import type { Project } from "./define/config.ts";
import type { Log } from "./log.ts";
import type { Store } from "./store/store.ts";
import { pause } from "./world/pause.ts";
import type { Clock } from "./world/world.ts";

/** How often it is begun, in milliseconds, and the most rows of each kind that are looked at then. */
const EVERY_MS = 10_000;
const ROWS_MAX = 5_000;
/** How many times in a row it waits for a moment with nothing else to do: a rush is over in a minute, and what lasts may never end. */
const PUT_OFF_MAX = 5;
/** What is looked at in one transaction: two to four milliseconds. */
const SLICE_ROWS = 50;
/** Between slices while there is something else to do: a webhook is through in less. */
const PAUSE_MS = 20;

export interface PruningParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly limits: Project["limits"];
  /** Is there nothing else to do? */
  readonly isIdle: () => boolean;
  readonly log: Log;
}

export class Pruning {
  readonly #parts: PruningParts;
  #takeBackTimer: (() => void) | undefined;
  #putOff = 0;
  #stopped = false;

  constructor(parts: PruningParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#takeBackTimer = this.#parts.clock.timer(EVERY_MS, () => void this.#round());
  }

  /** The slice under way is the last one. */
  stop(): void {
    this.#stopped = true;
    this.#takeBackTimer?.();
  }

  async #round(): Promise<void> {
    const { clock, isIdle, log } = this.#parts;
    try {
      for (let left = this.#hasTurn() ? ROWS_MAX : 0; left > 0 && !this.#stopped; left -= SLICE_ROWS) {
        if (await this.#slice()) break;
        if (!isIdle()) await pause(clock, PAUSE_MS);
      }
    } catch (error) {
      log("warn", `could not take away old history: ${String(error)}`);
    }
    if (!this.#stopped) this.start();
  }

  #hasTurn(): boolean {
    this.#putOff = this.#parts.isIdle() ? 0 : this.#putOff + 1;
    return this.#putOff === 0 || this.#putOff > PUT_OFF_MAX;
  }

  /** Says whether that was all. */
  async #slice(): Promise<boolean> {
    const { store, clock, limits } = this.#parts;
    const now = clock.now();
    const { historyMs, requestsMs, requestsMax } = limits;
    const before = { before: now - historyMs, requestsBefore: now - requestsMs };
    return (await store.prune({ ...before, requestsMax, rowsMax: SLICE_ROWS })).isAll;
  }
}
