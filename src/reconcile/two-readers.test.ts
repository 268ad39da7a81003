// Two syncs read one resource without versions, and the clock is set back by an hour: an edit is read a few times, not all the time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "../define/define-sync.ts";
import { accounts, NOTE_SYNC, noteWorld, ordersOf, putNotes } from "../testing/note-world.ts";
import { VirtualClock } from "../world/virtual.ts";

const { shop, books } = accounts({ orders: ordersOf() }, { bills: putNotes("bills"), receipts: putNotes("receipts") });
const syncs = (["bills", "receipts"] as const).map((name) =>
  defineSync({
    ...NOTE_SYNC,
    name,
    from: shop.orders,
    to: books[name],
    map: ({ field }) => ({ note: field((order) => order.note) }),
  }),
);

for (const backMs of [0, 3_600_000]) {
  test(`an edit is read a few times after the clock was set back by ${backMs} ms`, async () => {
    const virtual = new VirtualClock();
    let back = 0;
    const order = { id: "1", note: "first" };
    let reads = 0;
    await using world = await noteWorld({
      accounts: { shop, books },
      syncs,
      virtual,
      clock: { now: () => virtual.now() - back, timer: (delayMs, wake) => virtual.timer(delayMs, wake) },
      source: async () => {
        reads += 1;
        await new Promise<void>((go) => virtual.timer(100, go));
        return Response.json(order);
      },
      target: async (request) => Response.json(await request.json()),
    });
    const stop = world.begin();
    await world.changed("1");
    await virtual.advance(10_000);
    back = backMs;
    reads = 0;
    order.note = "second";
    await world.changed("1");
    await virtual.advance(60_000);
    const read = reads;
    await stop();
    assert.ok(read >= 1 && read <= 6, `one edit was read ${read} times within a minute`);
  });
}
