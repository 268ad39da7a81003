// How many calls may be under way at once: a declared number, or one that is found out.
import type { LimitState } from "./limit-state.ts";

export function concurrencyLimit(count: number): LimitState {
  let underWay = 0;
  return {
    readyAt: (now) => (underWay < count ? now : Number.POSITIVE_INFINITY),
    take: () => void (underWay += 1),
    give: () => void (underWay -= 1),
    left: () => ({ available: count - underWay, size: count }),
    callsWithin: () => Number.POSITIVE_INFINITY,
  };
}

export const ADAPTIVE_START = 4;
/** However well it goes, no more calls than this are under way at one connection that declares no limit. */
export const ADAPTIVE_MAX = 64;
const CUT = 0.7;

/**
 * One more for each round of calls that went well while there was no room for more; a good part fewer when one was lost
 * (throttled, unavailable, not answered). Calls that left before the last cut tell of the time before it
 * (unless the clock was set back since).
 */
export function adaptiveLimit(): LimitState {
  let allowed = ADAPTIVE_START;
  let whole = ADAPTIVE_START;
  let underWay = 0;
  let round = 0;
  let cutAt = Number.NEGATIVE_INFINITY;
  return {
    readyAt: (now) => (underWay < whole ? now : Number.POSITIVE_INFINITY),
    take: () => void (underWay += 1),
    give(now, _cost, leftAt, end) {
      const wasFull = underWay >= whole;
      underWay -= 1;
      if (end === "answered") {
        // The room was not needed: that it is enough proves nothing of more.
        if (!wasFull && round === 0) return;
        round += 1;
        if (round < allowed || allowed === ADAPTIVE_MAX) return;
        allowed = Math.min(ADAPTIVE_MAX, allowed + 1);
      } else if (end === "lost" && (leftAt > cutAt || now < cutAt)) {
        allowed = Math.max(1, allowed * CUT);
        cutAt = now;
      } else return;
      round = 0;
      whole = Math.floor(allowed);
    },
    left: () => ({ available: Math.max(0, whole - underWay), size: whole }),
    callsWithin: () => Number.POSITIVE_INFINITY,
  };
}
