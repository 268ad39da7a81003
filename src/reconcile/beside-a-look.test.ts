// A page of a listing that was asked for while a record was being read: nobody can tell which of the two answers is later.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "../define/define-sync.ts";
import { seenRecord } from "../observe/seen-record.ts";
import { accounts, NOTE_SYNC, noteWorld, ordersOf, putNotes } from "../testing/note-world.ts";
import { VirtualClock } from "../world/virtual.ts";

const { shop, books } = accounts({ orders: ordersOf() }, { bills: putNotes("bills") });
const sync = defineSync({
  ...NOTE_SYNC,
  name: "bills",
  from: shop.orders,
  to: books.bills,
  map: ({ field }) => ({ note: field((order) => order.note) }),
});

test("a page from before an edit, asked for while the edited record was being read, puts nothing older back", async () => {
  const virtual = new VirtualClock();
  const order = { id: "1", note: "first" };
  const written: unknown[] = [];
  await using world = await noteWorld({
    accounts: { shop, books },
    syncs: [sync],
    virtual,
    source: async () => {
      await new Promise<void>((go) => virtual.timer(100, go));
      return Response.json(order);
    },
    target: async (request) => {
      written.push(((await request.json()) as { note: string }).note);
      return Response.json({});
    },
  });
  const page = (at: number) =>
    world.observe([
      {
        resource: shop.orders.id,
        key: "1",
        cause: "poll",
        priority: "scheduled",
        at,
        readable: true,
        ...seenRecord(shop.orders.resource, { id: "1", note: "first" }),
      },
    ]);
  const stop = world.begin();
  await page(virtual.now());
  await virtual.advance(1_000);
  await world.changed("1");
  await virtual.advance(50);
  const pageAskedAt = virtual.now();
  order.note = "second";
  await virtual.advance(1_000);
  await page(pageAskedAt);
  await virtual.advance(10_000);
  await stop();
  assert.deepEqual(written, ["first", "second"]);
  assert.equal(await world.left(), 0);
});
