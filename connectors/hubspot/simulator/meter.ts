// Counts calls as HubSpot does: those of one app in any ten seconds and until midnight, and the account's searches in any
// second, whichever app makes them.
import type { Clock } from "../../../src/world/world.ts";

export type Policy = "TEN_SECONDLY_ROLLING" | "SECONDLY" | "DAILY";

export interface MeterCounts {
  /** Calls refused with 429. */
  throttled: number;
  /** How many separate windows went over their limit: each begins when the one before has ended. */
  windowsOverLimit: number;
  /** The most calls let in within any ten seconds, for each app, and searches within any second. */
  callsInTenSecondsMax: number;
  searchesInSecondMax: number;
}

export interface MeterLimits {
  readonly callsPerTenSeconds: number;
  readonly callsPerDay: number;
  readonly searchesPerSecond: number;
  readonly utcOffsetMinutes: number;
}

const TEN_SECONDS_MS = 10_000;
const DAY_MS = 86_400_000;

/** The calls let in within the last stretch of time, oldest first. */
class Window {
  readonly #times: number[] = [];
  readonly #count: number;
  readonly #perMs: number;
  #overUntil = -Infinity;
  most = 0;

  constructor(count: number, perMs: number) {
    this.#count = count;
    this.#perMs = perMs;
  }

  left(now: number): number {
    while ((this.#times[0] ?? Infinity) <= now - this.#perMs) this.#times.shift();
    return this.#count === 0 ? Infinity : this.#count - this.#times.length;
  }

  take(now: number): void {
    this.#times.push(now);
    this.most = Math.max(this.most, this.#times.length);
  }

  /** True when this begins a new time over the limit. */
  goesOver(now: number): boolean {
    const begins = now >= this.#overUntil;
    if (begins) this.#overUntil = now + this.#perMs;
    return begins;
  }
}

interface App {
  readonly burst: Window;
  day: number;
  today: number;
}

export class Meter {
  readonly counts: MeterCounts = {
    throttled: 0,
    windowsOverLimit: 0,
    callsInTenSecondsMax: 0,
    searchesInSecondMax: 0,
  };
  readonly #clock: Clock;
  readonly #limits: MeterLimits;
  readonly #apps = new Map<string, App>();
  readonly #searches: Window;

  constructor(clock: Clock, limits: MeterLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#searches = new Window(limits.searchesPerSecond, 1_000);
  }

  /** Lets a call in, or names the limit that it would break. */
  enter(name: "oauth" | "private", isSearch: boolean): Policy | undefined {
    const now = this.#clock.now();
    const app = this.#app(name, now);
    const full: readonly Policy[] = [
      ...(this.#isDayFull(name, app) ? (["DAILY"] as const) : []),
      ...(app.burst.left(now) <= 0 ? (["TEN_SECONDLY_ROLLING"] as const) : []),
      ...(isSearch && this.#searches.left(now) <= 0 ? (["SECONDLY"] as const) : []),
    ];
    if (full.length > 0) {
      this.counts.throttled += 1;
      if (full.includes("TEN_SECONDLY_ROLLING") && app.burst.goesOver(now)) this.counts.windowsOverLimit += 1;
      if (full.includes("SECONDLY") && this.#searches.goesOver(now)) this.counts.windowsOverLimit += 1;
      if (full.includes("DAILY") && app.today === this.#limits.callsPerDay) this.counts.windowsOverLimit += 1;
      app.today += 1;
      return full[0];
    }
    app.today += 1;
    app.burst.take(now);
    if (isSearch) this.#searches.take(now);
    this.counts.callsInTenSecondsMax = Math.max(this.counts.callsInTenSecondsMax, app.burst.most);
    this.counts.searchesInSecondMax = this.#searches.most;
    return undefined;
  }

  /** Searches are answered without them; OAuth apps have no limit of a day. */
  headers(name: "oauth" | "private", isSearch: boolean): Readonly<Record<string, string>> {
    const { callsPerTenSeconds, callsPerDay } = this.#limits;
    if (isSearch || callsPerTenSeconds === 0) return {};
    const now = this.#clock.now();
    const app = this.#app(name, now);
    return {
      "x-hubspot-ratelimit-max": String(callsPerTenSeconds),
      "x-hubspot-ratelimit-remaining": String(Math.max(0, app.burst.left(now))),
      "x-hubspot-ratelimit-interval-milliseconds": String(TEN_SECONDS_MS),
      ...(name === "private" && callsPerDay > 0
        ? {
            "x-hubspot-ratelimit-daily": String(callsPerDay),
            "x-hubspot-ratelimit-daily-remaining": String(Math.max(0, callsPerDay - app.today)),
          }
        : {}),
    };
  }

  #isDayFull(name: "oauth" | "private", app: App): boolean {
    return name === "private" && this.#limits.callsPerDay > 0 && app.today >= this.#limits.callsPerDay;
  }

  #app(name: string, now: number): App {
    const day = Math.floor((now + this.#limits.utcOffsetMinutes * 60_000) / DAY_MS);
    let app = this.#apps.get(name);
    if (app === undefined) {
      app = { burst: new Window(this.#limits.callsPerTenSeconds, TEN_SECONDS_MS), day, today: 0 };
      this.#apps.set(name, app);
    }
    if (app.day !== day) {
      app.day = day;
      app.today = 0;
    }
    return app;
  }
}
