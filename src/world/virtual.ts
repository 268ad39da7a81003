// Virtual time and seeded randomness: the same seed gives the same run, and no test waits.
import type { Clock, Random } from "./world.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is advanced. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = Date.UTC(2026, 7, 20, 12)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  timer(delayMs: number, wake: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves on by `durationMs`, waking each timer at its time and letting promises run in between. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    await drain();
    for (let next = this.#next(); next !== undefined && next.at <= end; next = this.#next()) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await drain();
    }
    this.#now = end;
  }

  /** How many timers are set: what is still going to happen by itself. */
  get waiting(): number {
    return this.#timers.size;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}

/** Turns of the event loop in which a chain of promises and in-process answers comes to its next timer. */
const DRAIN_TURNS = 16;

/** Lets every promise that can go on go on, including those behind real I/O that already ended. */
async function drain(): Promise<void> {
  for (let turn = 0; turn < DRAIN_TURNS; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A small fast generator (mulberry32): good for choices in a rehearsal, never for keys. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => Math.floor(this.next() * 256));
  }
}
