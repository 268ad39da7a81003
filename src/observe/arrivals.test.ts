import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Connector } from "../define/connector.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { StoreError, type Arrival, type Store } from "../store/store.ts";
import { slowClock } from "../testing/slow-clock.ts";
import { shopConnector } from "../testing/small-shop.ts";
import { virtualUntil } from "../testing/virtual-until.ts";
import { VirtualClock } from "../world/virtual.ts";
import { Arrivals, observedIn } from "./arrivals.ts";

const connectors = new Map([["shop", shopConnector as unknown as Connector]]);
const observed = new Set(["shop/orders"]);
const clock = new VirtualClock();

function arrival(id: number, body: string, connection = "shop"): Arrival {
  return { id, connection, dedupeId: `d${id}`, at: 0, headers: {}, body: Buffer.from(body) };
}

const events = (...told: readonly object[]): string => JSON.stringify({ events: told });

test("a batch tells which records changed, and moves the cursor over all of it", async () => {
  const { observations, arrivalsUpTo, unreadable } = await observedIn(
    [
      arrival(
        7,
        events({ resource: "orders", key: "1", version: "2" }, { resource: "orders", key: "2", deleted: true }),
      ),
      arrival(8, events({ resource: "orders", key: "3", record: { id: "3", version: "4" } })),
    ],
    { clock, connectors, accounts: new Map(), observed },
  );
  assert.deepEqual(
    observations.map(({ key, version, arrival: from, priority, seen }) => [key, version, from, priority, seen.kind]),
    [
      ["1", "2", 7, "live", "changed"],
      ["2", undefined, 7, "live", "deleted"],
      ["3", "4", 8, "live", "record"],
    ],
  );
  assert.equal(arrivalsUpTo, 8);
  assert.equal(unreadable, undefined);
});

const senseless: readonly [what: string, body: string, reason: RegExp, connection?: string][] = [
  ["no JSON", "hello", /JSON/],
  ["half of its JSON", '{"events":[', /JSON|end/],
  ["no events", "{}", /events/],
  ["no key", events({ resource: "orders" }), /told no key of a record of orders/],
  ["an empty key", events({ resource: "orders", key: "" }), /told no key/],
  ["a key that is no text", events({ resource: "orders", key: { id: 1 } }), /told no key/],
  ["a connection that is gone", events(), /has no connection old that takes webhooks any more/, "old"],
];
for (const [what, body, reason, connection] of senseless) {
  test(`an arrival with ${what} is kept with the reason, and holds up no other`, async () => {
    const good = arrival(2, events({ resource: "orders", key: "1" }));
    const { observations, arrivalsUpTo, unreadable } = await observedIn([arrival(1, body, connection), good], {
      clock,
      connectors,
      accounts: new Map(),
      observed,
    });
    assert.equal(observations.length, 1);
    assert.equal(arrivalsUpTo, 2);
    assert.equal(unreadable?.length, 1);
    assert.match(unreadable[0]?.reason ?? "", reason);
  });
}

test("an event that makes no sense costs only itself: the others of its arrival are observed with their own bodies", async () => {
  const record = (note: string) => ({ resource: "orders", key: "1", record: { id: "1", note } });
  const { observations, bodies, unreadable } = await observedIn(
    [
      arrival(
        1,
        events(record("before"), { resource: "orders", key: "" }, { resource: "orders", key: "2", version: {} }),
      ),
      arrival(2, events(record("after"), { resource: "orders", key: "3" })),
    ],
    { clock, connectors, accounts: new Map(), observed },
  );
  assert.deepEqual(
    observations.map(({ arrival: from, key }) => [from, key]),
    [
      [1, "1"],
      [2, "1"],
      [2, "3"],
    ],
  );
  // What is claimed of one that came twice is the first.
  assert.deepEqual([...bodies.values()], [{ id: "1", note: "before" }]);
  assert.equal(unreadable?.length, 1);
  assert.match(unreadable?.[0]?.reason ?? "", /told no key of a record of orders: expected text, got/);
});

test("what is told of resources that no sync reads is nothing to us", async () => {
  const body = events({ resource: "customers", key: "1" }, { resource: "weather", key: "1" });
  const { observations, unreadable } = await observedIn([arrival(1, body)], {
    clock,
    connectors,
    accounts: new Map(),
    observed,
  });
  assert.deepEqual([observations, unreadable], [[], undefined]);
});

test("what is told of another account than the connection's is left aside", async () => {
  const body = events(
    { resource: "orders", key: "1", account: "ours" },
    { resource: "orders", key: "2", account: "theirs" },
    { resource: "orders", key: "3" },
  );
  const accounts = new Map([["shop", "ours"]]);
  const { observations } = await observedIn([arrival(1, body)], { clock, connectors, accounts, observed });
  assert.deepEqual(
    observations.map(({ key }) => key),
    ["1", "3"],
  );
});

test("a connector that takes long over each arrival lets others go on in between", async () => {
  const slow = slowClock();
  const connector = shopConnector as unknown as Connector;
  const { webhook } = connector;
  assert.ok(webhook);
  const slowly: typeof webhook = {
    ...webhook,
    events: (delivery) => {
      slow.take(5);
      return webhook.events(delivery);
    },
  };
  const arrivals = Array.from({ length: 40 }, (_, id) => arrival(id, events({ resource: "orders", key: `k${id}` })));
  const parts = {
    clock: slow,
    connectors: new Map([["shop", { ...connector, webhook: slowly }]]),
    accounts: new Map(),
    observed,
  };
  const told = await virtualUntil(slow.virtual, observedIn(arrivals, parts));
  assert.deepEqual(
    told.observations.map(({ key }) => key),
    arrivals.map(({ id }) => `k${id}`),
  );
  assert.equal(slow.takenMs, 200);
  assert.ok(slow.heldMs <= 20, `others waited for ${slow.heldMs} ms`);
});

async function setup(t: TestContext, over: (store: Store) => Partial<Store> = () => ({})) {
  const clock = new VirtualClock();
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({
    connections: ["shop"],
    resources: ["shop/orders", "books/bills"],
    syncs: [{ name: "bills", from: "shop/orders", to: "books/bills" }],
  });
  const woken: string[] = [];
  const reports: string[] = [];
  const arrivals = new Arrivals({
    store: { ...store, ...over(store) },
    clock,
    connectors,
    accounts: new Map(),
    readers: new Map(),
    observed,
    wakeSyncs: (syncs) => woken.push(...syncs),
    report: (reason) => reports.push(reason),
    onIdle: () => undefined,
  });
  const come = async (count: number): Promise<void> => {
    const bodies = Array.from({ length: count }, (_, id) => arrival(id, events({ resource: "orders", key: `k${id}` })));
    await store.ingest(bodies);
    arrivals.wake();
  };
  t.after(() => store.close());
  return { clock, store, arrivals, come, woken, reports };
}

test("many more than a batch are taken up, and the sync that reads them is woken", async (t) => {
  const { clock, store, arrivals, come, woken } = await setup(t);
  arrivals.start();
  await come(700);
  await clock.advance(10);
  const { arrivalsWaiting, syncs } = await store.status();
  assert.deepEqual([arrivalsWaiting, syncs[0]?.ready, woken[0]], [0, 700, "bills"]);
  await arrivals.stop();
  assert.equal(arrivals.idle, true);
});

test("arrivals that came before the start, and during a stop, wait in the file", async (t) => {
  const { clock, store, arrivals, come } = await setup(t);
  await come(3);
  await clock.advance(1_000);
  assert.equal((await store.status()).arrivalsWaiting, 3);
  arrivals.start();
  await clock.advance(1);
  assert.equal((await store.status()).arrivalsWaiting, 0);
  await arrivals.stop();
});

test("a store that fails is told of and tried again in a second; nothing is lost", async (t) => {
  let isFull = true;
  const { clock, store, arrivals, come, reports } = await setup(t, (opened) => ({
    observe: (batch) => (isFull ? Promise.reject(new StoreError("full", "no room")) : opened.observe(batch)),
  }));
  arrivals.start();
  await come(2);
  await clock.advance(1_500);
  assert.equal(reports.length, 2);
  assert.match(reports[0] ?? "", /^could not take up webhooks, trying again in a second: .*no room/);
  isFull = false;
  await clock.advance(1_000);
  assert.equal((await store.status()).syncs[0]?.ready, 2);
  await arrivals.stop();
});

test("webhooks that make no sense are told one by one, and then by their number; the others are taken up", async (t) => {
  const { clock, store, arrivals, reports } = await setup(t);
  arrivals.start();
  const strange = Array.from({ length: 5 }, (_, id) => arrival(id, events({ resource: "orders" })));
  await store.ingest([...strange, arrival(5, events({ resource: "orders", key: "k" }))]);
  arrivals.wake();
  await clock.advance(10);
  await arrivals.stop();
  assert.equal(reports.length, 4);
  assert.match(reports[0] ?? "", /^could not make sense of a webhook of shop \(number 1\), which is kept: .*key/);
  assert.equal(reports[3], "could not make sense of 2 more webhooks");
  const { arrivalsUnreadable, syncs } = await store.status();
  assert.deepEqual([arrivalsUnreadable, syncs[0]?.ready], [5, 1]);
});
