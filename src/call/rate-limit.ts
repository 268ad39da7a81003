// At most so many calls in any stretch of time, not only in those that begin at a full minute: each call is remembered
// until it is that old.

export interface RateLimit {
  /** When a call may go, as far as this limit is concerned; not after `now`: now. */
  readyAt(now: number): number;
  take(now: number): void;
  /** What an answer said is left. Others may use the same account, so it may be less than we think. */
  read(reading: { readonly available?: number; readonly size?: number }, now: number): void;
}

interface Taken {
  at: number;
  count: number;
}

/** Calls this close together (a share of the stretch) are remembered as one, at the later time: memory has a limit. */
const GRAIN = 1 / 1000;
/** Calls may arrive closer together than they were sent; a call counts this share of the stretch longer. */
const MARGIN = 1 / 50;
const MARGIN_MS_MAX = 50;

export function rateLimit(count: number, perMs: number): RateLimit {
  const holdMs = perMs + Math.min(MARGIN_MS_MAX, Math.ceil(perMs * MARGIN));
  const taken: Taken[] = [];
  let oldest = 0;
  let sum = 0;
  let size = count;

  function forget(now: number): void {
    for (let first = taken[oldest]; first !== undefined && first.at + holdMs <= now; first = taken[oldest]) {
      sum -= first.count;
      oldest += 1;
    }
    if (oldest > 64 && oldest * 2 > taken.length) {
      taken.splice(0, oldest);
      oldest = 0;
    }
  }

  function add(calls: number, now: number): void {
    const last = taken.at(-1);
    sum += calls;
    if (last !== undefined && taken.length > oldest && now - last.at < perMs * GRAIN) {
      last.at = Math.max(last.at, now);
      last.count += calls;
    } else {
      taken.push({ at: now, count: calls });
    }
  }

  return {
    readyAt(now) {
      forget(now);
      let over = sum + 1 - size;
      for (let index = oldest; over > 0; index += 1) {
        const entry = taken[index];
        if (entry === undefined) return now + holdMs;
        over -= entry.count;
        if (over <= 0) return entry.at + holdMs;
      }
      return now;
    },
    take: (now) => add(1, now),
    read(reading, now) {
      if (reading.size !== undefined && reading.size >= 1) size = reading.size;
      if (reading.available === undefined) return;
      forget(now);
      const unseen = size - Math.max(0, reading.available) - sum;
      if (unseen > 0) add(unseen, now);
    },
  };
}
