import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "../control.ts";
import { metricsText } from "./metrics.ts";
import { readExposition } from "./testing/exposition.ts";
import { fakeStatus, NOW } from "./testing/fake-control.ts";

const HOSTILE = `a"b\\c\nd{e="f"} 1 # <script>\r\u2028é`;
const KEY = "the-key-of-a-record";
const REASON = "a reason that quotes what a customer wrote";

const sync = {
  sync: "orders",
  from: "shop/orders",
  to: "books/invoices",
  purpose: REASON,
  owner: "Finance",
  freshWithinMs: 300_000,
  behindMs: 400_500,
  health: "held",
  heldBecause: REASON,
  ready: 1,
  waiting: 2,
  sending: 3,
  unknown: 4,
  parked: 5,
  links: 6,
  awaiting: { rows: 1, key: KEY, needs: { sync: "customers", key: KEY } },
} as const;

const STATUS: Status = {
  ...fakeStatus(),
  syncs: [sync, { ...sync, sync: "customers", health: "fresh", behindMs: 0, lastClearedAt: NOW - 1_500 }],
  connections: [
    { connection: "shop", connector: "shopify", state: "active" },
    {
      connection: "books",
      connector: "quickbooks",
      state: "reauthorize",
      reason: REASON,
      since: 1,
      heldUntil: NOW + 2_500,
    },
    { connection: "old", connector: "shopify", state: "active", heldUntil: NOW - 1 },
  ],
  resources: [{ resource: "shop/orders", records: 10, deleted: 3 }],
  tallies: { "webhook.new": 7, "cleared.agreed": 2_000_000 },
  arrivalsWaiting: 8,
  arrivalsOldestAt: NOW - 9_250,
  arrivalsUnreadable: 11,
  recordsUnreadable: 12,
  drifts: 13,
  restored: { beganAt: NOW, doubted: ["shop/orders"] },
  webhooksLost: ["books"],
};

const process = { version: "1.2.3", startedAt: NOW - 60_000, residentBytes: 123_456_789 };

const textOf = (status: Status): string => metricsText({ status, isRefusing: true, process });

test("each figure is told once, under its name, in base units", () => {
  const families = readExposition(textOf(STATUS));
  const told = Object.fromEntries([...families].map(([name, { samples }]) => [name, Object.fromEntries(samples)]));
  assert.deepEqual(told, {
    bowline_build_info: { "version=1.2.3": 1 },
    bowline_start_time_seconds: { "": (NOW - 60_000) / 1_000 },
    process_resident_memory_bytes: { "": 123_456_789 },
    bowline_sync_info: {
      "sync=orders,from=shop/orders,to=books/invoices,owner=Finance": 1,
      "sync=customers,from=shop/orders,to=books/invoices,owner=Finance": 1,
    },
    bowline_sync_behind_seconds: { "sync=orders": 400.5, "sync=customers": 0 },
    bowline_sync_fresh_within_seconds: { "sync=orders": 300, "sync=customers": 300 },
    bowline_sync_held: { "sync=orders": 1, "sync=customers": 0 },
    bowline_sync_pending: {
      "sync=orders,state=ready": 1,
      "sync=orders,state=waiting": 2,
      "sync=orders,state=sending": 3,
      "sync=orders,state=unknown": 4,
      "sync=orders,state=parked": 5,
      "sync=customers,state=ready": 1,
      "sync=customers,state=waiting": 2,
      "sync=customers,state=sending": 3,
      "sync=customers,state=unknown": 4,
      "sync=customers,state=parked": 5,
    },
    bowline_sync_links: { "sync=orders": 6, "sync=customers": 6 },
    bowline_sync_last_cleared_timestamp_seconds: { "sync=customers": (NOW - 1_500) / 1_000 },
    bowline_connection_active: {
      "connection=shop,connector=shopify": 1,
      "connection=books,connector=quickbooks": 0,
      "connection=old,connector=shopify": 1,
    },
    bowline_connection_held_seconds: {
      "connection=shop,connector=shopify": 0,
      "connection=books,connector=quickbooks": 2.5,
      "connection=old,connector=shopify": 0,
    },
    bowline_connection_webhooks_lost: {
      "connection=shop,connector=shopify": 0,
      "connection=books,connector=quickbooks": 1,
      "connection=old,connector=shopify": 0,
    },
    bowline_webhooks_refusing: { "": 1 },
    bowline_webhooks_waiting: { "": 8 },
    bowline_webhooks_oldest_seconds: { "": 9.25 },
    bowline_webhooks_unreadable: { "": 11 },
    bowline_records_unreadable: { "": 12 },
    bowline_resource_records: { "resource=shop/orders": 7 },
    bowline_resources_in_doubt: { "": 1 },
    bowline_drifts: { "": 13 },
    bowline_events_total: { "what=webhook.new": 7, "what=cleared.agreed": 2_000_000 },
  });
});

test("only what never falls is a counter, and says so in its name", () => {
  for (const [name, { type }] of readExposition(textOf(STATUS))) {
    assert.equal(type, name.endsWith("_total") ? "counter" : "gauge", name);
  }
});

test("names of whatever characters stay within their quotes", () => {
  const hostile: Status = {
    ...STATUS,
    syncs: [{ ...sync, sync: HOSTILE, owner: HOSTILE, from: HOSTILE, to: HOSTILE }],
    connections: [{ connection: HOSTILE, connector: HOSTILE, state: "paused" }],
    resources: [{ resource: HOSTILE, records: 1, deleted: 0 }],
    tallies: { [HOSTILE]: 1 },
  };
  const families = readExposition(textOf(hostile));
  assert.equal(families.size, readExposition(textOf(STATUS)).size - 1, "it never agreed on a record");
  assert.deepEqual([...(families.get("bowline_events_total")?.samples ?? [])], [[`what=${HOSTILE}`, 1]]);
  const pending = [...(families.get("bowline_sync_pending")?.samples.keys() ?? [])];
  assert.equal(pending[0], `sync=${HOSTILE},state=ready`);
});

test("no key of a record and no reason is told", () => {
  assert.doesNotMatch(textOf(STATUS), new RegExp(`${KEY}|${REASON}`));
});

test("a project in which there is nothing yet is told in the same format, without empty families", () => {
  const families = readExposition(metricsText({ status: fakeStatus(), isRefusing: false }));
  assert.deepEqual(
    [...families.keys()],
    [
      "bowline_webhooks_refusing",
      "bowline_webhooks_waiting",
      "bowline_webhooks_oldest_seconds",
      "bowline_webhooks_unreadable",
      "bowline_records_unreadable",
      "bowline_resources_in_doubt",
      "bowline_drifts",
    ],
  );
});
