// A record that exists at the target is adopted: it is made like its source's, whether or not the source's bodies are kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "../define/define-sync.ts";
import { accounts, NOTE_SYNC, notesOf, noteWorld, ordersOf, type Order } from "../testing/note-world.ts";

const bills = notesOf("bills", {
  create: async (api, { fields }) => {
    const { json } = await api.request({ method: "POST", path: "/", body: fields });
    return { key: (json as Order).id };
  },
  update: async (api, { key, fields }) => {
    await api.request({ method: "PUT", path: `/${key}`, body: fields });
    return { key };
  },
  lookup: async (api) => {
    const { json } = await api.request({ method: "GET", path: "/all" });
    return (json as readonly Order[]).map((record) => ({ key: record.id, record }));
  },
  fieldsOf: ({ note }) => ({ note }),
});

for (const keep of ["body", "hash"] as const) {
  test(`an adopted record is made like its source's (keep: ${keep})`, async () => {
    const { shop, books } = accounts({ orders: ordersOf(keep === "hash" ? { keep } : {}) }, { bills });
    const sync = defineSync({
      ...NOTE_SYNC,
      name: "orders-to-bills",
      from: shop.orders,
      to: books.bills,
      map: ({ field }) => ({ note: field((order) => order.note) }),
      onExisting: "link",
    });
    const theirs = { id: "theirs", note: "somebody else's" };
    await using world = await noteWorld({
      accounts: { shop, books },
      syncs: [sync],
      source: async () => Response.json({ id: "1", note: "ours" }),
      target: async (request) => {
        if (request.method === "GET") return Response.json([theirs]);
        if (request.method === "POST") return Response.json({}, { status: 409 });
        theirs.note = ((await request.json()) as Order).note;
        return Response.json(theirs);
      },
    });
    const stop = world.begin();
    await world.changed("1");
    for (let minute = 0; minute < 5; minute += 1) await world.virtual.advance(60_000);
    await stop();
    assert.equal((await world.store.status()).syncs[0]?.links, 1);
    assert.equal(await world.left(), 0);
    assert.equal(theirs.note, "ours");
  });
}
