import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { durationMs, durationText } from "./duration.ts";

const CASES: readonly (readonly [written: string, ms: number | undefined])[] = [
  ["500ms", 500],
  ["90s", 90_000],
  ["5m", 300_000],
  ["1.5h", 5_400_000],
  ["7d", 604_800_000],
  ["0m", undefined],
  ["-5m", undefined],
  ["5", undefined],
  ["m", undefined],
  ["5 m", undefined],
  ["5min", undefined],
  ["", undefined],
  ["1e9d", undefined],
];

for (const [written, ms] of CASES) {
  test(`${JSON.stringify(written)} is ${ms === undefined ? "no duration" : `${ms} ms`}`, () => {
    assert.equal(durationMs(written), ms);
  });
}

test("a duration reads back as it was written", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (ms) => durationMs(durationText(ms)) === ms));
});
