import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCredentials } from "../auth/credentials.ts";
import { vaultOf } from "../auth/vault.ts";
import { createCaller } from "../call/caller.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import { defineSync } from "../define/define-sync.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { NO_PLANTS } from "../world/plant.ts";
import { inProcessNetwork, type FetchHandler } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { Reconciler } from "./reconciler.ts";

const TARGET = "https://target.example";
const SOURCE = "https://source.example";

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

const bills = defineResource<Order, { note: string }>({
  name: "bills",
  schema: z.object({ id: z.string(), note: z.string() }),
  key: ({ id }) => id,
  write: {
    fields: z.object({ note: z.string() }),
    safety: { kind: "idempotency-key", retentionMs: 86_400_000 },
    create: async (api, { fields, idempotencyKey }) => {
      const answer = await api.request({ method: "POST", path: `/${idempotencyKey}`, body: fields });
      if (fields.note === "read after") await api.request({ method: "GET", path: "/all" });
      return { key: (answer.json as Order).id };
    },
    update: async (api, { key, fields }) => {
      await api.request({ method: "PUT", path: `/${key}`, body: fields });
      return { key };
    },
    lookup: async (api) => {
      const answer = await api.request({ method: "GET", path: "/all" });
      return (answer.json as readonly Order[]).map((record) => ({ key: record.id, record }));
    },
    fieldsOf: ({ note }) => ({ note }),
  },
});

const anybody = { settings: z.object({}), auth: { kind: "none" }, limits: [] } as const;
const shop = defineConnector({
  ...anybody,
  name: "shop",
  title: "Shop",
  baseUrl: () => SOURCE,
  resources: { orders },
}).connect("shop", {});
const books = defineConnector({
  ...anybody,
  name: "books",
  title: "Books",
  baseUrl: () => TARGET,
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

type Trouble =
  | "none"
  | "cut before its effect"
  | "cut after its effect"
  | "throttled"
  | "throttled for a day"
  | "the search is refused"
  | "exists already"
  | "exists with other content"
  | "nobody can be asked";

const DAY_MS = 86_400_000;

/** A shop with one order, and books that remember idempotency keys; `troubles` befall the next calls of the books. */
async function setup(troubles: Trouble[]) {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const order = { id: "1", note: "first" };
  const made = new Map<string, Order>();
  const byKey = new Map<string, string>();
  const network = inProcessNetwork(
    new Map<string, FetchHandler>([
      [SOURCE, async () => Response.json(order)],
      [TARGET, answerOfBooks],
    ]),
    clock,
  );
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({
    connections: ["shop", "books"],
    resources: ["shop/orders", "books/bills"],
    syncs: [{ name: sync.name, from: "shop/orders", to: "books/bills" }],
  });
  const credentials = createCredentials({
    store,
    vault: vaultOf(new Uint8Array(32)),
    clock,
    random,
    network,
  });
  const caller = (connection: typeof shop | typeof books) =>
    createCaller({
      connection,
      secrets: () => undefined,
      world: { clock, random, network },
      credentials,
      onReauthorize: assert.fail,
    });
  const reconciler = new Reconciler({
    sync,
    store,
    source: caller(shop),
    target: caller(books),
    world: { clock, random, network },
    plants: NO_PLANTS,
    wakeSyncs: () => reconciler.wake(),
    report: (what, _sync, _key, reason) => assert.notEqual(what, "bug", reason),
    onIdle: () => {},
  });
  reconciler.start();

  async function answerOfBooks(request: Request): Promise<Response> {
    const trouble = troubles.shift();
    const name = new URL(request.url).pathname.slice(1);
    if (trouble === "throttled") return new Response("{}", { status: 429, headers: { "retry-after": "1" } });
    if (trouble === "throttled for a day")
      return new Response("{}", { status: 429, headers: { "retry-after": String(DAY_MS / 1_000) } });
    if (trouble === "the search is refused") return new Response("{}", { status: 400 });
    if (trouble === "nobody can be asked") return new Response("{}", { status: 503 });
    if (request.method === "GET") return Response.json([...made.values()]);
    const { note } = (await request.json()) as Order;
    if (trouble === "cut before its effect") throw new Error("cut");
    if (trouble === "exists with other content") {
      made.set("theirs", { id: "theirs", note: "somebody else's" });
      return new Response("{}", { status: 409 });
    }
    if (trouble === "exists already") {
      if (made.size === 0) made.set("there", { id: "there", note });
      return new Response("{}", { status: 409 });
    }
    const id = request.method === "PUT" ? name : (byKey.get(name) ?? `bill-${made.size + 1}`);
    if (request.method === "PUT" || !byKey.has(name)) made.set(id, { id, note });
    byKey.set(name, id);
    if (trouble === "cut after its effect") throw new Error("cut");
    return Response.json(made.get(id));
  }

  return {
    clock,
    store,
    made,
    /** The order is changed, and a webhook tells that it was. */
    async edit(note: string) {
      order.note = note;
      await noted(store, clock.now());
      reconciler.wake();
    },
    async [Symbol.asyncDispose]() {
      const stopped = reconciler.stop();
      await clock.advance(60_000);
      await stopped;
      await store.close();
    },
  };
}

function noted(store: Store, at: number) {
  const observation = { resource: "shop/orders", key: "1", cause: "webhook", priority: "live", at } as const;
  return store.observe({ observations: [{ ...observation, seen: { kind: "changed" } }] });
}

const notesOf = (made: ReadonlyMap<string, Order>): readonly string[] => [...made.values()].map(({ note }) => note);

test("an edit that came while a write was unknown is written once that write is resolved", async () => {
  await using world = await setup(["cut after its effect"]);
  await world.edit("first");
  await world.clock.advance(5);
  const [status] = (await world.store.status()).syncs;
  assert.equal(status?.unknown, 1);
  await world.edit("second");
  await world.clock.advance(60_000);
  assert.deepEqual(notesOf(world.made), ["second"]);
});

test("a repetition that is throttled does not forget the write that it repeats", async () => {
  await using world = await setup(["cut after its effect", "throttled"]);
  await world.edit("first");
  await world.clock.advance(60_000);
  assert.deepEqual(notesOf(world.made), ["first"]);
});

test("a write whose search is refused is a person's question, and is not searched for again and again", async () => {
  await using world = await setup(["cut before its effect", "throttled for a day", "the search is refused"]);
  await world.edit("first");
  await world.clock.advance(2 * DAY_MS);
  const [row] = await world.store.parked({ limit: 10 });
  assert.equal(row?.cause, "unknown-outcome");
  assert.match(row?.reason ?? "", /could not look up whether it was written/);
});

test("a write that was looked up and not found is not searched for again when its repetition is throttled", async () => {
  await using world = await setup(["cut before its effect", "throttled for a day", "none", "throttled for a day"]);
  await world.edit("first");
  await world.clock.advance(4 * DAY_MS);
  assert.deepEqual(notesOf(world.made), ["first"]);
  const asked = await world.store.requests({ connection: "books", limit: 100 });
  assert.equal(asked.filter(({ method }) => method === "GET").length, 1);
});

test("a write that was taken is not made again because a reading after it was throttled", async () => {
  await using world = await setup(["none", "throttled"]);
  await world.edit("read after");
  await world.clock.advance(60_000);
  assert.deepEqual(notesOf(world.made), ["read after"]);
});

test("a create that collides is tried again when nobody can be asked with what", async () => {
  await using world = await setup([
    "cut after its effect",
    "exists already",
    "nobody can be asked",
    "nobody can be asked",
  ]);
  await world.edit("first");
  await world.clock.advance(60_000);
  assert.deepEqual(notesOf(world.made), ["first"]);
  const [status] = (await world.store.status()).syncs;
  assert.equal(status?.links, 1);
  assert.equal(status?.parked, 0);
});

test("what a search finds for a lost create, and shows something else, is not taken for it without a person", async () => {
  await using world = await setup(["cut before its effect", "throttled for a day"]);
  world.made.set("theirs", { id: "theirs", note: "somebody else's" });
  await world.edit("first");
  await world.clock.advance(2 * DAY_MS);
  assert.deepEqual(notesOf(world.made), ["somebody else's"]);
  const [parked] = await world.store.parked({});
  assert.equal(parked?.cause, "unknown-outcome");
  assert.match(parked?.reason ?? "", /^theirs looks like it, but shows another note$/);
});

test("a record that somebody else made is not taken for what a lost create left", async () => {
  await using world = await setup(["cut before its effect", "exists with other content"]);
  await world.edit("first");
  await world.clock.advance(60_000);
  assert.deepEqual(notesOf(world.made), ["somebody else's"]);
  const [status] = (await world.store.status()).syncs;
  assert.deepEqual([status?.links, status?.parked], [0, 1]);
});
