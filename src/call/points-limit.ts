// A bucket of points that fills all the time, as providers with costed queries keep it. Ours is only a guess of theirs:
// each answer says how theirs stands, and ours follows.

export interface PointsReading {
  readonly available?: number;
  readonly size?: number;
  readonly perSecond?: number;
  readonly cost?: number;
}

export interface PointsLimit {
  /** When a call of this cost may go; not after `now`: now. */
  readyAt(now: number, cost: number): number;
  take(now: number, cost: number): void;
  /** The call ended; the reading is what its answer said, if it said anything. */
  give(now: number, cost: number, reading: PointsReading | undefined): void;
}

export function pointsLimit(startSize: number, startPerSecond: number): PointsLimit {
  let size = startSize;
  let perSecond = startPerSecond;
  let points = size;
  let at = Number.NEGATIVE_INFINITY;
  let underWay = 0;

  function fill(now: number): void {
    if (at !== Number.NEGATIVE_INFINITY && now > at) points = Math.min(size, points + ((now - at) / 1000) * perSecond);
    at = Math.max(at, now);
  }
  /** A call that costs more than the bucket holds goes when it is full: waiting longer would not help. */
  const costOf = (cost: number): number => Math.min(Math.max(0, cost), size);

  return {
    readyAt(now, cost) {
      fill(now);
      const lacking = costOf(cost) - points;
      return lacking <= 0 ? now : now + Math.ceil((lacking / perSecond) * 1000);
    },
    take(now, cost) {
      fill(now);
      points -= costOf(cost);
      underWay += costOf(cost);
    },
    give(now, cost, reading) {
      fill(now);
      underWay = Math.max(0, underWay - costOf(cost));
      if (reading === undefined) return;
      if (reading.size !== undefined && reading.size > 0) size = reading.size;
      if (reading.perSecond !== undefined && reading.perSecond > 0) perSecond = reading.perSecond;
      // What is under way may be missing from the provider's figure or already taken off: think the worse.
      if (reading.available !== undefined) points = Math.min(size, reading.available - underWay);
      else if (reading.cost !== undefined) points = Math.min(size, points + costOf(cost) - reading.cost);
    },
  };
}
