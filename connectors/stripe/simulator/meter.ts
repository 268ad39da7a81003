// Counts calls as Stripe does for one account: in any second over all, for one endpoint and for search, and at once.
import type { Clock } from "../../../src/world/world.ts";

const WINDOW_MS = 1_000;

export interface MeterCounts {
  /** Calls refused with 429. */
  throttled: number;
  /** How many separate seconds and crowds went over a limit: each begins when the one before has ended. */
  windowsOverLimit: number;
  /** The most calls that were ever under way at once. */
  atOnceMax: number;
}

export interface MeterLimits {
  readonly callsPerSecond: number;
  readonly callsPerSecondPerEndpoint: number;
  readonly searchesPerSecond: number;
  readonly callsAtOnce: number;
}

/** The times of the last calls: is the oldest that counts still within the second? */
class SlidingSecond {
  readonly #countMax: number;
  readonly #times: number[] = [];
  #overUntil = -Infinity;

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  isFull(now: number): boolean {
    while (this.#times.length > 0 && now - (this.#times[0] ?? 0) >= WINDOW_MS) this.#times.shift();
    return this.#countMax > 0 && this.#times.length >= this.#countMax;
  }

  take(now: number): void {
    this.#times.push(now);
  }

  /** True when this begins a new time over the limit. */
  goesOver(now: number): boolean {
    const begins = now >= this.#overUntil;
    if (begins) this.#overUntil = now + WINDOW_MS;
    return begins;
  }
}

export class Meter {
  readonly counts: MeterCounts = { throttled: 0, windowsOverLimit: 0, atOnceMax: 0 };
  readonly #clock: Clock;
  readonly #limits: MeterLimits;
  readonly #all: SlidingSecond;
  readonly #endpoints = new Map<string, SlidingSecond>();
  #underWay = 0;
  #crowded = false;

  constructor(clock: Clock, limits: MeterLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#all = new SlidingSecond(limits.callsPerSecond);
  }

  /** Lets a call in (undefined; it must {@link leave}), or says which limit it is one too many for. */
  enter(endpoint: string): string | undefined {
    const now = this.#clock.now();
    const crowded = this.#limits.callsAtOnce > 0 && this.#underWay >= this.#limits.callsAtOnce;
    const own = this.#ofEndpoint(endpoint);
    const full = [this.#all, own].filter((window) => window.isFull(now));
    if (crowded || full.length > 0) {
      this.counts.throttled += 1;
      for (const window of full) if (window.goesOver(now)) this.counts.windowsOverLimit += 1;
      if (crowded && !this.#crowded) this.counts.windowsOverLimit += 1;
      this.#crowded = crowded;
      if (crowded) return "global-concurrency";
      return full.includes(this.#all) ? "global-rate" : "endpoint-rate";
    }
    this.#all.take(now);
    own.take(now);
    this.#underWay += 1;
    this.counts.atOnceMax = Math.max(this.counts.atOnceMax, this.#underWay);
    return undefined;
  }

  leave(): void {
    this.#underWay -= 1;
    this.#crowded = false;
  }

  #ofEndpoint(endpoint: string): SlidingSecond {
    // Searches of all kinds share one limit.
    const isSearch = endpoint.endsWith("/search");
    const name = isSearch ? "search" : endpoint;
    let window = this.#endpoints.get(name);
    if (window === undefined) {
      const { searchesPerSecond, callsPerSecondPerEndpoint } = this.#limits;
      window = new SlidingSecond(isSearch ? searchesPerSecond : callsPerSecondPerEndpoint);
      this.#endpoints.set(name, window);
    }
    return window;
  }
}
