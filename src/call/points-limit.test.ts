import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pointsLimit } from "./points-limit.ts";

test("an empty bucket lets a call go as soon as it holds what the call costs", () => {
  const limit = pointsLimit(1_000, 50);
  limit.take(0, 1_000);
  assert.equal(limit.readyAt(0, 100), 2_000);
  assert.equal(limit.readyAt(2_000, 100), 2_000);
});

test("a call that costs more than the bucket holds goes when it is full", () => {
  const limit = pointsLimit(100, 10);
  assert.equal(limit.readyAt(0, 5_000), 0);
  limit.take(0, 5_000);
  assert.equal(limit.readyAt(0, 5_000), 10_000);
});

test("an answer's cost gives the difference back", () => {
  const limit = pointsLimit(100, 10);
  limit.take(0, 90);
  limit.give(0, 90, { cost: 20 });
  assert.equal(limit.readyAt(0, 80), 0);
});

test("what the provider says is there counts, less what is still under way", () => {
  const limit = pointsLimit(1_000, 50);
  limit.take(0, 100);
  limit.take(0, 100);
  limit.give(0, 100, { available: 300, size: 2_000, perSecond: 100 });
  assert.equal(limit.readyAt(0, 200), 0);
  assert.equal(limit.readyAt(0, 300), 1_000);
});

test("against a bucket like ours, no call ever finds too few points, in whatever order answers come", () => {
  const step = fc.record({ waitMs: fc.nat(3_000), cost: fc.integer({ min: 1, max: 400 }), answers: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const limit = pointsLimit(1_000, 50);
      let theirs = 1_000;
      let now = 0;
      const underWay: number[] = [];
      for (const { waitMs, cost, answers } of steps) {
        const at = Math.max(now + waitMs, limit.readyAt(now + waitMs, cost));
        theirs = Math.min(1_000, theirs + ((at - now) / 1_000) * 50);
        now = at;
        limit.take(now, cost);
        theirs -= cost;
        assert.ok(theirs >= -0.001, `${theirs}`);
        underWay.push(cost);
        if (answers) limit.give(now, underWay.shift()!, { available: theirs });
      }
    }),
  );
});
