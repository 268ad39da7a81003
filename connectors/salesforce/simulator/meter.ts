// Counts calls as Salesforce does: all of the last 24 hours, and long ones at the same time.
import type { Clock } from "../../../src/world/world.ts";

const DAY_MS = 86_400_000;
/** A call counts as long once it has taken this time, in milliseconds. */
const LONG_MS = 20_000;

export interface MeterCounts {
  /** Calls refused with REQUEST_LIMIT_EXCEEDED. */
  refused: number;
  /** How many separate times a limit was gone over: each begins when the one before has ended. */
  windowsOverLimit: number;
  /** The most calls that were ever under way at once. */
  atOnceMax: number;
}

export class Meter {
  readonly counts: MeterCounts = { refused: 0, windowsOverLimit: 0, atOnceMax: 0 };
  readonly #clock: Clock;
  readonly #longCallsMax: number;
  #callsPerDay: number;
  #calls: number[] = [];
  #first = 0;
  readonly #underWay = new Map<number, number>();
  #serial = 0;
  #isOver = false;

  constructor(
    clock: Clock,
    { callsPerDay, longCallsMax }: { readonly callsPerDay: number; readonly longCallsMax: number },
  ) {
    this.#clock = clock;
    this.#callsPerDay = callsPerDay;
    this.#longCallsMax = longCallsMax;
  }

  get used(): number {
    const oldest = this.#clock.now() - DAY_MS;
    while ((this.#calls[this.#first] ?? Number.POSITIVE_INFINITY) <= oldest) this.#first += 1;
    if (this.#first > 1_000) {
      this.#calls = this.#calls.slice(this.#first);
      this.#first = 0;
    }
    return this.#calls.length - this.#first;
  }

  /** Other integrations of the org spend from the same day. */
  spend(count: number): void {
    for (let call = 0; call < count; call += 1) this.#calls.push(this.#clock.now());
  }

  get header(): string {
    return `api-usage=${this.used}/${this.#callsPerDay}`;
  }

  get remaining(): number {
    return Math.max(0, this.#callsPerDay - this.used);
  }

  get max(): number {
    return this.#callsPerDay;
  }

  /** Lets a call in under a number, which must {@link leave}; or says which limit it would break. */
  enter(): number | "day" | "at-once" {
    const now = this.#clock.now();
    const long = [...this.#underWay.values()].filter((startedAt) => now - startedAt >= LONG_MS).length;
    const broken = this.used >= this.#callsPerDay ? "day" : long >= this.#longCallsMax ? "at-once" : undefined;
    if (broken !== undefined) {
      this.counts.refused += 1;
      if (!this.#isOver) this.counts.windowsOverLimit += 1;
      this.#isOver = true;
      return broken;
    }
    this.#isOver = false;
    this.#calls.push(now);
    this.#serial += 1;
    this.#underWay.set(this.#serial, now);
    this.counts.atOnceMax = Math.max(this.counts.atOnceMax, this.#underWay.size);
    return this.#serial;
  }

  leave(call: number): void {
    this.#underWay.delete(call);
  }
}
