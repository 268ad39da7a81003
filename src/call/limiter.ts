// Lets calls go within all limits of a connection. A call that can go goes at once; the others stand in line, and whoever
// would have to wait too long is told when to come back instead of holding a worker.
import type { LimitReading } from "../define/connector.ts";
import type { Priority } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import type { LimitState } from "./limit.ts";
import { waitingLine, type Waiter } from "./waiting-line.ts";

export interface Permit {
  /** The call ended; `readings` are what its answer said of the limits. Once. */
  end(readings: readonly LimitReading[]): void;
}

/** Not now: nothing was taken, and the call may be asked for again at `until`. */
export interface Held {
  readonly until: number;
}

export interface PermitRequest {
  readonly limits: readonly LimitState[];
  readonly cost: number;
  readonly priority: Priority;
  readonly sync: string;
}

export interface Limiter {
  /** At once where it can be: a promise only for those who wait. */
  ask(request: PermitRequest): Permit | Held | Promise<Permit | Held>;
  /** Nothing goes before then: the provider asked for a pause. */
  pauseUntil(at: number): void;
  /** Until when calls are held back by a pause, if they are. */
  readonly pausedUntil: number;
  readonly waiting: number;
  readonly underWay: number;
  /** Sends everybody away who waits. */
  close(): void;
}

export interface LimiterOptions {
  readonly clock: Clock;
  /** The longest a call stands in line, in milliseconds. Default 10,000. */
  readonly waitMsMax?: number;
  /** The most calls in line. Default 10,000. */
  readonly waitersMax?: number;
}

interface Standing extends Waiter {
  readonly request: PermitRequest;
  readonly settle: (answer: Permit | Held) => void;
  stopTimer: () => void;
}

export function createLimiter({ clock, waitMsMax = 10_000, waitersMax = 10_000 }: LimiterOptions): Limiter {
  const line = waitingLine<Standing>();
  let order = 0;
  let underWay = 0;
  let pausedUntil = 0;
  let wakeAt = Number.POSITIVE_INFINITY;
  let stopWake = NOTHING;

  function readyAt(request: PermitRequest, now: number): number {
    let at = pausedUntil;
    for (const limit of request.limits) at = Math.max(at, limit.readyAt(now, request.cost));
    return at;
  }

  function grant(request: PermitRequest, now: number): Permit {
    for (const limit of request.limits) limit.take(now, request.cost);
    underWay += 1;
    return new Granted(request, finish);
  }

  function finish(request: PermitRequest, readings: readonly LimitReading[]): void {
    const now = clock.now();
    underWay -= 1;
    for (const limit of request.limits) {
      limit.give(now, request.cost, readings.length === 0 ? undefined : readingOf(readings, limit.name));
    }
    if (line.size > 0) serve();
  }

  /** Lets go whoever can, in their order; a limit that stops one stops those behind who need it too, so nobody is overtaken. */
  function serve(): void {
    const now = clock.now();
    let soonest = Number.POSITIVE_INFINITY;
    const stopped = new Set<LimitState>();
    const goes = (waiter: Standing): boolean => {
      if (waiter.request.limits.some((limit) => stopped.has(limit))) return false;
      const at = readyAt(waiter.request, now);
      if (at <= now) return true;
      soonest = Math.min(soonest, at);
      for (const limit of waiter.request.limits) {
        if (limit.readyAt(now, waiter.request.cost) > now) stopped.add(limit);
      }
      return false;
    };
    for (let waiter = line.next(goes); waiter !== undefined; waiter = line.next(goes)) {
      waiter.stopTimer();
      waiter.settle(grant(waiter.request, now));
    }
    wakeBy(line.size === 0 ? Number.POSITIVE_INFINITY : soonest, now);
  }

  function wakeBy(at: number, now: number): void {
    if (at === wakeAt) return;
    stopWake();
    wakeAt = at;
    stopWake = at === Number.POSITIVE_INFINITY ? NOTHING : clock.timer(at - now, woken);
  }

  function woken(): void {
    wakeAt = Number.POSITIVE_INFINITY;
    serve();
  }

  function giveUp(waiter: Standing): void {
    if (!line.remove(waiter)) return;
    const now = clock.now();
    const at = readyAt(waiter.request, now);
    waiter.settle({ until: at === Number.POSITIVE_INFINITY || at <= now ? now + HELD_MS : at });
    serve();
  }

  return {
    ask(request) {
      const now = clock.now();
      const at = readyAt(request, now);
      if (at <= now && line.size === 0) return grant(request, now);
      if (at !== Number.POSITIVE_INFINITY && at - now > waitMsMax) return { until: at };
      if (line.size >= waitersMax) return { until: now + HELD_MS };
      return new Promise((settle) => {
        const waiter: Standing = {
          request,
          priority: request.priority,
          sync: request.sync,
          order: order++,
          settle,
          stopTimer: NOTHING,
        };
        waiter.stopTimer = clock.timer(waitMsMax, () => giveUp(waiter));
        line.add(waiter);
        serve();
      });
    },
    pauseUntil(at) {
      pausedUntil = Math.max(pausedUntil, at);
    },
    get pausedUntil() {
      return pausedUntil;
    },
    get waiting() {
      return line.size;
    },
    get underWay() {
      return underWay;
    },
    close() {
      stopWake();
      for (const waiter of line.all()) {
        line.remove(waiter);
        waiter.stopTimer();
        waiter.settle({ until: clock.now() });
      }
    },
  };
}

const NOTHING = (): void => {};

/** When to ask again, where no limit can say: its end depends on other calls. */
const HELD_MS = 1_000;

class Granted implements Permit {
  readonly #request: PermitRequest;
  readonly #finish: (request: PermitRequest, readings: readonly LimitReading[]) => void;
  #ended = false;

  constructor(request: PermitRequest, finish: (request: PermitRequest, readings: readonly LimitReading[]) => void) {
    this.#request = request;
    this.#finish = finish;
  }

  end(readings: readonly LimitReading[]): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish(this.#request, readings);
  }
}

function readingOf(readings: readonly LimitReading[], name: string): LimitReading | undefined {
  return readings.find((reading) => reading.limit === name);
}
