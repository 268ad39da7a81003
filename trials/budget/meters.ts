// How a provider meters its limits, by arithmetic of its own: every call that it took is remembered exactly, at the moment
// when it came in. A call too many is counted, and refused as a provider would.

export interface Meter {
  /** A call of this cost comes in. False: it is over the limit. */
  comesIn(at: number, cost: number): boolean;
  /** The provider is through with it. */
  ends(at: number): void;
  /** Calls that were over the limit. */
  readonly over: number;
  /** The part of the limit that was used from its first call until then. */
  utilisation(until: number): number;
}

/** At most `size` in any stretch of `perMs`: an exact log. */
export function slidingMeter(size: number, perMs: number): Meter {
  const log: { readonly at: number; readonly cost: number }[] = [];
  let from = 0;
  let sum = 0;
  let over = 0;
  return {
    comesIn(at, cost) {
      for (let first = log[from]; first !== undefined && first.at <= at - perMs; first = log[from]) {
        sum -= first.cost;
        from += 1;
      }
      if (sum + cost > size) {
        over += 1;
        return false;
      }
      sum += cost;
      log.push({ at, cost });
      return true;
    },
    ends: () => {},
    get over() {
      return over;
    },
    utilisation(until) {
      const start = log[0]?.at ?? until;
      const windows = Math.floor((until - start) / perMs);
      const used = log.reduce((total, { at, cost }) => (at < start + windows * perMs ? total + cost : total), 0);
      return used / (windows * size);
    },
  };
}

/** At most `size` in each window; `windowOf` tells when the window began that a call comes into. */
function windowsMeter(size: number, perMs: number, windowOf: (at: number) => number): Meter {
  const used = new Map<number, number>();
  let over = 0;
  return {
    comesIn(at, cost) {
      const window = windowOf(at);
      const before = used.get(window) ?? 0;
      if (before + cost > size) {
        over += 1;
        return false;
      }
      used.set(window, before + cost);
      return true;
    },
    ends: () => {},
    get over() {
      return over;
    },
    utilisation(until) {
      // The first and the last window were only partly there. What was let pass between them without a call counts too.
      const windows = [...used.entries()].toSorted(([a], [b]) => a - b);
      const [first = until] = windows[0] ?? [];
      const [last = until] = windows.at(-1) ?? [];
      const isOver = until >= last + perMs;
      const whole = isOver ? windows.slice(1) : windows.slice(1, -1);
      const elapsedMs = (isOver ? until : last) - (first + perMs);
      return (whole.reduce((total, [, cost]) => total + cost, 0) * perMs) / (elapsedMs * size);
    },
  };
}

/** Windows of the provider's clock, which is `skewMs` ahead of ours, `offsetMs` after each full one. */
export function clockMeter(size: number, perMs: number, skewMs: number, offsetMs = 0): Meter {
  const aheadMs = skewMs + offsetMs;
  return windowsMeter(size, perMs, (at) => Math.floor((at + aheadMs) / perMs) * perMs - aheadMs);
}

/** Windows that begin with the first call after the last one's end. */
export function firstCallMeter(size: number, perMs: number): Meter {
  let from = Number.NEGATIVE_INFINITY;
  return windowsMeter(size, perMs, (at) => {
    if (at >= from + perMs) from = at;
    return from;
  });
}

/** At most `size` at the same time. */
export function atOnceMeter(size: number): Meter {
  let inWork = 0;
  let busyMs = 0;
  let start: number | undefined;
  let last = 0;
  let over = 0;
  const passed = (at: number): void => {
    start ??= at;
    busyMs += inWork * (at - Math.max(last, start));
    last = at;
  };
  return {
    comesIn(at) {
      passed(at);
      if (inWork >= size) {
        over += 1;
        return false;
      }
      inWork += 1;
      return true;
    },
    ends(at) {
      passed(at);
      inWork -= 1;
    },
    get over() {
      return over;
    },
    utilisation(until) {
      passed(until);
      return busyMs / ((until - (start ?? until)) * size);
    },
  };
}

/** A bucket that fills by `perSecond`, in steps of `stepMs` where that is not 0; what was left at first is not counted as used. */
export function bucketMeter(size: number, perSecond: number, stepMs = 0): Meter & { readonly level: number } {
  let level = size;
  let last: number | undefined;
  let start = 0;
  let used = 0;
  let over = 0;
  const fill = (at: number): void => {
    const steps = stepMs === 0 ? at : Math.floor(at / stepMs) * stepMs;
    if (last === undefined) start = steps;
    level = Math.min(size, level + ((steps - (last ?? steps)) / 1000) * perSecond);
    last = steps;
  };
  return {
    comesIn(at, cost) {
      fill(at);
      if (cost > level + 1e-6) {
        over += 1;
        return false;
      }
      level -= cost;
      used += cost;
      return true;
    },
    ends: () => {},
    get over() {
      return over;
    },
    get level() {
      return Math.floor(level);
    },
    utilisation(until) {
      return (used - size) / (((until - start) / 1000) * perSecond);
    },
  };
}
