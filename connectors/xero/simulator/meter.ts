// Counts calls as Xero does: in windows of a minute and of a day that begin at their own times, and at once.
import type { Clock } from "../../../src/world/world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export type LimitName = "minute" | "day" | "appminute" | "concurrent";

export interface MeterLimits {
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  readonly callsAtOnce: number;
  readonly appCallsPerMinute: number;
  readonly appCallsElsewhere: number;
}

export interface MeterCounts {
  /** Calls refused with 429. */
  throttled: number;
  /** How many separate windows and crowds went over their limit. */
  windowsOverLimit: number;
  /** Calls let in. */
  admitted: number;
  atOnceMax: number;
}

const HEADERS = {
  minute: "x-minlimit-remaining",
  day: "x-daylimit-remaining",
  appminute: "x-appminlimit-remaining",
} as const;

class Window {
  readonly name: keyof typeof HEADERS;
  readonly #count: number;
  readonly #lengthMs: number;
  readonly #elsewhere: number;
  #beganAt: number;
  #taken = 0;
  #isOver = false;

  constructor(name: keyof typeof HEADERS, count: number, lengthMs: number, beganAt: number, elsewhere = 0) {
    this.name = name;
    this.#count = count;
    this.#lengthMs = lengthMs;
    this.#beganAt = beganAt;
    this.#elsewhere = elsewhere;
  }

  #roll(now: number): void {
    if (now - this.#beganAt < this.#lengthMs) return;
    this.#beganAt += Math.floor((now - this.#beganAt) / this.#lengthMs) * this.#lengthMs;
    this.#taken = 0;
    this.#isOver = false;
  }

  remaining(now: number): number {
    this.#roll(now);
    return Math.max(0, this.#count - this.#elsewhere - this.#taken);
  }

  get isLimited(): boolean {
    return this.#count > 0;
  }

  isFull(now: number): boolean {
    return this.isLimited && this.remaining(now) === 0;
  }

  take(): void {
    this.#taken += 1;
  }

  endsInMs(now: number): number {
    return this.#beganAt + this.#lengthMs - now;
  }

  /** True when this is the first call over the limit in this window. */
  goesOver(): boolean {
    const begins = !this.#isOver;
    this.#isOver = true;
    return begins;
  }
}

export interface Crowded {
  readonly problem: LimitName;
  readonly retryAfterSeconds?: number;
}

export class Meter {
  readonly counts: MeterCounts = { throttled: 0, windowsOverLimit: 0, admitted: 0, atOnceMax: 0 };
  readonly #clock: Clock;
  readonly #windows: readonly [Window, Window, Window];
  readonly #callsAtOnce: number;
  #underWay = 0;
  #isCrowded = false;

  constructor(clock: Clock, limits: MeterLimits) {
    const now = clock.now();
    this.#clock = clock;
    this.#windows = [
      new Window("minute", limits.callsPerMinute, MINUTE_MS, now),
      new Window("day", limits.callsPerDay, DAY_MS, now),
      new Window("appminute", limits.appCallsPerMinute, MINUTE_MS, now, limits.appCallsElsewhere),
    ];
    this.#callsAtOnce = limits.callsAtOnce;
  }

  /** Lets a call in, which must {@link leave}; or says which limit it would break. */
  enter(): Crowded | undefined {
    const now = this.#clock.now();
    const full = this.#windows.findLast((window) => window.isFull(now));
    if (full !== undefined) {
      this.counts.throttled += 1;
      if (full.goesOver()) this.counts.windowsOverLimit += 1;
      return { problem: full.name, retryAfterSeconds: Math.ceil(full.endsInMs(now) / 1_000) };
    }
    if (this.#callsAtOnce > 0 && this.#underWay >= this.#callsAtOnce) {
      this.counts.throttled += 1;
      if (!this.#isCrowded) this.counts.windowsOverLimit += 1;
      this.#isCrowded = true;
      return { problem: "concurrent" };
    }
    for (const window of this.#windows) window.take();
    this.#underWay += 1;
    this.counts.admitted += 1;
    this.counts.atOnceMax = Math.max(this.counts.atOnceMax, this.#underWay);
    return undefined;
  }

  leave(): void {
    this.#underWay -= 1;
    this.#isCrowded = false;
  }

  /** The headers that every answer carries. */
  headers(): Readonly<Record<string, string>> {
    const now = this.#clock.now();
    const limited = this.#windows.filter((window) => window.isLimited);
    return Object.fromEntries(limited.map((window) => [HEADERS[window.name], String(window.remaining(now))]));
  }
}
