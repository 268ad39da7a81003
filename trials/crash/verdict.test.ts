import assert from "node:assert/strict";
import { test } from "node:test";
import { KILL_POINTS } from "./kill-points.ts";
import { shortcomings, type Figures } from "./verdict.ts";

const held: Figures = {
  kills: 200,
  acknowledged: 800,
  lost: 0,
  duplicates: 0,
  recovery_s_max: 1.8,
  errors: 0,
  recovery_s_median: 0.4,
  recoveries: 170,
  kills_at_points: Object.fromEntries(KILL_POINTS.map((point) => [point, 6])) as Figures["kills_at_points"],
  kills_at_random: 80,
  writes_cut_off: 100,
  unknown_resolved: 150,
  refreshes: 60,
  refresh_tokens_again: 20,
  webhooks: { lost: 200, duplicated: 100, late: 80 },
  troubles: { "cut-after": 60 },
  orders: 280,
  invoices: 260,
  customers: 46,
  seed: 1,
  plant: null,
  seconds: 216,
};

test("a run that exercised everything has no shortcomings", () => {
  assert.deepEqual(shortcomings(held, 200), []);
});

const SHORT: readonly (readonly [string, Partial<Figures>, RegExp])[] = [
  ["fewer kills than asked", { kills: 199 }, /wanted 200 kills/],
  ["a slow recovery", { recovery_s_max: 10.01 }, /recovery took 10.01 s/],
  ["a point that was never reached", { kills_at_points: { ...held.kills_at_points, "arm:before": 0 } }, /arm:before/],
  ["hardly any webhooks", { acknowledged: 199 }, /acknowledged webhooks/],
  ["no unknown outcome", { unknown_resolved: 0 }, /unknown outcomes/],
  ["no refresh", { refreshes: 0 }, /refreshes/],
  ["no lost webhook", { webhooks: {} }, /webhooks lost/],
  ["no answer cut after its effect", { troubles: {} }, /cut after/],
];
for (const [what, change, words] of SHORT) {
  test(`a run with ${what} is not taken for one that held`, () => {
    assert.match(shortcomings({ ...held, ...change }, 200).join("\n"), words);
  });
}
