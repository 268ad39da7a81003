// Going over many records in one go holds the event loop: where what is done with each is slow, as a mapping of people's own functions
// may be, no webhook is answered and no timer fires meanwhile. So it gives way now and then.
import { pause } from "./pause.ts";
import type { Clock } from "./world.ts";

/** How long everybody else waits, in milliseconds, and for the one record on top of it that is being worked on. */
const TURN_MS = 10;
/** Of records that cost little the clock is read once in so many. */
const READ_EVERY = 4;

/** Begins with its making. */
export class Turns {
  readonly #clock: Clock;
  #beganAt: number;
  #unread = READ_EVERY;
  #every = READ_EVERY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#beganAt = clock.now();
  }

  /** Asked before each record: is it for others to go on first? Then `next` is awaited. */
  areOver(): boolean {
    this.#unread -= 1;
    if (this.#unread > 0) return false;
    this.#unread = this.#every;
    return this.#clock.now() - this.#beganAt >= TURN_MS;
  }

  /** Lets everybody else go on. From then on the clock is read before each record. */
  async next(): Promise<void> {
    this.#every = 1;
    this.#unread = 1;
    await pause(this.#clock, 0);
    this.#beganAt = this.#clock.now();
  }
}
