// Counts calls as QuickBooks does for one company: in any minute, in any second, and at the same time.
import type { Clock } from "../../../src/world/world.ts";

export interface MeterCounts {
  /** Calls refused with 429. */
  throttled: number;
  /** How many separate minutes, seconds and crowds went over their limit: each begins when the one before has ended. */
  windowsOverLimit: number;
  /** The most calls that were ever under way at once. */
  atOnceMax: number;
}

/** The times of the last `count` calls, in a ring: is the oldest of them older than the window? */
class SlidingWindow {
  readonly #times: number[];
  readonly #windowMs: number;
  #next = 0;
  #overUntil = -Infinity;

  constructor(count: number, windowMs: number) {
    this.#times = Array.from({ length: count }, () => -Infinity);
    this.#windowMs = windowMs;
  }

  isFull(now: number): boolean {
    return this.#times.length > 0 && now - (this.#times[this.#next] ?? -Infinity) < this.#windowMs;
  }

  take(now: number): void {
    if (this.#times.length === 0) return;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#times.length;
  }

  /** True when this begins a new time over the limit. */
  goesOver(now: number): boolean {
    const begins = now >= this.#overUntil;
    if (begins) this.#overUntil = now + this.#windowMs;
    return begins;
  }
}

export interface MeterLimits {
  readonly callsPerMinute: number;
  readonly callsPerSecond: number;
  readonly callsAtOnce: number;
  readonly batchesPerMinute: number;
}

export class Meter {
  readonly counts: MeterCounts = { throttled: 0, windowsOverLimit: 0, atOnceMax: 0 };
  readonly #clock: Clock;
  readonly #always: readonly SlidingWindow[];
  readonly #batches: SlidingWindow;
  readonly #callsAtOnce: number;
  #underWay = 0;
  #crowded = false;

  constructor(clock: Clock, limits: MeterLimits) {
    this.#clock = clock;
    this.#always = [new SlidingWindow(limits.callsPerMinute, 60_000), new SlidingWindow(limits.callsPerSecond, 1_000)];
    this.#batches = new SlidingWindow(limits.batchesPerMinute, 60_000);
    this.#callsAtOnce = limits.callsAtOnce;
  }

  /** Lets a call in, or says that it is one too many. Each call let in must {@link leave}. */
  enter({ batch }: { readonly batch: boolean }): boolean {
    const now = this.#clock.now();
    const windows = batch ? [...this.#always, this.#batches] : this.#always;
    const full = windows.filter((window) => window.isFull(now));
    const crowded = this.#callsAtOnce > 0 && this.#underWay >= this.#callsAtOnce;
    if (full.length > 0 || crowded) {
      this.counts.throttled += 1;
      for (const window of full) if (window.goesOver(now)) this.counts.windowsOverLimit += 1;
      if (crowded && !this.#crowded) this.counts.windowsOverLimit += 1;
      this.#crowded = crowded;
      return false;
    }
    for (const window of windows) window.take(now);
    this.#underWay += 1;
    this.counts.atOnceMax = Math.max(this.counts.atOnceMax, this.#underWay);
    return true;
  }

  leave(): void {
    this.#underWay -= 1;
    this.#crowded = false;
  }
}
