// Lets calls go within all limits of a connection. A call that can go goes at once; the others stand in line, and whoever
// would have to wait too long is told when to come back instead of holding a worker. Connections that share a limit stand in
// one line.
import type { LimitReading } from "../define/connector.ts";
import type { Priority } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import { Hold } from "./hold.ts";
import type { NamedLimit } from "./limit.ts";
import type { CallEnd } from "./limit-state.ts";
import type { Travel } from "./travel.ts";
import { waitingLine, type Waiter } from "./waiting-line.ts";

export interface Permit {
  /** The call ended; `readings` are what its answer said of the limits. Once. */
  end(readings: readonly LimitReading[], end?: CallEnd): void;
}

/** Not now: nothing was taken, and the call is to be asked for again at `until`. */
export interface Held {
  readonly until: number;
}

export interface PermitRequest {
  readonly limits: readonly NamedLimit[];
  readonly cost: number;
  readonly priority: Priority;
  readonly sync: string;
}

/** One connection's place in the line. */
export interface Limiter {
  /** At once where it can be: a promise only for those who wait. */
  ask(request: PermitRequest): Permit | Held | Promise<Permit | Held>;
  /**
   * When the next call may go that takes from these limits, if it is too long to stand in line for it. With a priority: when such a call
   * is to be asked for again.
   */
  fullUntil(limits: readonly NamedLimit[], cost: number, priority?: Priority): number | undefined;
  /** How many calls that take from these limits may be under way or leave before whoever stands in line gives up. */
  room(limits: readonly NamedLimit[]): number;
  /** Nothing of this connection goes before then: the provider asked for a pause. */
  pauseUntil(at: number): void;
  /** Until when calls are held back by a pause, if they are. */
  readonly pausedUntil: number;
  readonly waiting: number;
  readonly underWay: number;
  /** Sends everybody of this connection away who waits. */
  close(): void;
}

/** Who asks: a connection, among those that share a line. */
export interface Member {
  /** Members of different tenants take turns. Default: the connection itself. */
  readonly tenant: string;
  /** How much of the turns a tenant has beside the others. Default 1. */
  readonly weight?: number;
  /** Learns how long calls are on their way. */
  readonly travel?: Travel;
}

export interface Line {
  member(member: Member): Limiter;
}

export interface LimiterOptions {
  readonly clock: Clock;
  /** The longest a call stands in line, in milliseconds. Default 10,000. */
  readonly waitMsMax?: number;
  /** The most calls in line. Default 10,000. */
  readonly waitersMax?: number;
}

/** What a connection has under way, and until when it pauses. */
interface Place {
  readonly member: Member;
  readonly pause: Hold;
  waiting: number;
  underWay: number;
}

interface Standing extends Waiter {
  readonly request: PermitRequest;
  readonly place: Place;
  readonly givesUpAt: number;
  readonly settle: (answer: Permit | Held) => void;
  gone: boolean;
}

export function createLimiter(options: LimiterOptions): Limiter {
  return createLine(options).member({ tenant: "" });
}

export function createLine({ clock, waitMsMax = 10_000, waitersMax = 10_000 }: LimiterOptions): Line {
  const line = waitingLine<Standing>();
  /** All who stand in line in the order in which they give up, with some that are gone. */
  let patience: Standing[] = [];
  let patienceFront = 0;
  let order = 0;
  let wakeAt = Number.POSITIVE_INFINITY;
  let stopWake = NOTHING;
  const earlyMs = Math.min(EARLY_MS, waitMsMax / 2);

  /**
   * When to ask again for a call that may go `at`. Who is more urgent than a backfill stands in line by then: a backfill is always
   * there to stand in it, and would else take all that there is, in each window anew.
   */
  function backAt(place: Place, at: number, priority: Priority | undefined, now: number): number {
    if (priority === undefined || priority === "backfill") return at;
    return Math.min(at, Math.max(at - earlyMs, place.pause.until(now), now + HELD_MS));
  }

  function readyAt(place: Place, request: PermitRequest, now: number): number {
    const { limits, cost } = request;
    let at = place.pause.until(now);
    for (let index = 0; index < limits.length; index += 1) {
      const ready = limits[index]!.state.readyAt(now, cost);
      if (ready > at) at = ready;
    }
    return at;
  }

  /** Too long to stand in line; what no limit can tell is waited for. */
  function isTooLong(at: number, now: number): boolean {
    return at - now > waitMsMax && at !== Number.POSITIVE_INFINITY;
  }

  function grant(place: Place, request: PermitRequest, now: number): Permit {
    const { limits, cost } = request;
    for (let index = 0; index < limits.length; index += 1) limits[index]!.state.take(now, cost);
    place.underWay += 1;
    return new Granted(place, request, now, finish);
  }

  function finish(
    place: Place,
    request: PermitRequest,
    leftAt: number,
    end: CallEnd,
    readings: readonly LimitReading[],
  ): void {
    const now = clock.now();
    place.underWay -= 1;
    if (end === "answered") place.member.travel?.answered(now - leftAt, now);
    const { limits, cost } = request;
    for (let index = 0; index < limits.length; index += 1) {
      const { name, state } = limits[index]!;
      state.give(now, cost, leftAt, end, readings.length === 0 ? undefined : readingOf(readings, name));
    }
    if (line.size > 0) serve();
  }

  /** Lets go whoever can, in their order; a limit that stops one stops those behind who need it too, so nobody is overtaken. */
  function serve(): void {
    const now = clock.now();
    let soonest = Number.POSITIVE_INFINITY;
    const stopped = new Set<unknown>();
    const goes = ({ place, request }: Standing): boolean => {
      if (stopped.has(place) || request.limits.some(({ state }) => stopped.has(state))) return false;
      const at = readyAt(place, request, now);
      if (at <= now) return true;
      soonest = Math.min(soonest, at);
      if (place.pause.until(now) > now) stopped.add(place);
      else for (const { state } of request.limits) if (state.readyAt(now, request.cost) > now) stopped.add(state);
      return false;
    };
    for (let waiter = line.next(goes); waiter !== undefined; waiter = line.next(goes)) {
      leave(waiter);
      waiter.settle(grant(waiter.place, waiter.request, now));
    }
    wakeBy(Math.min(soonest, firstGivesUpAt()), now);
  }

  function leave(waiter: Standing): void {
    waiter.gone = true;
    waiter.place.waiting -= 1;
  }

  function firstGivesUpAt(): number {
    while (patience[patienceFront]?.gone === true) patienceFront += 1;
    if (patienceFront > 64 && patienceFront * 2 > patience.length) {
      patience = patience.slice(patienceFront);
      patienceFront = 0;
    }
    return patience[patienceFront]?.givesUpAt ?? Number.POSITIVE_INFINITY;
  }

  /** Waking too early only costs a look, and the time changes with almost every call: an earlier timer stays. */
  function wakeBy(at: number, now: number): void {
    if (at === wakeAt || (wakeAt <= at && wakeAt > now && at !== Number.POSITIVE_INFINITY)) return;
    stopWake();
    wakeAt = at;
    stopWake = at === Number.POSITIVE_INFINITY ? NOTHING : clock.timer(Math.max(0, at - now), woken);
  }

  function woken(): void {
    wakeAt = Number.POSITIVE_INFINITY;
    stopWake = NOTHING;
    serve();
    const now = clock.now();
    while (firstGivesUpAt() <= now) giveUp(patience[patienceFront]!, now);
    if (line.size === 0) wakeBy(Number.POSITIVE_INFINITY, now);
    else serve();
  }

  function giveUp(waiter: Standing, now: number): void {
    line.remove(waiter);
    leave(waiter);
    const at = readyAt(waiter.place, waiter.request, now);
    const isKnown = at !== Number.POSITIVE_INFINITY && at > now;
    waiter.settle({ until: isKnown ? backAt(waiter.place, at, waiter.priority, now) : now + HELD_MS });
  }

  function ask(place: Place, request: PermitRequest): Permit | Held | Promise<Permit | Held> {
    const now = clock.now();
    const at = readyAt(place, request, now);
    if (at <= now && line.size === 0) return grant(place, request, now);
    if (isTooLong(at, now)) return { until: backAt(place, at, request.priority, now) };
    if (line.size >= waitersMax) return { until: now + HELD_MS };
    return new Promise((settle) => {
      const { tenant, weight = 1 } = place.member;
      const waiter: Standing = {
        request,
        place,
        tenant,
        weight,
        settle,
        givesUpAt: now + waitMsMax,
        priority: request.priority,
        sync: request.sync,
        cost: request.cost,
        lane: request.limits.map(({ name }) => name).join("\n"),
        order: order++,
        gone: false,
      };
      place.waiting += 1;
      line.add(waiter);
      patience.push(waiter);
      // Who could not go before cannot go now, either, unless the time has come and only the timer has not.
      if (at <= now || wakeAt <= now) serve();
      else wakeBy(Math.min(at, firstGivesUpAt()), now);
    });
  }

  return {
    member(member) {
      const place: Place = { member, pause: new Hold(), waiting: 0, underWay: 0 };
      return {
        ask: (request) => ask(place, request),
        fullUntil(limits, cost, priority) {
          const now = clock.now();
          let at = now;
          for (const { state } of limits) at = Math.max(at, state.readyAt(now, cost));
          return isTooLong(at, now) ? backAt(place, at, priority, now) : undefined;
        },
        room(limits) {
          const now = clock.now();
          let room = Number.POSITIVE_INFINITY;
          for (const { state } of limits) room = Math.min(room, state.callsWithin(now, waitMsMax));
          return place.underWay + Math.floor(room);
        },
        pauseUntil(at) {
          place.pause.extend(clock.now(), at);
        },
        get pausedUntil() {
          return place.pause.until(clock.now());
        },
        get waiting() {
          return place.waiting;
        },
        get underWay() {
          return place.underWay;
        },
        close() {
          for (const waiter of line.all()) {
            if (waiter.place !== place) continue;
            line.remove(waiter);
            leave(waiter);
            waiter.settle({ until: clock.now() });
          }
          if (line.size === 0) wakeBy(Number.POSITIVE_INFINITY, clock.now());
        },
      };
    },
  };
}

const NOTHING = (): void => {};

/** When to ask again, where no limit can say: its end depends on other calls. */
const HELD_MS = 1_000;
/** So long before there is room who is urgent asks again. */
const EARLY_MS = 5_000;

type Finish = (
  place: Place,
  request: PermitRequest,
  leftAt: number,
  end: CallEnd,
  readings: readonly LimitReading[],
) => void;

class Granted implements Permit {
  readonly #place: Place;
  readonly #request: PermitRequest;
  readonly #leftAt: number;
  readonly #finish: Finish;
  #ended = false;

  constructor(place: Place, request: PermitRequest, leftAt: number, finish: Finish) {
    this.#place = place;
    this.#request = request;
    this.#leftAt = leftAt;
    this.#finish = finish;
  }

  end(readings: readonly LimitReading[], end: CallEnd = "answered"): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish(this.#place, this.#request, this.#leftAt, end, readings);
  }
}

function readingOf(readings: readonly LimitReading[], name: string): LimitReading | undefined {
  return readings.find((reading) => reading.limit === name);
}
