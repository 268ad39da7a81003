// An update that landed and whose answer was lost is repeated, and the provider refuses the repetition as outdated: the first one made it so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCredentials } from "../auth/credentials.ts";
import { vaultOf } from "../auth/vault.ts";
import { createCaller } from "../call/caller.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import { defineSync } from "../define/define-sync.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { NO_PLANTS } from "../world/plant.ts";
import { inProcessNetwork, type FetchHandler } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { Reconciler } from "./reconciler.ts";

const [SOURCE, TARGET] = ["https://source.example", "https://target.example"];
interface Order {
  readonly id: string;
  readonly note: string;
}
interface Bill extends Order {
  readonly version: string;
}

const orders = defineResource<Order>({
  name: "orders",
  schema: z.object({ id: z.string(), note: z.string() }),
  key: ({ id }) => id,
  read: {
    keysMax: 10,
    records: async (api, [id]) => [(await api.request({ method: "GET", path: `/${id}` })).json as Order],
  },
});
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
      const { json } = await api.request({
        method: "PUT",
        path: `/${key}`,
        body: fields,
        headers: version === undefined ? {} : { "if-match": version },
      });
      return { key, version: (json as Bill).version };
    },
  },
});
const anybody = { settings: z.object({}), auth: { kind: "none" }, limits: [] } as const;
const shop = defineConnector({
  ...anybody,
  name: "shop",
  title: "Shop",
  baseUrl: () => SOURCE!,
  resources: { orders },
}).connect("shop", {});
const books = defineConnector({
  ...anybody,
  name: "books",
  title: "Books",
  baseUrl: () => TARGET!,
  resources: { bills },
}).connect("books", {});
const sync = defineSync({
  name: "orders-to-bills",
  purpose: "A note goes over.",
  from: shop.orders,
  to: books.bills,
  freshWithin: "1m",
  map: ({ field }) => ({ note: field((order) => order.note) }),
  onDelete: "keep",
});

test("what a lost update left behind is not forgotten because its repetition is outdated", async () => {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const order = { id: "1", note: "first" };
  let bill: Bill | undefined;
  const put = (note: string): Bill => (bill = { id: "ours", note, version: String(Number(bill?.version ?? 0) + 1) });
  const network = inProcessNetwork(
    new Map<string, FetchHandler>([
      [SOURCE!, async () => Response.json(order)],
      [
        TARGET!,
        async (request) => {
          const wanted = request.headers.get("if-match");
          if (wanted !== null && wanted !== bill?.version)
            return Response.json({ message: "outdated" }, { status: 412 });
          return Response.json(put(((await request.json()) as Order).note));
        },
      ],
    ]),
    clock,
  );
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({
    connections: ["shop", "books"],
    resources: ["shop/orders", "books/bills"],
    syncs: [{ name: sync.name, from: "shop/orders", to: "books/bills" }],
  });
  const world = { clock, random, network };
  const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), clock, random, network });
  const caller = (connection: typeof shop | typeof books) =>
    createCaller({ connection, secrets: () => undefined, world, credentials, onReauthorize: assert.fail });
  const begin = (): Reconciler => {
    const one: Reconciler = new Reconciler({
      sync,
      store,
      source: caller(shop),
      target: caller(books),
      world,
      plants: NO_PLANTS,
      wakeSyncs: () => one.wake(),
      report: () => {},
      onIdle: () => {},
    });
    one.start();
    return one;
  };
  const stop = async (one: Reconciler): Promise<void> => {
    const stopped = one.stop();
    await clock.advance(10_000);
    await stopped;
  };
  const noted = () =>
    store.observe({
      observations: [
        {
          resource: "shop/orders",
          key: "1",
          cause: "webhook",
          priority: "live",
          at: clock.now(),
          seen: { kind: "changed" },
        },
      ],
    });

  await noted();
  const first = begin();
  await clock.advance(1_000);
  await stop(first);
  assert.deepEqual(bill, { id: "ours", note: "first", version: "1" });

  // A life of Bowline that ends between the call and its answer: the write was armed, sent, and it landed.
  await noted();
  const [claim] = await store.claim({ sync: sync.name, limit: 1, at: clock.now() });
  const write = {
    id: "w",
    action: "update",
    targetKey: "ours",
    fields: '{"note":"second"}',
    changed: ["note"],
    armedAt: clock.now(),
    sends: 1,
    recordHash: "second",
    seq: claim!.seq,
  } as const;
  await store.settle([{ sync: sync.name, key: "1", seq: claim!.seq, at: clock.now(), to: "sending", write }]);
  put("second");
  await store.recover(clock.now());

  // Meanwhile the edit was taken back, which a webhook tells.
  order.note = "first";
  await noted();
  const next = begin();
  for (let minute = 0; minute < 30; minute += 1) await clock.advance(60_000);
  await stop(next);
  const [row] = (await store.status()).syncs;
  assert.equal(row!.ready + row!.waiting + row!.unknown + row!.sending + row!.parked, 0, "all is settled");
  assert.equal(bill?.note, "first", "both sides show the same");
  await store.close();
});
