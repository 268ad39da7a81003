// How many writes a target answers in a short while, as it did lately.
import type { Clock } from "../world/world.ts";

/** About as long as a disk keeps us waiting at its slowest, in milliseconds: a checkpoint, and all that gathered behind it. */
const STRETCH_MS = 200;

export class Pace {
  readonly #clock: Clock;
  #beganAt = Number.NEGATIVE_INFINITY;
  #answers = 0;
  #before = 0;
  #lately = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answered(): void {
    this.#answers += 1;
    const now = this.#clock.now();
    const tookMs = now - this.#beganAt;
    // Less than nothing: the clock was set back.
    if (tookMs >= 0 && tookMs < STRETCH_MS) return;
    this.#before = this.#lately;
    this.#lately = tookMs > 0 ? Math.floor((this.#answers * STRETCH_MS) / tookMs) : 0;
    this.#answers = 0;
    this.#beganAt = now;
  }

  /** Answers in a fifth of a second, in the better of the last two stretches: one may have been spent waiting for us. */
  get lately(): number {
    return Math.max(this.#lately, this.#before);
  }
}
