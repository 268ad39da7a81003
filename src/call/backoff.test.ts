import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "./backoff.ts";

for (const [attempt, random, wanted] of [
  [0, 0, 0],
  [0, 0.999_999, 999],
  [3, 0.5, 4_000],
  [9, 0.5, 256_000],
  [10, 0.5, 450_000],
  [5_000, 0.999_999_9, 899_999],
  [-1, 0.5, 500],
] as const) {
  test(`attempt ${attempt} with ${random} waits ${wanted} ms`, () => {
    assert.equal(backoffMs(attempt, random), wanted);
  });
}

test("the limits can be others", () => {
  assert.equal(backoffMs(20, 0.5, { baseMs: 10, capMs: 100 }), 50);
});
