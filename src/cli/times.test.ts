// Times as people type and read them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { agoText, durationText, sinceOf, timeText } from "./times.ts";

const NOW = Date.UTC(2026, 7, 20, 12);
const SINCE: readonly (readonly [text: string, at: number | undefined])[] = [
  ["2h", NOW - 7_200_000],
  ["1d12h", NOW - 129_600_000],
  ["45s", NOW - 45_000],
  ["2026-08-20T10:00Z", NOW - 7_200_000],
  ["2026-08-20", NOW - 43_200_000],
  ["2 hours", undefined],
  ["2", undefined],
  ["", undefined],
  ["2026-99-99", undefined],
];
for (const [text, at] of SINCE) {
  test(`${JSON.stringify(text)} is ${at === undefined ? "no time" : new Date(at).toISOString()}`, () => {
    assert.equal(sinceOf(text, NOW), at);
  });
}

const DURATIONS: readonly (readonly [ms: number, text: string])[] = [
  [0, "0s"],
  [999, "0s"],
  [12_000, "12s"],
  [125_000, "2m 5s"],
  [3_600_000, "1h"],
  [3_605_000, "1h"],
  [90_000_000, "1d 1h"],
];
for (const [ms, text] of DURATIONS) {
  test(`${ms} ms reads ${text}`, () => assert.equal(durationText(ms), text));
}

test("a time is the same for everybody, and no time is never", () => {
  assert.equal(timeText(NOW), "2026-08-20 12:00:00Z");
  assert.equal(agoText(NOW - 65_000, NOW), "1m 5s ago");
  assert.equal(agoText(undefined, NOW), "never");
});
