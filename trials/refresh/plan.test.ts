import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../src/world/virtual.ts";
import { isUnavoidable, plansOf } from "./plan.ts";

test("each account has its own name, and thirteen trials hold every kind of fault", () => {
  const plans = plansOf(13, new SeededRandom(1));
  assert.equal(new Set(plans.map(({ connection }) => connection)).size, 13);
  const kinds = new Set(plans.map(({ fault, graceMs }) => `${fault} ${graceMs > 0}`));
  assert.equal(kinds.size, 10);
});

test("the same seed gives the same plans, another seed another order", () => {
  const faults = (seed: number): string => JSON.stringify(plansOf(26, new SeededRandom(seed)));
  assert.equal(faults(1), faults(1));
  assert.notEqual(faults(1), faults(2));
});

test("only an answer that died where there is no grace is nobody's doing", () => {
  const unavoidable = plansOf(13, new SeededRandom(1)).filter(isUnavoidable);
  assert.deepEqual(
    new Set(unavoidable.map(({ fault, graceMs }) => `${fault} ${graceMs}`)),
    new Set(["kill-answered 0"]),
  );
});
