// Notices that our clock was set back while Bowline runs: what it told to wait while it was ahead would wait until the old time returns.
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../world/world.ts";

const LOOK_EVERY_MS = 30_000;
/** By so much a clock may be put right in passing: nothing waits noticeably longer for it. */
const SET_BACK_MS_MIN = 5_000;

export interface ClockWatchParts {
  readonly clock: Clock;
  readonly store: Pick<Store, "shortenWaits">;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
  readonly log: Log;
}

export class ClockWatch {
  readonly #parts: ClockWatchParts;
  #takeBackTimer: (() => void) | undefined;
  #mending: Promise<void> | undefined;
  /** Kept until what waits was looked through: the store may be full just then. */
  #wasSetBack = false;
  #stopped = false;

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock } = this.#parts;
    const lookedAt = clock.now();
    this.#takeBackTimer = clock.timer(LOOK_EVERY_MS, () => {
      // A timer may be late, as after a machine's sleep, and is never early.
      this.#wasSetBack ||= clock.now() < lookedAt + LOOK_EVERY_MS - SET_BACK_MS_MIN;
      this.#mending = this.#mend().finally(() => {
        if (!this.#stopped) this.start();
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#takeBackTimer?.();
    await this.#mending;
  }

  async #mend(): Promise<void> {
    if (!this.#wasSetBack) return;
    const { store, clock, wakeSyncs, log } = this.#parts;
    try {
      const syncs = await store.shortenWaits(clock.now());
      this.#wasSetBack = false;
      if (syncs.length === 0) return;
      log("warn", `the clock was set back; what it had told to wait for days is due now: ${syncs.join(", ")}`);
      wakeSyncs(syncs);
    } catch (error) {
      log("warn", `could not look through what waits after the clock was set back, trying again: ${String(error)}`);
    }
  }
}
