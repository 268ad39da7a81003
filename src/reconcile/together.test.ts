import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createCaller } from "../call/caller.ts";
import type { Limit } from "../define/connector.ts";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import { defineSync } from "../define/define-sync.ts";
import { CallFailed } from "../define/outcome.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { NO_PLANTS } from "../world/plant.ts";
import { inProcessNetwork } from "../world/in-process.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { Reconciler } from "./reconciler.ts";

const ORIGIN = "https://books.example";
const MOST = 10;

interface Bill {
  readonly id: string;
  readonly note: string;
}

const bill = z.object({ id: z.string(), note: z.string() });
const orders = defineResource<Bill>({ name: "orders", schema: bill, key: ({ id }) => id });

const itemAnswers = z.array(z.object({ id: z.string().optional(), error: z.string().optional() }));

const bills = defineResource<Bill, { note: string }>({
  name: "bills",
  schema: bill,
  key: ({ id }) => id,
  write: {
    fields: z.object({ note: z.string() }),
    safety: { kind: "idempotency-key", retentionMs: 86_400_000 },
    create: async (api, { fields, idempotencyKey }) => {
      const items = [{ key: idempotencyKey, note: fields.note }];
      const { json } = await api.request({ method: "POST", path: "/bills", body: items });
      return { key: itemAnswers.parse(json)[0]?.id ?? "" };
    },
    together: {
      most: MOST,
      create: async (api, some) => {
        const items = some.map(({ fields, idempotencyKey }) => ({ key: idempotencyKey, note: fields.note }));
        const { json } = await api.request({ method: "POST", path: "/bills", body: items });
        return itemAnswers
          .parse(json)
          .map(({ id, error = "" }) =>
            id === undefined ? new CallFailed({ kind: "invalid", reason: error }, error) : { key: id },
          );
      },
    },
  },
});

const anybody = { settings: z.object({}), auth: { kind: "none" }, limits: [], baseUrl: () => ORIGIN } as const;
const shop = defineConnector({ ...anybody, name: "shop", title: "Shop", resources: { orders } }).connect("shop", {});
const books = defineConnector({ ...anybody, name: "books", title: "Books", resources: { bills } }).connect("books", {});
const sync = defineSync({
  name: "orders-to-bills",
  purpose: "A note goes over.",
  from: shop.orders,
  to: books.bills,
  freshWithin: "1m",
  map: ({ field }) => ({ note: field((order) => order.note) }),
  onDelete: "keep",
});

type Trouble = "cut after its effect" | "refused as a whole" | "throttled";

/** Books that take many bills in one call and remember the key of each; `troubles` befall the next calls. */
async function setup(troubles: Trouble[] = [], limits: readonly Limit[] = []) {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const calls: (readonly string[])[] = [];
  const made = new Map<string, string>();

  async function answer(request: Request): Promise<Response> {
    const items = z.array(z.object({ key: z.string(), note: z.string() })).parse(await request.json());
    calls.push(items.map(({ note }) => note));
    const trouble = troubles.shift();
    if (trouble === "throttled") return new Response(null, { status: 429, headers: { "retry-after": "2" } });
    if (trouble === "refused as a whole" && items.length > 1) return Response.json({}, { status: 400 });
    if (items.length === 1 && items[0]?.note === "bad")
      return Response.json({ message: "a bad note" }, { status: 422 });
    const answers = items.map(({ key, note }) => {
      if (note === "bad") return { error: "a bad note" };
      made.set(key, made.get(key) ?? `bill-${made.size + 1}`);
      return { id: made.get(key) };
    });
    if (trouble === "cut after its effect") throw new Error("cut");
    return Response.json(answers);
  }

  const world = { clock, random, network: inProcessNetwork(new Map([[ORIGIN, answer]]), clock) };
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({
    connections: ["shop", "books"],
    resources: ["shop/orders", "books/bills"],
    syncs: [{ name: sync.name, from: "shop/orders", to: "books/bills" }],
  });
  const caller = (connection: typeof shop | typeof books) =>
    createCaller({
      connection: { ...connection, connector: { ...connection.connector, limits } },
      secrets: () => undefined,
      world,
      credentials: undefined as never,
      onReauthorize: assert.fail,
    });
  const parked: string[] = [];
  const reconciler = new Reconciler({
    sync,
    store,
    source: caller(shop),
    target: caller(books),
    world,
    plants: NO_PLANTS,
    wakeSyncs: () => reconciler.wake(),
    report(what, _sync, key, reason) {
      assert.equal(what, "parked", reason);
      parked.push(key);
    },
    onIdle: () => {},
  });
  reconciler.start();
  return {
    clock,
    store,
    calls,
    made,
    parked,
    async see(notes: readonly string[]) {
      const at = clock.now();
      await store.observe({
        observations: notes.map((note, index) => {
          const body = { id: String(index + 1), note };
          const seen = { kind: "record", body: JSON.stringify(body), hash: `${index} ${note}` } as const;
          return { resource: "shop/orders", key: body.id, cause: "scan", priority: "scheduled", at, seen } as const;
        }),
      });
      reconciler.wake();
      await clock.advance(100);
    },
    async close() {
      await reconciler.stop();
      await store.close();
    },
  };
}

const notes = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `note ${index + 1}`);

test("writes that are ready at the same moment go in one call, and no call has more than may be", async () => {
  const { see, calls, made, close } = await setup();
  await see(notes(25));
  assert.equal(made.size, 25);
  assert.ok(calls.length <= 4, `${calls.length} calls`);
  assert.ok(calls.every((call) => call.length <= MOST));
  assert.deepEqual(new Set(calls.flat()), new Set(notes(25)));
  await close();
});

test("where few calls may go, as many writes are ready as they can carry", async () => {
  const limit: Limit = { kind: "rate", name: "minute", count: 3, perMs: 60_000, every: true };
  const { see, calls, clock, close } = await setup([], [limit]);
  await see(notes(200));
  for (let minutes = 0; minutes < 3; minutes += 1) await clock.advance(62_000);
  const sizes = calls.slice(3).map(({ length }) => length);
  assert.ok(sizes.length >= 6, `${sizes.length} calls in three minutes`);
  const carried = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(carried >= 0.9 * MOST * sizes.length, sizes.join(", "));
  await close();
});

test("a lone write goes by itself, at once", async () => {
  const { see, calls, close } = await setup();
  await see(["only"]);
  assert.deepEqual(calls, [["only"]]);
  await close();
});

test("a bad one fails alone, and each has the call in its own story with its own outcome", async () => {
  const { see, store, parked, made, close } = await setup();
  await see(["good", "bad", "fine"]);
  assert.deepEqual(parked, ["2"]);
  assert.equal(made.size, 2);
  const outcomes = async (key: string) => (await store.requests({ key })).map(({ outcome }) => outcome);
  assert.deepEqual([await outcomes("1"), await outcomes("2"), await outcomes("3")], [["done"], ["invalid"], ["done"]]);
  await close();
});

test("a call that is refused as a whole is made again one by one, so that only the bad one is refused", async () => {
  const { see, calls, made, parked, close } = await setup(["refused as a whole"]);
  await see(["good", "bad", "fine"]);
  assert.deepEqual(
    calls.map((call) => call.length),
    [3, 1, 1, 1],
  );
  assert.deepEqual([parked, made.size], [["2"], 2]);
  await close();
});

test("when nobody knows what became of a call, every write of it is unknown, and is resolved by its own key", async () => {
  const { clock, see, store, made, close } = await setup(["cut after its effect", "cut after its effect"]);
  await see(notes(5));
  const [status] = (await store.status()).syncs;
  assert.deepEqual([status?.unknown, status?.links], [5, 0]);
  await clock.advance(60_000);
  assert.equal(made.size, 5);
  const links = await store.links(notes(5).map((_, index) => ({ sync: sync.name, key: String(index + 1) })));
  assert.deepEqual(new Set(links), new Set(made.values()));
  await close();
});

test("after a throttled call all of its writes wait, and then go", async () => {
  const { clock, see, store, made, close } = await setup(["throttled"]);
  await see(notes(3));
  assert.deepEqual((await store.status()).syncs[0]?.waiting, 3);
  await clock.advance(5_000);
  assert.equal(made.size, 3);
  assert.equal((await store.status()).tallies["cleared.confirmed"], 3);
  await close();
});
