// Two syncs read one resource without versions, and the clock is set back by an hour: an edit is read a few times, not all the time.
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
import type { Clock } from "../world/world.ts";
import { Reconciler } from "./reconciler.ts";

const [SOURCE, TARGET] = ["https://source.example", "https://target.example"];
interface Order {
  readonly id: string;
  readonly note: string;
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
const target = (name: string) =>
  defineResource<Order, { note: string }>({
    name,
    schema: z.object({ id: z.string(), note: z.string() }),
    key: ({ id }) => id,
    write: {
      fields: z.object({ note: z.string() }),
      safety: { kind: "upsert" },
      create: async (api, { fields }) => ({
        key: ((await api.request({ method: "PUT", path: `/${name}`, body: fields })).json as Order).id,
      }),
      update: async (api, { key, fields }) => {
        await api.request({ method: "PUT", path: `/${name}`, body: fields });
        return { key };
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
  resources: { bills: target("bills"), receipts: target("receipts") },
}).connect("books", {});
const common = {
  purpose: "A note goes over.",
  from: shop.orders,
  freshWithin: "1m",
  map: ({ field }: any) => ({ note: field((order: Order) => order.note) }),
  onDelete: "keep",
} as const;
const syncs = [
  defineSync({ ...common, name: "bills", to: books.bills } as never),
  defineSync({ ...common, name: "receipts", to: books.receipts } as never),
] as any[];

for (const backMs of [0, 3_600_000]) {
  test(`an edit is read a few times after the clock was set back by ${backMs} ms`, async () => {
    const virtual = new VirtualClock();
    let back = 0;
    const clock: Clock = { now: () => virtual.now() - back, timer: (delayMs, wake) => virtual.timer(delayMs, wake) };
    const random = new SeededRandom(1);
    const order = { id: "1", note: "first" };
    let reads = 0;
    const network = inProcessNetwork(
      new Map<string, FetchHandler>([
        [
          SOURCE!,
          async () => {
            reads += 1;
            await new Promise<void>((go) => virtual.timer(100, go));
            return Response.json(order);
          },
        ],
        [
          TARGET!,
          async (request) =>
            Response.json({ id: new URL(request.url).pathname.slice(1), ...((await request.json()) as object) }),
        ],
      ]),
      clock,
    );
    const store = await openSqliteStore({ path: ":memory:", thread: false });
    await store.declare({
      connections: ["shop", "books"],
      resources: ["shop/orders", "books/bills", "books/receipts"],
      syncs: syncs.map(({ name }) => ({ name, from: "shop/orders", to: `books/${name}` })),
    });
    const world = { clock, random, network };
    const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), clock, random, network });
    const caller = (connection: unknown) =>
      createCaller({
        connection: connection as never,
        secrets: () => undefined,
        world,
        credentials,
        onReauthorize: assert.fail,
      });
    const all = new Map<string, Reconciler>();
    const wakeSyncs = (names: readonly string[]): void => names.forEach((name) => all.get(name)?.wake());
    const [source, to] = [caller(shop), caller(books)];
    for (const sync of syncs)
      all.set(
        sync.name,
        new Reconciler({
          sync,
          store,
          source,
          target: to,
          world,
          plants: NO_PLANTS,
          wakeSyncs,
          report: () => {},
          onIdle: () => {},
        }),
      );
    for (const one of all.values()) one.start();
    const noted = async () =>
      wakeSyncs(
        (
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
          })
        ).syncs,
      );
    await noted();
    await virtual.advance(10_000);
    back = backMs;
    reads = 0;
    order.note = "second";
    await noted();
    await virtual.advance(60_000);
    const read = reads;
    const stopped = Promise.all([...all.values()].map((one) => one.stop()));
    await virtual.advance(60_000);
    await stopped;
    await store.close();
    assert.ok(read <= 6, `one edit was read ${read} times within a minute`);
  });
}
