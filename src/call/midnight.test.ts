import assert from "node:assert/strict";
import { test } from "node:test";
import { midnightsIn } from "./midnight.ts";

for (const [zone, at, midnight] of [
  ["UTC", "2026-11-20T12:00:00Z", "2026-11-21T00:00:00Z"],
  ["UTC", "2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z"],
  ["Asia/Kolkata", "2026-11-20T12:00:00Z", "2026-11-20T18:30:00Z"],
  ["America/New_York", "2026-11-20T12:00:00Z", "2026-11-21T05:00:00Z"],
  // The day on which clocks go forward has 23 hours, the one on which they go back 25.
  ["America/New_York", "2026-03-08T05:00:01Z", "2026-03-09T04:00:00Z"],
  ["America/New_York", "2026-11-01T04:00:01Z", "2026-11-02T05:00:00Z"],
  // In Beirut that day has no midnight: it begins at one.
  ["Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z"],
] as const) {
  test(`after ${at} a day begins in ${zone} at ${midnight}`, () => {
    assert.equal(new Date(midnightsIn(zone)(Date.parse(at))).toISOString(), new Date(midnight).toISOString());
  });
}

test("asked for day after day it says each midnight once", () => {
  const next = midnightsIn("Europe/Vienna");
  let at = Date.UTC(2026, 0, 1);
  const lengths = new Set<number>();
  for (let day = 0; day < 400; day += 1) {
    const midnight = next(at + 1);
    if (day > 0) lengths.add((midnight - at) / 3_600_000);
    at = midnight;
  }
  assert.deepEqual(
    [...lengths].toSorted((a, b) => a - b),
    [23, 24, 25],
  );
});
