// A mapping that takes long over each record: others have their turn meanwhile, and a stop in the middle of it loses and doubles nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "../define/define-sync.ts";
import { accounts, BILLS, NOTE_SYNC, noteWorld, ordersOf, ordersSeen, type Order } from "../testing/note-world.ts";
import { slowClock } from "../testing/slow-clock.ts";

const RECORDS = 40;
const MAPPING_MS = 5;
const keys = Array.from({ length: RECORDS }, (_, index) => `k${index + 10}`);

const { shop, books } = accounts({ orders: ordersOf() }, { bills: BILLS });

/** All records are due at once; `asksLinks`: the slow function tells which link is needed, and is asked before anything is mapped. */
async function setup({ takesMs = MAPPING_MS, asksLinks = false } = {}) {
  const slow = slowClock();
  let mapped = 0;
  const slowly = ({ note }: Order): string => {
    slow.take(takesMs);
    mapped += 1;
    return note;
  };
  const names = defineSync({
    ...NOTE_SYNC,
    name: "names",
    from: shop.orders,
    to: books.bills,
    map: ({ field }) => ({ note: field(({ note }) => note) }),
  });
  const sync = defineSync({
    ...NOTE_SYNC,
    name: "bills",
    from: shop.orders,
    to: books.bills,
    map: ({ field, link }) => ({ note: asksLinks ? link(names, slowly) : field(slowly) }),
  });
  const written: string[] = [];
  const mappedBefore: number[] = [];
  const world = await noteWorld({
    accounts: { shop, books },
    syncs: asksLinks ? [names, sync] : [sync],
    virtual: slow.virtual,
    clock: slow,
    source: async () => Response.json({}),
    target: async (request) => {
      written.push(((await request.json()) as Order).note);
      mappedBefore.push(mapped);
      return Response.json({});
    },
  });
  const how = { cause: "webhook", priority: "live", at: slow.now() } as const;
  await world.store.observe({ observations: ordersSeen(shop, keys, how) });
  return { ...world, slow, written, mappedBefore, mapped: () => mapped };
}

test("a mapping that takes long over each record lets others go on in between, and what is decided is written together", async (t) => {
  const { slow, virtual, begin, written, mappedBefore, ...world } = await setup();
  t.after(() => world.store.close());
  const stop = begin();
  await virtual.advance(1_000);
  assert.deepEqual(written.toSorted(), keys);
  assert.equal(slow.takenMs, RECORDS * MAPPING_MS);
  assert.ok(slow.heldMs <= 20, `others waited for ${slow.heldMs} ms`);
  assert.equal(mappedBefore[0], RECORDS);
  await stop();
});

test("what a mapping takes long over while it is asked for links lets others go on, too", async (t) => {
  const { slow, virtual, begin, ...world } = await setup({ asksLinks: true });
  t.after(() => world.store.close());
  const stop = begin();
  await virtual.advance(1_000);
  assert.ok(slow.takenMs >= 2 * RECORDS * MAPPING_MS);
  assert.ok(slow.heldMs <= 20, `others waited for ${slow.heldMs} ms`);
  await stop();
});

test("a quick mapping does not stop for anybody", async (t) => {
  const { slow, virtual, begin, written, ...world } = await setup({ takesMs: 0 });
  t.after(() => world.store.close());
  const stop = begin();
  await virtual.advance(1_000);
  assert.equal(written.length, RECORDS);
  assert.equal(slow.gaveWay, 0);
  await stop();
});

test("stopped in the middle of a slow mapping, it writes nothing more and gives all back, and the next start writes each once", async (t) => {
  const { slow, virtual, begin, written, mapped, left, ...world } = await setup();
  t.after(() => world.store.close());
  const stop = begin();
  let stopped: Promise<void> | undefined;
  slow.onTurn = () => {
    if (mapped() >= RECORDS / 2) stopped ??= stop();
  };
  await virtual.advance(1_000);
  assert.ok(stopped, "nobody had a turn");
  await virtual.advance(1_000);
  await stopped;
  slow.onTurn = undefined;
  assert.ok(mapped() < RECORDS, `${mapped()} were mapped`);
  assert.deepEqual([written, await left()], [[], RECORDS]);
  const [status] = (await world.store.status()).syncs;
  assert.equal(status?.ready, RECORDS);
  const stopAgain = begin();
  await virtual.advance(1_000);
  assert.deepEqual(written.toSorted(), keys);
  assert.equal(await left(), 0);
  await stopAgain();
});
