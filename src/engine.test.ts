// The life of an engine: what came in is written once and right, whatever happens in between.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineConnector, defineResource } from "./define/define-connector.ts";
import type { Store } from "./store/store.ts";
import { BOOKS } from "./testing/small-books.ts";
import { shopConnector, type Order } from "./testing/small-shop.ts";
import { billsSync, books, clients, shop, smallProject, smallWorld, unlinked } from "./testing/small-world.ts";
import { answers, waits } from "./testing/troubles.ts";

test("at first everything is read and written, page by page, and each bill names its client", async (t) => {
  const small = await smallWorld(t);
  for (let id = 1; id <= 11; id += 1) {
    small.shop.putCustomer(`c${id}`);
    small.shop.putOrder(`o${id}`, { customer: `c${id}` });
  }
  const engine = await small.running();
  assert.equal(small.books.clients.size, 11);
  assert.equal(small.books.bills.size, 11);
  for (const bill of small.books.bills.values()) {
    const order = [...small.shop.orders.values()].find(({ note }) => note === bill.note);
    assert.equal(small.books.clients.get(bill.client ?? "")?.name, `Customer ${order?.customer}`);
  }
  const { syncs } = await engine.control.status();
  assert.deepEqual(
    syncs.map(({ sync, health, links, behindMs }) => ({ sync, health, links, behindMs })),
    [
      { sync: "clients", health: "fresh", links: 11, behindMs: 0 },
      { sync: "bills", health: "fresh", links: 11, behindMs: 0 },
    ],
  );
});

test("a thin webhook is answered once it is durable, the record is read, and only what differs is written", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: "first" });
  const engine = await small.running({ listen: true });
  small.shop.putOrder("1", { note: "second" });
  const { status } = await small.deliver(engine, "e1", [{ resource: "orders", key: "1" }]);
  assert.equal(status, 200);
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["second"]);
  assert.deepEqual(
    small.books.writes.map(({ what }) => what),
    ["POST /bills", "PUT /bills/bills-1"],
  );
});

test("a thin webhook of what cannot be read by its key waits for the next listing, which shows it, or that it is gone", async (t) => {
  const small = await smallWorld(t);
  const { read: _read, ...unread } = shopConnector.resources.orders;
  const resources = { ...shopConnector.resources, orders: defineResource<Order>(unread) };
  const listed = defineConnector({ ...shopConnector, resources }).connect("shop", shop.settings);
  const syncs = [billsSync({ from: listed.orders, map: unlinked })];
  for (const id of ["1", "2"]) small.shop.putOrder(id);
  const engine = await small.running({ listen: true, project: smallProject({ connections: [listed, books], syncs }) });
  small.shop.putOrder("1", { note: "edited" });
  small.shop.orders.delete("2");
  small.shop.putOrder("3");
  await small.deliver(
    engine,
    "e1",
    ["1", "2", "3"].map((key) => ({ resource: "orders", key })),
  );
  await engine.control.sync("bills", { full: true });
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["edited", "order 3"]);
  const [bills] = (await engine.control.status()).syncs;
  assert.deepEqual([bills?.waiting, bills?.parked], [0, 0]);
});

test("a webhook that brings the whole record needs no reading", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const record = small.shop.putOrder("1", { note: "fat" });
  const calls = small.shop.calls.length;
  await small.deliver(engine, "e1", [{ resource: "orders", key: "1", version: record.version, record }]);
  await small.clock.advance(100);
  assert.deepEqual(small.books.notes(), ["fat"]);
  assert.equal(small.shop.calls.length, calls);
});

test("a new record that comes whole goes on from where it was seen, without being read from the file again", async (t) => {
  const small = await smallWorld(t);
  const claimed: string[] = [];
  const throughStore = (store: Store): Store => ({
    ...store,
    claim: async (query) => {
      const claims = await store.claim(query);
      claimed.push(...claims.map(({ key }) => key));
      return claims;
    },
  });
  small.shop.putOrder("1");
  const engine = await small.running({ listen: true, throughStore });
  const record = small.shop.putOrder("2");
  await small.deliver(engine, "e1", [{ resource: "orders", key: "2", version: record.version, record }]);
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1", "order 2"]);
  assert.deepEqual(claimed, []);
  small.shop.putOrder("1", { note: "changed" });
  await small.deliver(engine, "e2", [{ resource: "orders", key: "1" }]);
  await small.settle(engine);
  assert.deepEqual(claimed, ["1"]);
});

test("the same delivery twice is taken once, and news that says nothing new writes nothing", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running({ listen: true });
  const told = [{ resource: "orders", key: "1" }];
  assert.equal((await small.deliver(engine, "e1", told)).status, 200);
  assert.equal((await small.deliver(engine, "e1", told)).status, 200);
  await small.deliver(engine, "e2", told);
  await small.settle(engine);
  const { tallies } = await engine.control.status();
  assert.equal(tallies["webhook.new"], 2);
  assert.equal(tallies["webhook.seen"], 1);
  assert.equal(small.books.writes.length, 1);
});

test("an older version that comes late changes nothing", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const older = small.shop.putOrder("1", { note: "older" });
  const newer = small.shop.putOrder("1", { note: "newer" });
  for (const record of [newer, older]) {
    await small.deliver(engine, `e${record.version}`, [
      { resource: "orders", key: "1", version: record.version, record },
    ]);
    await small.settle(engine);
  }
  assert.deepEqual(small.books.notes(), ["newer"]);
  assert.equal(small.books.writes.length, 1);
});

test("ten edits while a write is under way become one more write", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const slow = waits();
  small.books.troubles.push(slow.trouble);
  small.shop.putOrder("1", { note: "edit 0" });
  await small.deliver(engine, "e0", [{ resource: "orders", key: "1" }]);
  await small.until(slow.asked);
  for (let edit = 1; edit <= 10; edit += 1) {
    small.shop.putOrder("1", { note: `edit ${edit}` });
    await small.deliver(engine, `e${edit}`, [{ resource: "orders", key: "1" }]);
    await small.clock.advance(10);
  }
  slow.letGo();
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["edit 10"]);
  assert.equal(small.books.writes.length, 2);
});

test("an order waits for its customer, and goes on as soon as that one is linked", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  const slow = waits();
  small.books.troubles.push(slow.trouble);
  small.shop.putCustomer("c1");
  small.shop.putOrder("o1", { customer: "c1" });
  await small.deliver(engine, "e1", [{ resource: "orders", key: "o1" }]);
  await small.until(slow.asked);
  const bills = (await engine.control.status()).syncs.find(({ sync }) => sync === "bills");
  assert.equal(bills?.waiting, 1, "the customer was noted by the order that needs it");
  slow.letGo();
  await small.clock.advance(100);
  assert.equal(small.books.bills.get("bills-1")?.client, "clients-1");
});

test("what is deleted in the source is taken out of use as the sync says, and once", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running({ listen: true });
  small.shop.orders.delete("1");
  await small.deliver(engine, "e1", [{ resource: "orders", key: "1", deleted: true }]);
  await small.settle(engine);
  await small.deliver(engine, "e2", [{ resource: "orders", key: "1" }]);
  await small.settle(engine);
  assert.equal(small.books.bills.get("bills-1")?.isVoid, true);
  assert.equal(small.books.writes.filter(({ what }) => what.startsWith("DELETE")).length, 1);
  const bills = (await engine.control.status()).syncs.find(({ sync }) => sync === "bills");
  assert.equal(bills?.links, 0);
});

test("a deletion that is told late, or replayed, of a record that is there again takes nothing out of use", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running({ listen: true });
  await small.deliver(engine, "e1", [{ resource: "orders", key: "1", deleted: true }]);
  await small.settle(engine);
  assert.deepEqual(
    small.books.writes.filter(({ what }) => what.startsWith("DELETE")),
    [],
  );
});

test("a file of yesterday does not write over what is known since", async (t) => {
  const small = await smallWorld(t);
  const yesterdays = small.shop.putOrder("1", { note: "as it was" });
  const engine = await small.running();
  small.shop.putOrder("1", { note: "as it is" });
  await engine.control.sync("bills", { full: true });
  await small.settle(engine);
  await engine.control.importRecords("shop/orders", [yesterdays]);
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["as it is"]);
});

test("what is out of scope is not written, and what leaves it is taken out of use where the sync says so", async (t) => {
  const small = await smallWorld(t);
  const bills = billsSync({ only: ({ paid }) => paid, onOutOfScope: "void" });
  small.shop.putOrder("never", { paid: false });
  small.shop.putOrder("leaves");
  const engine = await small.running({ project: smallProject({ syncs: [clients, bills] }), listen: true });
  assert.deepEqual(small.books.notes(), ["order leaves"]);
  small.shop.putOrder("leaves", { paid: false });
  await small.deliver(engine, "e1", [{ resource: "orders", key: "leaves" }]);
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), []);
});

test("polling finds the change whose webhook was lost", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: "first" });
  await small.running();
  await small.clock.advance(5_000);
  small.shop.putOrder("1", { note: "second" });
  await small.clock.advance(31_000);
  assert.deepEqual(small.books.notes(), ["second"]);
});

test("a full listing finds the deletion that nobody told of", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  const engine = await small.running();
  small.shop.orders.delete("2");
  await engine.control.sync("bills", { full: true });
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1", "order 3"]);
});

test("a person's record goes before a backfill that was there first", async (t) => {
  const small = await smallWorld(t);
  const slow = [waits(), waits()];
  for (let id = 100; id < 160; id += 1) small.shop.putOrder(String(id));
  const engine = await small.open();
  small.books.troubles.push(...slow.map(({ trouble }) => trouble));
  await engine.start();
  await Promise.all(slow.map(({ asked }) => small.until(asked)));
  await small.clock.advance(5_000);
  await engine.control.importRecords("shop/orders", [small.shop.putOrder("urgent")]);
  for (const { letGo } of slow) letGo();
  await small.settle(engine);
  const at = small.books.writes.findIndex(({ body }) => body.includes("order urgent"));
  assert.equal(small.books.writes.length, 61);
  assert.ok(at < 30, `it was written as number ${at + 1} of 61`);
});

test("a provider that throttles is left alone, and the record keeps its attempts", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  small.books.troubles.push(answers(429, "{}", { "retry-after": "20" }), answers(429, "{}", { "retry-after": "20" }));
  small.shop.putOrder("1");
  await small.deliver(engine, "e1", [{ resource: "orders", key: "1" }]);
  await small.clock.advance(5_000);
  const [bills] = (await engine.control.status()).syncs.filter(({ sync }) => sync === "bills");
  assert.equal(bills?.health, "held");
  assert.equal(
    bills?.heldBecause,
    "connection books takes no calls for now: its last call ended throttled: 429 too many requests",
  );
  assert.equal(small.books.troubles.length, 1);
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1"]);
  assert.equal((await engine.control.status()).tallies["parked"], undefined);
});

test("one bad record is parked, and the others go on", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("bad", { note: "x".repeat(101) });
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  const engine = await small.running();
  assert.equal(small.books.bills.size, 3);
  const [parked, ...others] = await engine.control.parked({});
  assert.equal(parked?.key, "bad");
  assert.equal(parked?.cause, "invalid");
  assert.match(parked?.reason ?? "", /note/);
  assert.deepEqual(others, []);
});

test("a connection is reached where the project says, and nowhere else", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  const requests = await engine.control.requests({ connection: books.connectionName });
  assert.ok(requests.length > 0);
  for (const { url } of requests) assert.ok(url.startsWith(`${BOOKS}/`));
  assert.equal(JSON.stringify(requests).includes("books-token"), false);
});
