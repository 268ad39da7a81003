// What somebody has to know, from how everything stands.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionHealth, SyncHealth } from "../control.ts";
import { fakeStatus, NOW } from "../server/testing/fake-control.ts";
import { NO_COUNTS } from "../watch/audit/report.ts";
import { causesOf, type AlertFacts } from "./causes.ts";

const MINUTE = 60_000;
const counts = { ready: 3, waiting: 0, sending: 0, unknown: 0, parked: 0, links: 9 };
const well: SyncHealth = {
  sync: "orders",
  from: "shop/orders",
  to: "books/bills",
  purpose: "",
  owner: "Finance",
  ...counts,
  health: "fresh",
  behindMs: 0,
  freshWithinMs: 5 * MINUTE,
};
const people: SyncHealth = { ...well, sync: "people", from: "crm/people", to: "shop/people", owner: "nobody" };
const behind = { health: "behind", behindMs: 9 * MINUTE } as const;

interface Facts extends Partial<Omit<AlertFacts, "status">> {
  readonly arrivals?: Pick<AlertFacts["status"], "arrivalsWaiting" | "arrivalsOldestAt">;
  readonly syncs?: readonly SyncHealth[];
  readonly connections?: readonly ConnectionHealth[];
  readonly resources?: AlertFacts["status"]["resources"];
}

function causes({
  syncs = [well, people],
  connections = [],
  resources = [],
  arrivals = { arrivalsWaiting: 0 },
  ...facts
}: Facts) {
  const status = { ...fakeStatus(), syncs, connections, resources, ...arrivals };
  return causesOf({ status, groups: [], webhooks: [], drifts: [], audits: [], ...facts });
}

const ids = (facts: Facts): readonly string[] => causes(facts).map(({ id }) => id);

test("nobody has to know that all is well", () => assert.deepEqual(ids({}), []));

test("a sync that is behind is told with how old the oldest change is, and whether anything moves", () => {
  const [stuck] = causes({ syncs: [{ ...well, ...behind, lastClearedAt: NOW - 20 * MINUTE }] });
  assert.equal(stuck?.reason, "the oldest change is 9m old, and 5m are allowed; nothing was written since");
  assert.deepEqual([stuck?.id, stuck?.since, stuck?.count], ["late orders", NOW - 9 * MINUTE, 3]);
  const [moving] = causes({ syncs: [{ ...well, ...behind, lastClearedAt: NOW - MINUTE }] });
  assert.equal(moving?.reason, "the oldest change is 9m old, and 5m are allowed");
});

test("a source that cannot be listed is told although nothing is known to be late, but not at once", () => {
  const [held] = causes({ syncs: [{ ...well, health: "held", heldBecause: "shop/orders could not be listed: 500" }] });
  assert.deepEqual(
    [held?.id, held?.reason, held?.graceMs],
    ["late orders", "shop/orders could not be listed: 500", 5 * MINUTE],
  );
});

test("a first listing that moves is under way, and one that does not is told", () => {
  const resources = [{ resource: "shop/orders", records: 1, deleted: 0, everything: { beganAt: NOW - 60 * MINUTE } }];
  assert.deepEqual(ids({ resources, syncs: [{ ...well, ...behind, lastClearedAt: NOW - MINUTE }] }), []);
  const stuck = { ...well, ...behind, lastClearedAt: NOW - 20 * MINUTE };
  assert.deepEqual(ids({ resources, syncs: [stuck] }), ["late orders"]);
});

test("a connection that needs a person is told once, and not for each sync that it holds", () => {
  const gone = { connector: "shopify", state: "reauthorize", reason: "invalid_grant", since: NOW - MINUTE } as const;
  const held = [well, people].map((sync) => ({ ...sync, ...behind, health: "held" as const }));
  const [cause, ...others] = causes({ syncs: held, connections: [{ connection: "shop", ...gone }] });
  assert.deepEqual(others, []);
  assert.deepEqual(
    [cause?.id, cause?.syncs, cause?.owners, cause?.path, cause?.since],
    ["connection shop", ["orders", "people"], ["Finance"], "/connect/shop", NOW - MINUTE],
  );
  const paused = { connection: "shop", connector: "shopify", state: "paused", reason: "disconnected" } as const;
  assert.deepEqual(ids({ syncs: held, connections: [paused] }), []);
});

test("what is parked is one alert for each cause; held deletions and conflicts say what to do of their own", () => {
  const first = { key: "1", reason: "why", todo: "mend it" };
  const groups = (["mapping", "invalid", "deletions", "edited"] as const).map((cause, index) => ({
    sync: "orders",
    cause,
    count: index + 1,
    since: NOW,
    first,
  }));
  assert.deepEqual(
    causes({ groups }).map(({ id, title, todo }) => [id, title, todo]),
    [
      ["parked orders mapping", "1 record of orders is parked (mapping)", "mend it"],
      ["parked orders invalid", "2 records of orders are parked (invalid)", "mend it"],
      [
        "deletions orders",
        "3 deletions of orders are held",
        "say whether they were meant: bowline deletions allow orders, or refuse",
      ],
      [
        "conflicts orders",
        "4 records of orders were edited on both sides, and a person decides",
        "see them: bowline conflicts --open",
      ],
    ],
  );
});

test("webhooks that are lost or quiet are told to those whose syncs read by them", () => {
  const resources = [{ resource: "shop/orders", found: 3, lastAt: NOW - 60 * MINUTE, quietAt: NOW - MINUTE }];
  const view = { connection: "shop", how: "api", subscriptions: 1, faults: [], resources } as const;
  const [quiet] = causes({ webhooks: [view] });
  assert.deepEqual([quiet?.id, quiet?.syncs, quiet?.since], ["webhooks shop", ["orders"], NOW - MINUTE]);
  assert.equal(quiet?.reason, "shop/orders has gone quiet, and polling found 3 changes");
  const faults = [{ topic: "orders/updated", why: "missing" }] as const;
  const [lost] = causes({ webhooks: [{ ...view, resources: [], faults, faultsSince: NOW, todo: "do it by hand" }] });
  assert.deepEqual([lost?.id, lost?.todo], ["webhooks shop", "do it by hand"]);
});

test("listed records that cannot be read are told for the sync that reads them", () => {
  const unreadable = [{ at: NOW, place: "page 1", reason: "no id", excerpt: "{}" }];
  const resources = [{ resource: "shop/orders", records: 1, deleted: 0, everything: { unreadable } }];
  assert.deepEqual(
    causes({ resources }).map(({ id, count, reason }) => [id, count, reason]),
    [["unreadable orders", 1, "no id"]],
  );
});

test("webhooks that nobody takes up are told to whoever is told of everything", () => {
  assert.deepEqual(ids({ arrivals: { arrivalsWaiting: 9, arrivalsOldestAt: NOW - MINUTE } }), []);
  const [stuck] = causes({ arrivals: { arrivalsWaiting: 9, arrivalsOldestAt: NOW - 6 * MINUTE } });
  assert.deepEqual(
    [stuck?.title, stuck?.reason, stuck?.owners],
    ["9 webhooks wait to be taken up", "the oldest came 6m ago", []],
  );
});

test("drift is told where it touches a sync, once for all fields", () => {
  const drift = { kind: "type", on: "shop/orders", detail: "text instead of number", lastAt: NOW, times: 1 } as const;
  const touches = [{ sync: "orders", fields: ["Amount"] }];
  const drifts = [
    { ...drift, place: "total", firstAt: NOW - 1, touches },
    { ...drift, place: "tax", firstAt: NOW - 2, touches },
    { ...drift, place: "note", firstAt: NOW - 3, touches: [] },
  ];
  assert.deepEqual(
    causes({ drifts }).map(({ id, count, since }) => [id, count, since]),
    [["drift orders", 2, NOW - 2]],
  );
});

test("the last audit that ended is told when it found differences, until one agrees", () => {
  const audit = { sync: "orders", state: "done", asked: {}, stage: "compare", beganAt: NOW - 9, endedAt: NOW } as const;
  const result = { summary: "2 are missing", counts: { ...NO_COUNTS, missing: 2 }, causes: {}, missed: { changes: 0 } };
  const differ = { ...audit, id: 1, counts: NO_COUNTS, result: { ...result, verdict: "differ", notes: [] } } as const;
  const running = { ...audit, id: 2, counts: NO_COUNTS, state: "running" } as const;
  const agrees = { ...differ, id: 3, result: { ...differ.result, verdict: "agree" } } as const;
  const [cause] = causes({ audits: [running, differ] });
  assert.deepEqual([cause?.id, cause?.count, cause?.reason], ["audit orders", 2, "2 are missing"]);
  assert.deepEqual(ids({ audits: [agrees, differ] }), []);
});
