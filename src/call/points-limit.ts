// A bucket of points that fills all the time, as providers with costed queries keep it. Ours is only a guess of theirs:
// each answer says how theirs stands, and ours follows.
import type { LimitReading } from "../define/connector.ts";
import type { LimitState } from "./limit-state.ts";
import type { Travel } from "./travel.ts";

export interface PointsLimitOptions {
  readonly size: number;
  readonly perSecond: number;
  readonly travel: Travel;
  /** How often they fill theirs. Default: all the time. */
  readonly fillsEveryMs?: number;
  readonly costMost?: number;
}

export function pointsLimit(options: PointsLimitOptions): LimitState {
  const { travel, fillsEveryMs = 0, costMost } = options;
  let { size, perSecond } = options;
  let points = size;
  let at = Number.NEGATIVE_INFINITY;
  let underWay = 0;

  function fill(now: number): void {
    if (at !== Number.NEGATIVE_INFINITY && now > at) points = Math.min(size, points + ((now - at) / 1000) * perSecond);
    // Also where the clock was set back: it fills on from there.
    at = now;
  }
  /** However little it is said to hold, it is full again before the time that filling it twice takes. */
  const within = (told: number): number => Math.min(size, Math.max(-size, told));
  const costOf = (cost: number): number => Math.max(0, cost, costMost ?? 0);
  /** Calls may come in closer together than they left, and find less filled: so much is always left in. */
  const kept = (): number => (perSecond * (travel.lateMs + fillsEveryMs)) / 1000;

  return {
    readyAt(now, cost) {
      fill(now);
      // A call that costs more than the bucket holds goes when it is full: waiting longer would not help.
      const lacking = Math.min(costOf(cost) + kept(), size) - points;
      return lacking <= 0 ? now : now + Math.ceil((lacking / perSecond) * 1000);
    },
    take(now, cost) {
      fill(now);
      points -= costOf(cost);
      underWay += costOf(cost);
    },
    give(now, cost, _leftAt, end, reading) {
      fill(now);
      const taken = costOf(cost);
      underWay = Math.max(0, underWay - taken);
      if (end === "nothing") points = Math.min(size, points + taken);
      if (reading === undefined) return;
      follow(reading, taken);
    },
    left(now) {
      fill(now);
      const wholeAt = now + Math.ceil(((size - points) / perSecond) * 1000);
      return { available: Math.max(0, Math.floor(points)), size, ...(points < size ? { wholeAt } : {}) };
    },
    callsWithin(now, durationMs) {
      fill(now);
      return Math.max(0, points + (perSecond * durationMs) / 1000) / Math.max(1, costMost ?? 1);
    },
  };

  function follow(reading: LimitReading, taken: number): void {
    if (reading.size !== undefined && reading.size > 0) size = reading.size;
    if (reading.perSecond !== undefined && reading.perSecond > 0) perSecond = reading.perSecond;
    // What is under way may be missing from the provider's figure or already taken off: think the worse.
    if (reading.available !== undefined) points = within(reading.available - underWay);
    else if (reading.cost !== undefined) points = within(points + taken - reading.cost);
  }
}
