// Virtual time in which the functions of people take time, too: it tells for how long the event loop was held by them.
import { VirtualClock } from "../world/virtual.ts";
import type { Clock } from "../world/world.ts";

export interface SlowClock extends Clock {
  readonly virtual: VirtualClock;
  /** So long something takes that holds up everybody else. */
  take(durationMs: number): void;
  /** How long all of it took. */
  readonly takenMs: number;
  /** The longest time that it took before anybody else had a turn of the event loop. */
  readonly heldMs: number;
  /** How often somebody gave way: waited for nothing but a turn. */
  readonly gaveWay: number;
  /** What somebody else does with a turn. */
  onTurn: (() => void) | undefined;
}

export function slowClock(virtual = new VirtualClock()): SlowClock {
  let heldSince: number | undefined;
  const clock = {
    virtual,
    takenMs: 0,
    heldMs: 0,
    gaveWay: 0,
    onTurn: undefined as (() => void) | undefined,
    now: () => virtual.now() + clock.takenMs,
    timer(delayMs: number, wake: () => void): () => void {
      if (delayMs === 0) clock.gaveWay += 1;
      return virtual.timer(delayMs, wake);
    },
    take(durationMs: number): void {
      if (heldSince === undefined) {
        heldSince = clock.takenMs;
        setImmediate(turn);
      }
      clock.takenMs += durationMs;
      clock.heldMs = Math.max(clock.heldMs, clock.takenMs - heldSince);
    },
  };
  function turn(): void {
    heldSince = undefined;
    clock.onTurn?.();
  }
  return clock;
}
