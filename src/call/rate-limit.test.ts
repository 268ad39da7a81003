import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rateLimit } from "./rate-limit.ts";

/** The most calls in any stretch of `perMs`, both ends counted. */
function mostIn(times: readonly number[], perMs: number): number {
  let most = 0;
  let from = 0;
  for (const [to, at] of times.entries()) {
    while (times[from]! < at - perMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

test("no stretch of time ever holds more calls than the limit, whenever they are asked for", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(fc.nat(3_000), { minLength: 1, maxLength: 400 }),
      (count, perMs, gaps) => {
        const limit = rateLimit(count, perMs);
        const times: number[] = [];
        let now = 1_000_000;
        for (const gap of gaps) {
          now += gap;
          if (limit.readyAt(now) > now) continue;
          limit.take(now);
          times.push(now);
        }
        assert.ok(mostIn(times, perMs) <= count);
      },
    ),
  );
});

test("waiting just as long as it says always leads to a call, and uses nearly the whole limit", () => {
  const limit = rateLimit(500, 60_000);
  const times: number[] = [];
  let now = 0;
  while (times.length < 5_000) {
    now = Math.max(now, limit.readyAt(now));
    assert.ok(limit.readyAt(now) <= now, "it goes when it was said to go");
    limit.take(now);
    times.push(now);
  }
  assert.ok(mostIn(times, 60_000) <= 500);
  assert.ok(times.length / now >= (0.95 * 500) / 60_000);
});

test("what an answer says is left counts when it is less than we think", () => {
  const limit = rateLimit(10, 1_000);
  limit.take(0);
  limit.read({ available: 2 }, 0);
  for (let call = 0; call < 2; call += 1) {
    assert.ok(limit.readyAt(10) <= 10);
    limit.take(10);
  }
  assert.ok(limit.readyAt(10) > 10);
  limit.read({ available: 9 }, 10);
  assert.ok(limit.readyAt(10) > 10, "more than we think is not believed");
});

test("an answer can tell of a greater limit", () => {
  const limit = rateLimit(1, 1_000);
  limit.take(0);
  limit.read({ size: 3 }, 0);
  assert.ok(limit.readyAt(0) <= 0);
});

test("a limit of a million a day is kept in little memory and stays exact at its edge", () => {
  const day = 86_400_000;
  const limit = rateLimit(1_000_000, day);
  for (let call = 0; call < 1_000_000; call += 1) {
    assert.ok(limit.readyAt(call) <= call);
    limit.take(call);
  }
  assert.ok(limit.readyAt(1_000_000) > day);
});
