// At most so much in each window of time: calls or points. What the provider says of it counts where that is less than we
// think, since others may use the same account; and what was thought too little is mended by its next answers.
import type { LimitReading } from "../define/connector.ts";
import type { CallEnd, LimitState } from "./limit-state.ts";
import { spentLog } from "./spent-log.ts";
import type { Travel } from "./travel.ts";
import type { Release } from "./windows.ts";

export interface WindowLimitOptions {
  readonly size: number;
  readonly perMs: number;
  readonly release: Release;
  readonly travel: Travel;
  /** From more than 0 to 1. Default 1. */
  readonly share?: number;
  /** What a call takes: its cost (points), or 1 (calls). */
  readonly counts: "calls" | "points";
  /** What a call takes at the least until its cost is known. Default: the cost it says. */
  readonly costMost?: number;
}

export interface WindowLimit extends LimitState {
  /** Puts back what was spent before a restart. */
  restore(pieces: readonly (readonly [number, number])[]): void;
  pieces(): readonly (readonly [number, number])[];
  readonly used: number;
}

/** Calls this close together (a share of the window) are remembered as one. */
const GRAIN = 1 / 1000;
const PIECES_MAX = 100;
/** A reset is told in whole seconds, of a clock that is not ours. */
const RESET_MARGIN_MS = 1_000;
const RESET_MS_MAX = 86_400_000;

export function windowLimit(options: WindowLimitOptions): WindowLimit {
  const { perMs, release, travel, share = 1, counts, costMost } = options;
  const ours = (size: number): number => (share === 1 ? size : Math.max(1, Math.floor(size * share)));
  const log = spentLog(perMs * GRAIN, release, travel);
  let theirSize = options.size;
  let size = ours(theirSize);
  /** What others seem to have used, of which we know only from answers. */
  let foreign = 0;
  let foreignSince = 0;
  let foreignUntil = 0;
  /** The provider said that nothing is left until then. */
  let closedUntil = 0;
  let closedSince = 0;

  /** By our clock. */
  let latest = Number.NEGATIVE_INFINITY;

  const amountOf = (cost: number): number =>
    counts === "calls" ? 1 : costMost === undefined ? Math.max(0, cost) : Math.max(cost, costMost);

  /** What is remembered moves with a clock that is set back: else it would hold calls until the clock is there again. */
  function follow(now: number): void {
    const backMs = latest - now;
    latest = now;
    if (backMs <= 0) return;
    log.setBack(backMs);
    release.setBack?.(backMs);
    foreignSince -= backMs;
    foreignUntil -= backMs;
    closedSince -= backMs;
    closedUntil -= backMs;
  }

  function forget(now: number): void {
    follow(now);
    log.forget(now);
    if (foreign > 0 && foreignUntil <= now) foreign = 0;
  }

  function readyAt(now: number, cost: number): number {
    follow(now);
    // A call that takes more than there ever is goes when nothing else does.
    const wanted = Math.min(amountOf(cost), size);
    if (log.sum + foreign + wanted <= size && closedUntil <= now) return now;
    forget(now);
    const over = log.sum + foreign + wanted - size;
    if (over <= 0) return closedUntil <= now ? now : closedUntil;
    const withForeign = log.freeAt(over);
    const without = foreign === 0 ? withForeign : Math.max(foreignUntil, log.freeAt(over - foreign));
    return Math.max(Math.min(withForeign, without), closedUntil, now + 1);
  }

  function read(reading: LimitReading, now: number, leftAt: number): void {
    if (reading.size !== undefined && reading.size >= 1) {
      theirSize = reading.size;
      size = ours(theirSize);
    }
    if (reading.available === undefined) return;
    forget(now);
    const used = theirSize - Math.max(0, reading.available);
    const resetAt = resetOf(reading, now);
    // Calls under way may be in their count or not: others used at the least this, and at the most that.
    const least = used - log.sum;
    const most = Math.max(0, used - (log.sum - log.underWay));
    if (least > foreign) {
      foreign = least;
      foreignSince = now;
      foreignUntil = Math.min(release.releaseAt(now), resetAt ?? Number.POSITIVE_INFINITY);
    } else if (leftAt >= foreignSince && most < foreign) foreign = most;
    if (reading.available < 1 && resetAt !== undefined) {
      closedUntil = Math.max(closedUntil, resetAt);
      closedSince = now;
    } else if (reading.available >= 1 && leftAt >= closedSince) closedUntil = 0;
  }

  return {
    readyAt,
    take(now, cost) {
      follow(now);
      if (release.took !== undefined) {
        forget(now);
        release.took(now, log.sum === 0);
      }
      log.take(now, amountOf(cost));
    },
    give(now: number, cost: number, leftAt: number, end: CallEnd, reading) {
      follow(now);
      const taken = amountOf(cost);
      // What was never sent took nothing; what was sent took at least what is known of it, and never more than there is: a
      // figure that dwarfs the others would swallow them in the sum.
      const told = Math.min(reading?.cost ?? taken, Math.max(taken, theirSize));
      const real = end === "nothing" ? 0 : counts === "calls" ? taken : told;
      log.answered(leftAt, now, taken, real);
      release.answered?.(leftAt, now);
      if (reading !== undefined) read(reading, now, leftAt);
    },
    left(now) {
      forget(now);
      const used = log.sum + foreign;
      const whole = Math.max(closedUntil, used > 0 ? Math.max(foreign > 0 ? foreignUntil : 0, log.freeAt(log.sum)) : 0);
      const available = closedUntil > now ? 0 : Math.max(0, size - used);
      return { available, size, ...(whole > now ? { wholeAt: whole } : {}) };
    },
    callsWithin(now, durationMs) {
      follow(now);
      const end = now + durationMs;
      if (closedUntil > end) return 0;
      const usual = Math.max(0, size - log.sum - foreign) + (size * durationMs) / perMs;
      // What was spent at once is free again at once.
      const freed = size - log.stillAt(end) - (foreignUntil > end ? foreign : 0);
      return Math.max(usual, freed) / (counts === "calls" ? 1 : Math.max(1, costMost ?? 1));
    },
    restore(pieces) {
      for (const [at, amount] of pieces) log.restore(at, amount);
    },
    pieces: () => (foreign > 0 ? [...log.pieces(PIECES_MAX), [foreignSince, foreign]] : log.pieces(PIECES_MAX)),
    get used() {
      return log.sum + foreign;
    },
  };
}

function resetOf({ resetInMs, resetAt }: LimitReading, now: number): number | undefined {
  const at = resetAt ?? (resetInMs === undefined ? undefined : now + resetInMs);
  return at === undefined ? undefined : Math.min(at + RESET_MARGIN_MS, now + RESET_MS_MAX);
}
