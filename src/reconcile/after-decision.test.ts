import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../world/virtual.ts";
import type { Claim } from "../store/store.ts";
import { afterDecision } from "./after-decision.ts";
import { intentOf } from "./intent.ts";

const claim: Claim = {
  sync: "orders-to-invoices",
  key: "1",
  seq: 3,
  state: "ready",
  priority: "live",
  notedAt: 0,
  attempts: 2,
  waits: 0,
  record: { hash: "h", version: "v", deleted: false, stale: 0 },
};
const now = 1_000_000_000;
const wait = { do: "wait", on: { sync: "customers", key: "c1" } } as const;

test("a record waits for another's link, looks again by itself, and spends no attempt", () => {
  const fate = afterDecision(claim, wait, now);
  assert.ok(fate.to === "waiting");
  assert.equal(fate.until, now + 60_000);
  assert.deepEqual([fate.attempts, fate.waits, fate.on], [2, 1, wait.on]);
});

test("after a day of waiting for a link a person is asked", () => {
  const fate = afterDecision({ ...claim, waitingSince: now - 86_400_001 }, wait, now);
  assert.ok(fate.to === "parked");
  assert.equal(fate.cause, "link");
  assert.match(fate.reason, /c1 of sync customers/);
});

test("deciding to look right after looking is a fault of ours, and stops there", () => {
  assert.throws(() => afterDecision(claim, { do: "look" }, now), /again right after it was read/);
});

test("an intent holds the exact fields, a key of its own, and the record that it was decided from", () => {
  const random = new SeededRandom(1);
  const update = { do: "update", targetKey: "I1", fields: { Total: "1.00" }, changed: ["Total"] } as const;
  const first = intentOf(claim, update, now, random);
  const second = intentOf(claim, update, now, random);
  assert.match(first?.id ?? "", /^[A-Za-z0-9_-]{22}$/);
  assert.notEqual(first?.id, second?.id);
  assert.deepEqual(first, {
    id: first?.id,
    action: "update",
    armedAt: now,
    sends: 1,
    recordHash: "h",
    recordVersion: "v",
    seq: 3,
    targetKey: "I1",
    fields: '{"Total":"1.00"}',
    changed: ["Total"],
  });
  assert.equal(intentOf(claim, wait, now, random), undefined);
});
