import assert from "node:assert/strict";
import { test } from "node:test";
import { shortcomings, type Figures } from "./verdict.ts";

const good: Figures = {
  trials: 20,
  connectionsLost: 0,
  presentedTwice: 0,
  kills: 7,
  stops: 9,
  refreshes: 41,
  unavoidable: 3,
  presentedInGrace: 5,
  byFault: { "kill-answered": 3, "stop-answered": 3 },
  seed: 1,
  plant: null,
  seconds: 9,
};

test("a run that exercised everything has no shortcomings", () => {
  assert.deepEqual(shortcomings(good, 20), []);
});

for (const [what, change] of [
  ["killed nobody", { kills: 0 }],
  ["stopped nobody", { stops: 0 }],
  ["ended early", { trials: 19 }],
  ["refreshed too seldom", { refreshes: 3 }],
  ["never used a grace", { presentedInGrace: 0 }],
  ["never killed between answer and commit", { byFault: { "stop-answered": 3 }, unavoidable: 0 }],
  ["gave up more than could be its provider's doing", { unavoidable: 4 }],
] as const) {
  test(`a run that ${what} proves nothing`, () => {
    assert.notDeepEqual(shortcomings({ ...good, ...change }, 20), []);
  });
}
