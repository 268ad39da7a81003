import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim, PendingWrite, Priority } from "../store/store.ts";
import { Decided } from "./decided.ts";

const write: PendingWrite = { id: "w", action: "create", armedAt: 0, sends: 1, recordHash: "h" };

function of(...order: readonly Priority[]): Decided {
  const decided = new Decided();
  order.forEach((priority, index) => {
    const claim = { sync: "s", key: `${priority} ${index}`, priority } as Claim;
    decided.add({ claim, write, fields: undefined });
  });
  return decided;
}

const keys = (taken: readonly { readonly claim: Claim }[]): readonly string[] => taken.map(({ claim }) => claim.key);

test("what is urgent is taken apart from what can wait, and each in the order of urgency and then of coming", () => {
  const decided = of("backfill", "live", "scheduled", "person", "backfill", "live");
  assert.deepEqual(keys(decided.takeUrgent(2)), ["person 3", "live 1"]);
  assert.deepEqual(keys(decided.takeLater(2)), ["scheduled 2", "backfill 0"]);
  assert.deepEqual(keys(decided.takeUrgent(9)), ["live 5"]);
  assert.deepEqual(keys(decided.takeAll()), ["backfill 4"]);
});

test("no room takes nothing", () => {
  const decided = of("live", "backfill");
  assert.deepEqual(keys(decided.takeUrgent(0)), []);
  assert.deepEqual(keys(decided.takeLater(-3)), []);
  assert.equal(decided.takeAll().length, 2);
});
