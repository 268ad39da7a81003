// A record that exists at the target is adopted for a source whose bodies are not kept: it is made like the source's.
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

const readable = (keep: "body" | "hash") =>
  defineResource<Order>({
    name: "orders",
    schema: z.object({ id: z.string(), note: z.string() }),
    key: ({ id }) => id,
    ...(keep === "hash" ? { keep } : {}),
    read: {
      keysMax: 10,
      records: async (api, [id]) => [(await api.request({ method: "GET", path: `/${id}` })).json as Order],
    },
  });
const bills = defineResource<Order, { note: string }>({
  name: "bills",
  schema: z.object({ id: z.string(), note: z.string() }),
  key: ({ id }) => id,
  write: {
    fields: z.object({ note: z.string() }),
    safety: { kind: "upsert" },
    create: async (api, { fields }) => ({
      key: ((await api.request({ method: "POST", path: "/", body: fields })).json as Order).id,
    }),
    update: async (api, { key, fields }) => {
      await api.request({ method: "PUT", path: `/${key}`, body: fields });
      return { key };
    },
    lookup: async (api) =>
      ((await api.request({ method: "GET", path: "/all" })).json as readonly Order[]).map((record) => ({
        key: record.id,
        record,
      })),
    fieldsOf: ({ note }) => ({ note }),
  },
});
const anybody = { settings: z.object({}), auth: { kind: "none" }, limits: [] } as const;

for (const keep of ["body", "hash"] as const) {
  test(`an adopted record is made like its source's (keep: ${keep})`, async () => {
    const shop = defineConnector({
      ...anybody,
      name: "shop",
      title: "Shop",
      baseUrl: () => SOURCE!,
      resources: { orders: readable(keep) },
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
      onExisting: "link",
    });
    const clock = new VirtualClock();
    const random = new SeededRandom(1);
    const theirs = { id: "theirs", note: "somebody else's" };
    const network = inProcessNetwork(
      new Map<string, FetchHandler>([
        [SOURCE!, async () => Response.json({ id: "1", note: "ours" })],
        [
          TARGET!,
          async (request) => {
            if (request.method === "GET") return Response.json([theirs]);
            if (request.method === "POST") return Response.json({}, { status: 409 });
            theirs.note = ((await request.json()) as Order).note;
            return Response.json(theirs);
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
      createCaller({
        connection: connection as never,
        secrets: () => undefined,
        world,
        credentials,
        onReauthorize: assert.fail,
      });
    const one: Reconciler = new Reconciler({
      sync: sync as never,
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
    await store.observe({
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
    one.wake();
    for (let minute = 0; minute < 5; minute += 1) await clock.advance(60_000);
    const stopped = one.stop();
    await clock.advance(10_000);
    await stopped;
    const [row] = (await store.status()).syncs;
    assert.deepEqual([row!.links, row!.ready + row!.waiting + row!.unknown + row!.sending + row!.parked], [1, 0]);
    await store.close();
    assert.equal(theirs.note, "ours");
  });
}
