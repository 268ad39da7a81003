// What a person can ask of a running engine, and what comes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineConnector, defineResource } from "./define/define-connector.ts";
import type { Read } from "./define/resource.ts";
import { env } from "./define/secret.ts";
import type { Engine } from "./engine.ts";
import { ask } from "./server/testing/http.ts";
import { booksConnector } from "./testing/small-books.ts";
import { order, shopConnector, type Order } from "./testing/small-shop.ts";
import {
  billsSync,
  books,
  clients,
  ENVIRONMENT,
  shop,
  smallProject,
  smallWorld,
  unlinked,
  type BillsOptions,
} from "./testing/small-world.ts";
import { answers, cutAfterwards, waits } from "./testing/troubles.ts";

const tooLong = "x".repeat(101);

test("a wrong name is answered with the nearest right one, or with all there are", async (t) => {
  const small = await smallWorld(t);
  const { control } = await small.open();
  await assert.rejects(control.progress("bils"), { code: "unknown-sync", message: /did you mean "bills"\?/ });
  await assert.rejects(control.sync("weather", { full: false }), {
    code: "unknown-sync",
    message: 'there is no sync "weather": expected one of clients, bills',
  });
  await assert.rejects(control.importRecords("shop/order", []), {
    code: "unknown-resource",
    message: /did you mean "shop\/orders"\?/,
  });
  await assert.rejects(control.correct("bill", "1", {}), { code: "unknown-sync", message: /did you mean "bills"\?/ });
  await assert.rejects(control.correct("bills", "1", { note: "x" }), {
    code: "unknown-record",
    message: "sync bills has no record 1: expected the key of one of shop/orders",
  });
  await assert.rejects(control.link("bills", "1", "bills-1"), { code: "unknown-record" });
  await assert.rejects(control.replay({ connection: "shp", since: 0 }), {
    code: "unknown-connection",
    message: /did you mean "shop"\?/,
  });
});

test("a correction is written instead of the mapping's value, survives edits, and can be taken back", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: tooLong });
  const engine = await small.running();
  assert.equal((await engine.control.parked({}))[0]?.cause, "invalid");
  await engine.control.correct("bills", "1", { note: "short" });
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["short"]);
  small.shop.putOrder("1", { note: "edited" });
  await small.clock.advance(60_000);
  assert.deepEqual(small.books.notes(), ["short"]);
  await engine.control.correct("bills", "1", { note: null });
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["edited"]);
});

test("a parked record is linked by hand to what a person found, and written over it", async (t) => {
  const small = await smallWorld(t);
  small.books.bills.set("there", { id: "there", isVoid: false, note: "typed in by hand" });
  small.shop.putOrder("1");
  small.shop.putOrder("2");
  small.books.troubles.push(answers(409));
  const engine = await small.running();
  const [parked] = await engine.control.parked({});
  assert.equal(parked?.cause, "exists");
  await engine.control.link("bills", parked?.key ?? "", "there");
  await small.settle(engine);
  assert.equal(small.books.bills.get("there")?.note, `order ${parked?.key}`);
  assert.deepEqual(await engine.control.parked({}), []);
  const other = parked?.key === "1" ? "2" : "1";
  await assert.rejects(engine.control.link("bills", other, "there"), { name: "ControlError", code: "not-now" });
});

const recordsOfBooks: Read<{ id: string }>["records"] = async (api, keys) => {
  const { json } = await api.request({ method: "GET", path: "/bills" });
  return (json as readonly { id: string }[]).filter(({ id }) => keys.includes(id));
};

/** The small project, where bills can be read by their keys. */
function withReadableBills(read: Partial<Read<{ id: string }>> = {}) {
  const bills = defineResource({
    ...booksConnector.resources.bills,
    read: { keysMax: 10, records: recordsOfBooks, ...read },
  });
  const connector = defineConnector({ ...booksConnector, resources: { ...booksConnector.resources, bills } });
  const readable = connector.connect("books", books.settings);
  const syncs = [billsSync({ to: readable.bills, map: unlinked })];
  return smallProject({ connections: [shop, readable], syncs });
}

test("a record is linked by hand only to one that is there: else the key is named, and nothing is linked", async (t) => {
  const small = await smallWorld(t);
  small.books.bills.set("there", { id: "there", isVoid: false, note: "typed in by hand" });
  small.shop.putOrder("1");
  small.books.troubles.push(answers(409));
  const engine = await small.running({ project: withReadableBills() });
  await assert.rejects(engine.control.link("bills", "1", "thare"), {
    name: "ControlError",
    code: "unknown-record",
    message: "could not link bills 1 to thare: expected a record thare of books/bills, got none; look up its key there",
  });
  small.books.troubles.push(answers(404));
  await assert.rejects(engine.control.link("bills", "1", "there"), { code: "unknown-record" });
  small.books.troubles.push(answers(503));
  await assert.rejects(engine.control.link("bills", "1", "there"), {
    code: "not-now",
    message: /^could not link bills 1 to there: books\/bills could not be read: .*; try again later$/,
  });
  assert.equal((await engine.control.parked({})).length, 1);
  assert.deepEqual(await engine.control.link("bills", "1", "there"), {});
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1"]);
});

for (const [why, project, said] of [
  [
    "cannot be read by key",
    smallProject({ syncs: [billsSync({ map: unlinked })] }),
    /^books\/bills cannot be read by key$/,
  ],
  ["is hidden from this account", withReadableBills({ hidden: async () => () => true }), /may not be shown it$/],
  ["is misread", withReadableBills({ records: () => Promise.reject(new Error("odd")) }), /could not be read: odd$/],
] as const) {
  test(`that a record is there which ${why} is taken on trust, and that is said`, async (t) => {
    const small = await smallWorld(t);
    small.shop.putOrder("1");
    small.books.troubles.push(answers(409));
    const engine = await small.running({ project });
    assert.match((await engine.control.link("bills", "1", "nowhere")).onTrust ?? "", said);
  });
}

test("that a record is there which may not be read is taken on trust", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  small.books.troubles.push(answers(409));
  const engine = await small.running({ project: withReadableBills() });
  small.books.troubles.push(answers(403));
  assert.match((await engine.control.link("bills", "1", "there")).onTrust ?? "", /may not read it/);
});

for (const when of ["looked at", "written", "unknown"] as const) {
  test(`a record that is ${when} just now is not linked by hand: that is said, and it is made once`, async (t) => {
    const small = await smallWorld(t);
    const project = smallProject({ syncs: [billsSync({ map: unlinked })] });
    const engine = await small.running({ listen: true, project });
    const held = waits();
    small.shop.putOrder("1");
    if (when === "looked at") small.shop.troubles.push(held.trouble);
    else if (when === "written") small.books.troubles.push(held.trouble);
    else small.books.troubles.push(cutAfterwards, held.trouble);
    await small.deliver(engine, "e1", [{ resource: "orders", key: "1" }]);
    await small.until(held.asked);
    const notNow = { name: "ControlError", code: "not-now", message: /is being worked on|no write under way/ };
    await assert.rejects(engine.control.link("bills", "1", "there"), notNow);
    const address = `${engine.url}/api/parked/link`;
    const headers = { "content-type": "application/json", authorization: `Bearer ${tokenOf(engine)}` };
    const body = JSON.stringify({ sync: "bills", key: "1", targetKey: "there" });
    assert.equal((await ask(address, { method: "POST", headers, body })).status, 409);
    held.letGo();
    await small.settle(engine);
    assert.deepEqual(small.books.notes(), ["order 1"]);
  });
}

test("who links the same twice is told to wait, or has what they asked for", async (t) => {
  const small = await smallWorld(t);
  small.books.bills.set("there", { id: "there", isVoid: false, note: "typed in by hand" });
  small.shop.putOrder("1");
  small.books.troubles.push(answers(409));
  const engine = await small.running({ project: smallProject({ syncs: [billsSync({ map: unlinked })] }) });
  await engine.control.link("bills", "1", "there");
  await assert.rejects(engine.control.link("bills", "1", "there"), { name: "ControlError", code: "not-now" });
  await small.settle(engine);
  await engine.control.link("bills", "1", "there");
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1"]);
});

test("a correction of a field that the target does not take is refused, with the right name", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: tooLong });
  const engine = await small.running();
  await assert.rejects(engine.control.correct("bills", "1", { notes: "short" }), {
    code: "not-possible",
    message: 'could not correct notes of 1: books/bills takes no field of this name. Did you mean "note"?',
  });
  await engine.control.correct("bills", "1", { notes: null, note: "short" });
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["short"]);
});

test("a correction that the target's fields do not take is refused, and nothing of it is kept", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: tooLong });
  const engine = await small.running();
  const { control } = engine;
  await assert.rejects(control.correct("bills", "1", { note: 1, client: "clients-1" }), {
    code: "not-possible",
    message:
      "could not correct note of 1: books/bills would not take 1: note: Invalid input: expected string, received number; if it has to be text, give it quotes",
  });
  await assert.rejects(control.correct("bills", "1", { note: { text: "short" } }), { code: "not-possible" });
  await assert.rejects(control.correct("bills", "1", { note: tooLong }), {
    message: /^could not correct note of 1: books\/bills would not take "xxx.*: note: Too big: .*100 characters$/,
  });
  await control.correct("bills", "1", { note: "1" });
  await small.settle(engine);
  assert.deepEqual(
    [...small.books.bills.values()].map(({ note, client }) => ({ note, client })),
    [{ note: "1", client: undefined }],
  );
});

test("a correction is judged by its own fields: what else the target wants comes from the mapping", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: tooLong });
  const engine = await small.running();
  await assert.rejects(engine.control.correct("bills", "1", { client: 7 }), {
    message: /^could not correct client of 1:/,
  });
  await engine.control.correct("bills", "1", { client: "clients-7" });
  await engine.control.correct("bills", "1", { note: "short" });
  await small.settle(engine);
  assert.deepEqual(
    [...small.books.bills.values()].map(({ client }) => client),
    ["clients-7"],
  );
});

test("a parked record's reason names the value in lists, log and alerts, without secrets; many values are one cause", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id, { note: `note ${id} of shop-token` });
  const map: BillsOptions["map"] = ({ field, table }) => ({
    note: table((one) => one.note, { open: "open" }).otherwise.park(),
    client: field(({ customer }) => customer).orOmit(),
  });
  const project = smallProject({ syncs: [billsSync({ map })], alerts: { to: env("ALERTS_URL") } });
  const { control } = await small.running({
    project,
    environment: { ...ENVIRONMENT, ALERTS_URL: "https://alerts.example" },
  });
  const reason = (id: string): string => `note: the table has no entry for this value: got "note ${id} of [secret]"`;
  const rows = await control.parked({});
  assert.deepEqual(rows.map((row) => row.reason).toSorted(), ["1", "2", "3"].map(reason));
  assert.ok(small.logged.includes(`warn: parked: ${reason("1")}`));
  assert.deepEqual(
    (await control.parkedGroups()).map(({ cause, count }) => ({ cause, count })),
    [{ cause: "mapping", count: 3 }],
  );
  await small.clock.advance(60_000);
  const alerts = (await control.alerts()).filter(({ what }) => what === "parked");
  assert.deepEqual(
    alerts.map(({ id, count }) => ({ id, count })),
    [{ id: "parked bills mapping", count: 3 }],
  );
  assert.match(alerts[0]?.reason ?? "", /got "note \d of \[secret\]"$/);
});

test("parked rows are retried or discarded by cause, and a discarded one comes back with its next edit", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2"]) small.shop.putOrder(id, { note: tooLong });
  const engine = await small.running();
  assert.equal((await engine.control.retryParked({ cause: "denied" })).length, 0);
  assert.equal((await engine.control.retryParked({ cause: "invalid" })).length, 2);
  await small.settle(engine);
  assert.equal((await engine.control.parked({})).length, 2);
  assert.deepEqual(await engine.control.discardParked({ sync: "bills", key: "1" }, "a test order"), [
    { sync: "bills", key: "1" },
  ]);
  const story = await engine.control.story("1");
  assert.ok(story.some(({ what, text }) => what === "discarded" && text === "a test order"));
  assert.equal((await engine.control.parked({})).length, 1);
  small.shop.putOrder("1", { note: "mended" });
  await small.clock.advance(60_000);
  assert.deepEqual(small.books.notes(), ["mended"]);
});

test("an import takes the good rows and tells the fault of each bad one, also where a rule throws", async (t) => {
  const small = await smallWorld(t);
  const schema = order.refine(({ note }) => {
    if (note === "throws") throw new Error("a fault in a schema");
    return true;
  });
  const resources = {
    ...shopConnector.resources,
    orders: defineResource<Order>({ ...shopConnector.resources.orders, schema }),
  };
  const odd = defineConnector({ ...shopConnector, resources }).connect("shop", shop.settings);
  const syncs = [billsSync({ from: odd.orders, map: unlinked })];
  const engine = await small.running({ project: smallProject({ connections: [odd, books], syncs }) });
  const { taken, faults } = await engine.control.importRecords("shop/orders", [
    small.shop.putOrder("1"),
    { id: "2" },
    { ...small.shop.putOrder("3"), note: "throws" },
    "nonsense",
    small.shop.putOrder("4"),
  ]);
  assert.equal(taken, 2);
  assert.deepEqual(
    faults.map(({ row }) => row),
    [2, 3, 4],
  );
  assert.match(faults[0]?.fault ?? "", /^note: /);
  assert.equal(faults[1]?.fault, "a fault in a schema");
  await small.settle(engine);
  assert.deepEqual([...small.books.notes()].sort(), ["order 1", "order 4"]);
});

test("a replay takes up webhooks again from a time on, of one connection or all", async (t) => {
  const small = await smallWorld(t);
  const engine = await small.running({ listen: true });
  small.shop.putOrder("1");
  await small.deliver(engine, "e1", [{ resource: "orders", key: "1" }]);
  await small.settle(engine);
  await small.clock.advance(10_000);
  const since = small.clock.now();
  small.shop.putOrder("2");
  await small.deliver(engine, "e2", [{ resource: "orders", key: "2" }]);
  await small.settle(engine);
  const calls = small.shop.calls.length;
  assert.equal(await engine.control.replay({ since }), 1);
  await small.settle(engine);
  assert.ok(small.shop.calls.slice(calls).includes("GET /orders?keys=2"));
  assert.equal(await engine.control.replay({ connection: "shop", since: 0 }), 2);
  assert.equal(await engine.control.replay({ connection: "books", since: 0 }), 0);
  await small.settle(engine);
  assert.equal(small.books.writes.length, 2, "nothing was written twice");
});

test("a full sync reconciles every record again, and its progress tells when it is done", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  const engine = await small.running();
  const slow = waits();
  small.shop.troubles.push(slow.trouble);
  await small.clock.advance(1_000);
  await engine.control.sync("bills", { full: true });
  await slow.asked;
  assert.equal((await engine.control.progress("bills")).done, false);
  slow.letGo();
  await small.settle(engine);
  const { done, cleared, pending, parked } = await engine.control.progress("bills");
  assert.deepEqual([done, cleared, pending, parked], [true, 3, 0, 0]);
  assert.equal((await engine.control.status()).tallies["cleared.agreed"], 3);
});

test("the status names why a sync is held, and how long a connection takes no calls", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  small.books.troubles.push(answers(429, "{}", { "retry-after": "600" }));
  const engine = await small.open({ project: smallProject({ syncs: [clients, billsSync()] }) });
  await engine.start();
  await small.clock.advance(90_000);
  const { syncs, connections } = await engine.control.status();
  const held = connections.find(({ connection }) => connection === "books");
  assert.ok((held?.heldUntil ?? 0) > small.clock.now() + 500_000);
  assert.match(held?.reason ?? "", /^its last call ended throttled/);
  const bills = syncs.find(({ sync }) => sync === "bills");
  assert.equal(bills?.health, "held");
  assert.ok((bills?.behindMs ?? 0) >= 80_000);
});

const tokenOf = ({ pageUrl = "" }: Engine): string => new URL(pageUrl).searchParams.get("token") ?? "";
