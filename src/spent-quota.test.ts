// What a provider whose limits are spent costs us until there is room again: next to nothing, however much waits for it.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Limit } from "./define/connector.ts";
import { defineConnector } from "./define/define-connector.ts";
import { askedOfStore } from "./testing/asked-of-store.ts";
import { booksConnector } from "./testing/small-books.ts";
import { billsSync, books, shop, smallProject, smallWorld, unlinked } from "./testing/small-world.ts";

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;

/** An engine whose books have this limit, with so many orders to write; and what its store was asked for since last looked. */
async function setup(t: TestContext, limit: Limit, orders: number) {
  const small = await smallWorld(t);
  for (let number = 1; number <= orders; number += 1) small.shop.putOrder(String(number));
  const tight = defineConnector({ ...booksConnector, limits: [limit] }).connect("books", books.settings);
  const sync = billsSync({
    to: tight.bills,
    pollEvery: "1d",
    map: unlinked,
  });
  const { throughStore, during } = askedOfStore();
  const project = smallProject({ connections: [shop, tight], syncs: [sync] });
  const engine = await small.open({ project, throughStore });
  await engine.start();
  return {
    ...small,
    engine,
    askedIn: (durationMs: number) => during(() => small.clock.advance(durationMs)),
  };
}

test("while the quota of a day is spent, what waits for it is left alone, and what is new is told so once", async (t) => {
  const quota: Limit = { kind: "quota", name: "day", count: 10, day: "rolling", every: true };
  const { askedIn, books: kept, clock, engine, shop: served } = await setup(t, quota, 60);
  await clock.advance(MINUTE_MS);
  assert.equal(kept.bills.size, 10);
  const [status] = (await engine.control.status()).syncs;
  assert.equal(status?.waiting, 50);
  const quiet = await askedIn(TEN_MINUTES_MS);
  assert.equal(quiet.settled, 0);
  assert.ok(quiet.claims <= 11, `${quiet.claims} claims in ten minutes`);

  served.putOrder("61");
  await engine.control.sync("bills", { full: false });
  assert.equal((await askedIn(MINUTE_MS)).settled, 1);
  assert.equal((await engine.control.status()).syncs[0]?.waiting, 51);
});

test("when there is room for a few, only about as many as there is room for are taken up", async (t) => {
  const rate: Limit = { kind: "rate", name: "ten minutes", count: 5, perMs: TEN_MINUTES_MS, every: true };
  const { askedIn, books: kept, clock } = await setup(t, rate, 200);
  await clock.advance(MINUTE_MS);
  assert.equal(kept.bills.size, 5);
  for (const written of [10, 15]) {
    const { settled } = await askedIn(TEN_MINUTES_MS);
    assert.equal(kept.bills.size, written);
    assert.ok(settled <= 60, `${settled} rows were touched for 5 writes, of 200 that wait`);
  }
});

test("what needs no call is done with, whatever is spent", async (t) => {
  const quota: Limit = { kind: "quota", name: "day", count: 3, day: "rolling", every: true };
  const { clock, engine, shop: served } = await setup(t, quota, 3);
  await clock.advance(MINUTE_MS);
  served.putOrder("1");
  await engine.control.sync("bills", { full: true });
  await clock.advance(MINUTE_MS);
  const [status] = (await engine.control.status()).syncs;
  assert.deepEqual([status?.ready, status?.waiting], [0, 0]);
});
