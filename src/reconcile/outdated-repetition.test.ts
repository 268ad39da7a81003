// An update that landed and whose answer was lost is repeated, and the provider refuses the repetition as outdated: the first one made it so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineResource } from "../define/define-connector.ts";
import { defineSync } from "../define/define-sync.ts";
import { accounts, NOTE_SYNC, noteWorld, ordersOf, type Order } from "../testing/note-world.ts";

interface Bill extends Order {
  readonly version: string;
}

const bills = defineResource<Bill, { note: string }>({
  name: "bills",
  schema: z.object({ id: z.string(), note: z.string(), version: z.string() }),
  key: ({ id }) => id,
  version: ({ version }) => version,
  write: {
    fields: z.object({ note: z.string() }),
    // An upsert by our own id: repeated at once.
    safety: { kind: "upsert" },
    create: async (api, { fields }) => {
      const { json } = await api.request({ method: "PUT", path: "/ours", body: fields });
      return { key: (json as Bill).id, version: (json as Bill).version };
    },
    update: async (api, { key, fields, version }) => {
      const headers = version === undefined ? {} : { "if-match": version };
      const { json } = await api.request({ method: "PUT", path: `/${key}`, body: fields, headers });
      return { key, version: (json as Bill).version };
    },
  },
});
const { shop, books } = accounts({ orders: ordersOf() }, { bills });
const sync = defineSync({
  ...NOTE_SYNC,
  name: "orders-to-bills",
  from: shop.orders,
  to: books.bills,
  map: ({ field }) => ({ note: field((order) => order.note) }),
});

test("what a lost update left behind is not forgotten because its repetition is outdated", async () => {
  const order = { id: "1", note: "first" };
  let bill: Bill | undefined;
  const put = (note: string): Bill => (bill = { id: "ours", note, version: String(Number(bill?.version ?? 0) + 1) });
  await using world = await noteWorld({
    accounts: { shop, books },
    syncs: [sync],
    source: async () => Response.json(order),
    target: async (request) => {
      const wanted = request.headers.get("if-match");
      if (wanted !== null && wanted !== bill?.version) return Response.json({ message: "outdated" }, { status: 412 });
      return Response.json(put(((await request.json()) as Order).note));
    },
  });
  const { store, virtual } = world;
  await world.changed("1");
  const stop = world.begin();
  await virtual.advance(1_000);
  await stop();
  assert.deepEqual(bill, { id: "ours", note: "first", version: "1" });

  // A life of Bowline that ends between the call and its answer: the write was armed, sent, and it landed.
  await world.changed("1");
  const [claim] = await store.claim({ sync: sync.name, limit: 1, at: virtual.now() });
  assert(claim !== undefined);
  const write = {
    id: "w",
    action: "update",
    targetKey: "ours",
    fields: '{"note":"second"}',
    changed: ["note"],
    armedAt: virtual.now(),
    sends: 1,
    recordHash: "second",
    seq: claim.seq,
  } as const;
  await store.settle([{ sync: sync.name, key: "1", seq: claim.seq, at: virtual.now(), to: "sending", write }]);
  put("second");
  await store.recover(virtual.now());

  // Meanwhile the edit was taken back, which a webhook tells.
  order.note = "first";
  await world.changed("1");
  const end = world.begin();
  for (let minute = 0; minute < 30; minute += 1) await virtual.advance(60_000);
  await end();
  assert.equal(await world.left(), 0);
  assert.equal(bill?.note, "first", "both sides show the same");
});
