import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth } from "./control.ts";
import { syncHealth, type SyncFacts } from "./health.ts";
import { billsSync } from "./testing/small-world.ts";

const NOW = 1_000_000_000;
const sync = billsSync();
const nothing = { sync: "bills", ready: 0, waiting: 0, sending: 0, unknown: 0, parked: 0, links: 5 };
const active = (name: string): ConnectionHealth => ({ connection: name, connector: name, state: "active" });

function healthOf(changes: Partial<SyncFacts> = {}, ...connections: readonly ConnectionHealth[]) {
  const known = [active("shop"), active("books"), ...connections];
  return syncHealth({
    sync,
    counted: nothing,
    connections: new Map(known.map((health) => [health.connection, health])),
    listingFault: undefined,
    now: NOW,
    ...changes,
  });
}

const waitingFor = (ageMs: number) => ({ counted: { ...nothing, waiting: 1, oldestNotedAt: NOW - ageMs } });
const signIn: ConnectionHealth = { ...active("books"), state: "reauthorize", reason: "the token was revoked" };

const cases: readonly [string, ReturnType<typeof healthOf>, string, string?][] = [
  ["nothing to do", healthOf(), "fresh"],
  ["a sync that nothing is counted of yet", healthOf({ counted: undefined }), "fresh"],
  ["a change as old as is allowed", healthOf(waitingFor(60_000)), "fresh"],
  ["a change that is older", healthOf(waitingFor(60_001)), "behind"],
  ["a parked record", healthOf({ counted: { ...nothing, parked: 1 } }), "parked"],
  [
    "an old change beside a parked record",
    healthOf({ counted: { ...waitingFor(60_001).counted, parked: 1 } }),
    "behind",
  ],
  [
    "a connection that has to be authorised",
    healthOf(waitingFor(60_001), signIn),
    "held",
    "connection books is reauthorize: the token was revoked",
  ],
  [
    "a connection that is throttled",
    healthOf({}, { ...active("shop"), heldUntil: NOW + 1 }),
    "held",
    "connection shop takes no calls for now",
  ],
  [
    "a connection that cannot be reached",
    healthOf({}, { ...active("shop"), heldUntil: NOW + 1, reason: "its last call ended unavailable: no answer" }),
    "held",
    "connection shop takes no calls for now: its last call ended unavailable: no answer",
  ],
  ["a connection that was throttled", healthOf({}, { ...active("shop"), heldUntil: NOW }), "fresh"],
  ["a source that cannot be listed", healthOf({ listingFault: "GET /orders: 500" }), "held", "GET /orders: 500"],
];
for (const [what, { health, heldBecause }, wanted, because] of cases) {
  test(`${what} is ${wanted}`, () => {
    assert.equal(health, wanted);
    assert.equal(heldBecause, because);
  });
}

test("how far behind it is counts from the oldest change, and never from the future", () => {
  assert.equal(healthOf(waitingFor(5_000)).behindMs, 5_000);
  assert.equal(healthOf(waitingFor(-5_000)).behindMs, 0, "a clock that was set back");
});

test("the owner is told by name, and nobody when there is none", () => {
  assert.equal(healthOf().owner, "finance");
  const { owner: _, ...orphan } = sync;
  assert.equal(healthOf({ sync: orphan }).owner, "nobody");
});
