import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { LimitReading } from "../define/connector.ts";
import { pointsLimit } from "./points-limit.ts";
import { createTravel } from "./travel.ts";

/** Half a second's points are always left in: nothing is known yet of how long calls are on their way. */
const KEPT_MS = 500;

function setup(size: number, perSecond: number, more: { costMost?: number; fillsEveryMs?: number } = {}) {
  const limit = pointsLimit({ size, perSecond, travel: createTravel(), ...more });
  const give = (now: number, cost: number, reading: Omit<LimitReading, "limit">): void =>
    limit.give(now, cost, now, "answered", { limit: "points", ...reading });
  return { limit, give };
}

test("an empty bucket lets a call go as soon as it holds what the call costs, and what is always left in", () => {
  const { limit } = setup(1_000, 50);
  limit.take(0, 1_000);
  assert.equal(limit.readyAt(0, 100), 2_000 + KEPT_MS);
  assert.equal(limit.readyAt(2_500, 100), 2_500);
});

test("where the provider fills it by the second, a second more is left in", () => {
  const { limit } = setup(1_000, 50, { fillsEveryMs: 1_000 });
  limit.take(0, 1_000);
  assert.equal(limit.readyAt(0, 100), 2_000 + KEPT_MS + 1_000);
});

test("a call that costs more than the bucket holds goes when it is full", () => {
  const { limit } = setup(100, 10);
  assert.equal(limit.readyAt(0, 5_000), 0);
  limit.take(0, 100);
  assert.equal(limit.readyAt(0, 5_000), 10_000);
});

test("an answer's cost gives the difference back, and a call that was never sent gives all of it back", () => {
  const { limit, give } = setup(100, 10);
  limit.take(0, 90);
  give(0, 90, { cost: 20 });
  assert.equal(limit.readyAt(0, 75), 0);
  limit.take(0, 75);
  limit.give(0, 75, 0, "nothing", undefined);
  assert.equal(limit.readyAt(0, 75), 0);
});

test("a call whose cost shows only afterwards takes the most that one may cost until then", () => {
  const { limit, give } = setup(100, 10, { costMost: 60 });
  limit.take(0, 1);
  assert.equal(limit.readyAt(0, 1), 2_500);
  give(0, 1, { cost: 3 });
  assert.equal(limit.readyAt(0, 1), 0);
});

test("what the provider says is there counts, less what is still under way", () => {
  const { limit, give } = setup(1_000, 50);
  limit.take(0, 100);
  limit.take(0, 100);
  give(0, 100, { available: 300, size: 2_000, perSecond: 100 });
  assert.equal(limit.readyAt(0, 150), 0);
  assert.equal(limit.readyAt(0, 250), 1_000);
  assert.deepEqual(limit.left(0), { available: 200, size: 2_000, wholeAt: 18_000 });
});

test("against a bucket like ours, no call ever finds too few points, however late it comes in", () => {
  const step = fc.record({
    waitMs: fc.nat(3_000),
    cost: fc.integer({ min: 1, max: 400 }),
    lateMs: fc.nat(KEPT_MS),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { limit } = setup(1_000, 50);
      const arrivals: { at: number; cost: number }[] = [];
      let now = 0;
      for (const { waitMs, cost, lateMs } of steps) {
        now = Math.max(now + waitMs, limit.readyAt(now + waitMs, cost));
        limit.take(now, cost);
        arrivals.push({ at: now + lateMs, cost });
      }
      let theirs = 1_000;
      let before = 0;
      for (const { at, cost } of arrivals.toSorted((a, b) => a.at - b.at)) {
        theirs = Math.min(1_000, theirs + ((at - before) / 1_000) * 50) - cost;
        before = at;
        assert.ok(theirs >= -0.001, `${theirs}`);
      }
    }),
  );
});
