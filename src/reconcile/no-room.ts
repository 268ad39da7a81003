// Which due rows are left alone while the limits of a system have no room: those that became due when it was to have room, and were
// not taken up while it had. They would only be held again; what becomes due besides may need another system, or none.

import type { Caller } from "../call/caller.ts";
import { NO_ROOM } from "../call/gate.ts";
import type { Outcome } from "../define/outcome.ts";
import type { Priority } from "../store/store.ts";

/** More times at which a system was to have room are not remembered: what waits for others is decided once more. */
const PROMISED_MAX = 32;
/** Who waits for room is given whole milliseconds, so that it may be due that much later. */
const ROUNDED_MS = 1;

export interface Full {
  /** When there is room again. */
  readonly until: number;
  /** What was due by then waits for it. */
  readonly dueAfter: number;
}

/** Tells when a system's limits have room again. */
export type FullUntil = Pick<Caller, "fullUntil">;

export class NoRoom {
  readonly #caller: FullUntil;
  /** Times ahead at which it was to have room, or the urgent to stand in line for it. */
  #promised: readonly number[] = [];
  #dueAfter = 0;

  constructor(caller: FullUntil) {
    this.#caller = caller;
  }

  /** Undefined: it has room. */
  at(now: number): Full | undefined {
    const until = this.#caller.fullUntil();
    const told = until === undefined ? [] : [until, this.#caller.fullUntil("person") ?? until];
    const promised = told.filter((time) => !this.#promised.includes(time));
    for (const time of this.#promised) if (time <= now) this.#dueAfter = Math.max(this.#dueAfter, time + ROUNDED_MS);
    this.#promised = [...this.#promised.filter((time) => time > now), ...promised].slice(-PROMISED_MAX);
    return until === undefined ? undefined : { until, dueAfter: this.#dueAfter };
  }
}

/** Of those that have no room: when the first has some again, and what is due waits for any of them. */
export function anyFull(all: readonly NoRoom[], now: number): Full | undefined {
  const full = all.flatMap((one) => one.at(now) ?? []);
  if (full.length === 0) return undefined;
  return {
    until: Math.min(...full.map(({ until }) => until)),
    dueAfter: Math.max(...full.map(({ dueAfter }) => dueAfter)),
  };
}

/** What would become of a call, where that is certain: it needs not be armed for it. */
export function fullOutcome(caller: FullUntil, priority: Priority, now: number): Outcome | undefined {
  const until = caller.fullUntil(priority);
  if (until === undefined) return undefined;
  return { kind: "throttled", held: true, retryAfterMs: until - now, reason: NO_ROOM };
}
