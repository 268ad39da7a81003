// Deletions that come all at once are held for a person, in one-way and two-way syncs alike.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeArming } from "./testing/asked-of-store.ts";
import { smallWorld } from "./testing/small-world.ts";
import { twoWayWorld } from "./testing/two-way-world.ts";

const COUNT = 30;
/** The most that are believed whatever their share. */
const FEW = 10;

async function deletedPeople(t: Parameters<typeof twoWayWorld>[0], deleted: number) {
  const world = await twoWayWorld(t, { sync: { freshWithin: "1h", pollEvery: "10m" } });
  const { crm, running, settle } = world;
  for (let one = 0; one < COUNT; one += 1) crm.edit(`a${one}`, { email: `a${one}@example.com`, name: "A" });
  const engine = await running();
  for (let one = 0; one < deleted; one += 1) crm.remove(`a${one}`);
  await settle(engine);
  return { ...world, engine };
}

test("a few deletions go across at once", async (t) => {
  const { engine, marketing } = await deletedPeople(t, FEW);
  assert.equal(marketing.all.size, COUNT - FEW);
  assert.deepEqual(await engine.control.parked({}), []);
});

test("many at once wait for a person, who says that they were meant", async (t) => {
  const { engine, marketing, settle } = await deletedPeople(t, 25);
  assert.equal(marketing.all.size, COUNT - FEW);
  assert.equal((await engine.control.parked({ cause: "deletions" })).length, 15);
  await engine.control.retryParked({ cause: "deletions" });
  await settle(engine, true);
  assert.equal(marketing.all.size, 5);
});

test("many at once wait for a person, who keeps the counterparts: they are not made anew, and go on alone", async (t) => {
  const { engine, crm, marketing, settle } = await deletedPeople(t, 25);
  await engine.control.refuseDeletions("people");
  await settle(engine, true);
  assert.deepEqual([marketing.all.size, crm.all.size], [COUNT - FEW, 5]);
  assert.deepEqual(await engine.control.parked({}), []);
});

test("an hour later the next few are believed again", async (t) => {
  const { engine, crm, marketing, clock, settle } = await deletedPeople(t, FEW);
  crm.remove("a20");
  await settle(engine);
  assert.equal(marketing.all.size, COUNT - FEW);
  for (let minute = 0; minute < 60; minute += 1) await clock.advance(60_000);
  crm.remove("a21");
  await settle(engine);
  assert.equal(marketing.all.size, COUNT - FEW - 1);
});

test("of a one-way sync it is the same", async (t) => {
  const { shop, books, running, settle, deliver } = await smallWorld(t);
  for (let one = 0; one < COUNT; one += 1) shop.putOrder(`o${one}`);
  const engine = await running({ listen: true });
  const gone = Array.from({ length: 25 }, (_, one) => `o${one}`);
  for (const key of gone) shop.orders.delete(key);
  await deliver(
    engine,
    "many",
    gone.map((key) => ({ resource: "orders", key, deleted: true })),
  );
  await settle(engine);
  const left = (): number => [...books.bills.values()].filter(({ isVoid }) => !isVoid).length;
  assert.equal(left(), COUNT - FEW);
  assert.equal((await engine.control.parked({ cause: "deletions" })).length, 15);
  await engine.control.refuseDeletions("bills");
  await engine.control.sync("bills", { full: true });
  await settle(engine);
  assert.deepEqual([left(), await engine.control.parked({})], [COUNT - FEW, []]);
});

test("what is back at the source right before its counterpart is taken out of use keeps it", async (t) => {
  const { shop, books, running, settle, deliver } = await smallWorld(t);
  const order = shop.putOrder("o1");
  const throughStore = beforeArming("remove", () => {
    shop.orders.set("o1", order);
    return engine.control.importRecords("shop/orders", [order]);
  });
  const engine = await running({ listen: true, throughStore });
  shop.orders.delete("o1");
  await deliver(engine, "gone", [{ resource: "orders", key: "o1", deleted: true }]);
  await settle(engine);
  assert.deepEqual(
    [...books.bills.values()].map(({ isVoid }) => isVoid),
    [false],
  );
  assert.deepEqual(await engine.control.parked({}), []);
});
