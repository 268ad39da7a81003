import assert from "node:assert/strict";
import { test } from "node:test";
import { planOf } from "./options.ts";

void test("without flags all works are measured three times, the backfill with 100,000 records", () => {
  const plan = planOf([]);
  assert.deepEqual(plan.works, ["w1", "w2", "w3", "audit", "merge"]);
  assert.equal(plan.runs, 3);
  assert.equal(plan.ingestEvents, 40_000);
  assert.equal(plan.backfillRecords, 100_000);
  assert.deepEqual(plan.memoryRecords, [100_000, 1_000_000]);
});

void test("--quick measures less, once, unless --runs says more", () => {
  assert.equal(planOf(["--quick"]).runs, 1);
  assert.equal(planOf(["--quick", "--runs", "2"]).runs, 2);
  assert.equal(planOf(["--quick"]).backfillRecords, 20_000);
});

void test("a work or a count that makes no sense stops the start and is named", () => {
  assert.throws(() => planOf(["--only", "w4"]), /expected --only w1, w2, w3, audit, merge, got w4/);
  assert.throws(() => planOf(["--runs", "none"]), /expected --runs 1 or more/);
  assert.throws(() => planOf(["--fast"]), /--fast/);
});
