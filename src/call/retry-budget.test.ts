import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryBudget } from "./retry-budget.ts";

test("while everything fails, at most a tenth more is called, and one a second", () => {
  const budget = new RetryBudget();
  let repeated = 0;
  for (let call = 0; call < 10_000; call += 1) {
    const now = call;
    budget.called(now);
    if (budget.take(now)) repeated += 1;
  }
  // Ten to begin with, a tenth of 10,000 calls, and one for each of the ten seconds.
  assert.ok(repeated <= 10 + 1_000 + 10, `${repeated}`);
  assert.ok(repeated >= 1_000, `${repeated}`);
});

test("a clock that was set back gives nothing away", () => {
  const budget = new RetryBudget();
  budget.called(1_000_000);
  while (budget.take(1_000_000));
  assert.equal(budget.take(0), false);
});
