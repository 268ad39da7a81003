// Syncs that come into a project, leave it, come back or get another name: what they missed is made good, and nothing is made twice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "./define/define-sync.ts";
import { billsSync, books, shop, smallProject, smallWorld, unlinked } from "./testing/small-world.ts";
import { answers, cutAfterwards, type Trouble } from "./testing/troubles.ts";

const bills = billsSync({ map: unlinked });
/** Another sync that reads orders, so that they are listed without the bills too. */
const buyers = defineSync({
  name: "buyers",
  purpose: "Each order's note is a client.",
  owner: "finance",
  from: shop.orders,
  to: books.clients,
  freshWithin: "1m",
  map: ({ field }) => ({ name: field((order) => order.note) }),
  onDelete: "keep",
});
const both = smallProject({ syncs: [buyers, bills] });
const onlyBuyers = smallProject({ syncs: [buyers] });

test("a sync that is new in a project is given the records that are known already", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  await small.stop(await small.running({ project: onlyBuyers }));
  small.shop.orders.delete("3");
  const engine = await small.running({ project: onlyBuyers });
  await engine.control.sync("buyers", { full: true });
  await small.settle(engine);
  await small.stop(engine);
  await small.running({ project: both });
  assert.deepEqual(small.books.notes(), ["order 1", "order 2"]);
  assert.equal(small.books.clients.size, 3);
});

test("a sync that is back in the project writes what changed meanwhile, and not what a person had discarded", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3"]) small.shop.putOrder(id);
  small.books.troubles.push(async (_request, answer) => answer(), answers(422));
  const first = await small.running({ project: smallProject({ syncs: [bills] }) });
  const [parked] = await first.control.parked({});
  await first.control.discardParked({ key: parked?.key ?? "" }, "a test order");
  await small.clock.advance(60_000);
  await small.stop(first);
  const [edited = "", deleted = ""] = ["1", "2", "3"].filter((id) => id !== parked?.key);
  small.shop.putOrder(edited, { note: "edited" });
  small.shop.putOrder("4");
  small.shop.orders.delete(deleted);
  const meanwhile = await small.running({ project: onlyBuyers });
  await meanwhile.control.sync("buyers", { full: true });
  await small.settle(meanwhile);
  await small.stop(meanwhile);
  await small.running({ project: both });
  assert.deepEqual(small.books.notes(), ["edited", "order 4"]);
});

test("a write that was unknown when its sync left is resolved when it is back, and the edit since is written", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const down: Trouble = () => Promise.reject(new Error("down"));
  small.books.troubles.push(cutAfterwards, ...Array.from({ length: 20 }, () => down));
  const first = await small.open({ project: smallProject({ syncs: [bills] }) });
  await first.start();
  await small.clock.advance(1_000);
  await small.stop(first);
  small.books.troubles.length = 0;
  small.shop.putOrder("1", { note: "edited" });
  await small.clock.advance(60_000);
  await small.stop(await small.running({ project: onlyBuyers }));
  await small.running({ project: both });
  assert.deepEqual(small.books.notes(), ["edited"]);
});

test("a sync that has another name now is told of, and makes nothing again", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2"]) small.shop.putOrder(id);
  await small.stop(await small.running({ project: smallProject({ syncs: [bills] }) }));
  const renamed = billsSync({ name: "invoices", map: unlinked });
  await small.stop(await small.running({ project: smallProject({ syncs: [renamed] }) }));
  assert.equal(small.books.bills.size, 2);
  const told = small.logged.filter((line) =>
    line.includes("the sync invoices is new, and bills, which left the project"),
  );
  assert.equal(told.length, 1);
  await small.running({ project: smallProject({ syncs: [bills] }) });
  assert.equal(small.books.writes.length, 2);
});
