// Drifts, as they are noticed in samples, decisions, refusals and headers, over a real store and in virtual time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { z } from "zod";
import { defineConnector, defineResource } from "../define/define-connector.ts";
import { defineSync } from "../define/define-sync.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { DriftWatch } from "./drift-watch.ts";

const HOUR = 3_600_000;
const order = z.object({
  id: z.string(),
  total: z.string(),
  status: z.enum(["open", "paid"]),
  note: z.string().optional(),
  currency: z.string(),
});
type Order = z.infer<typeof order>;
const FITTING: Order = { id: "1", total: "1.00", status: "open", note: "thanks", currency: "USD" };

const orders = defineResource<Order>({ name: "orders", schema: order, key: ({ id }) => id });
const bills = defineResource<{ id: string }, { Total: string; Note?: string; Currency: string }, "void">({
  name: "bills",
  schema: z.object({ id: z.string() }),
  key: ({ id }) => id,
  write: { safety: { kind: "none" }, fields: z.any(), create: async () => ({ key: "1" }) },
});
const provider = (name: string, resources: Record<string, typeof orders | typeof bills>, ends?: string) =>
  defineConnector({
    name,
    title: name,
    settings: z.object({}),
    baseUrl: () => "https://provider.example",
    auth: { kind: "none" },
    limits: [],
    ...(ends === undefined ? {} : { apiVersion: "v1", apiVersionEnds: ends }),
    resources,
  }).connect(name, {});
const from: ConnectedResource<typeof orders> = {
  kind: "connected-resource",
  id: "shop/orders",
  connectionName: "shop",
  resource: orders,
};
const to: ConnectedResource<typeof bills> = {
  kind: "connected-resource",
  id: "books/bills",
  connectionName: "books",
  resource: bills,
};
const sync = defineSync({
  name: "bills",
  purpose: "Each order has its bill.",
  owner: "finance",
  from,
  to,
  freshWithin: "1m",
  map: ({ field, table }) => ({
    Total: field((one) => one.total),
    Note: field((one) => one.note).orOmit(),
    Currency: table((one) => one.currency, { USD: "USD" }).otherwise.park(),
  }),
  onDelete: "void",
});

async function setup(t: TestContext, ends?: string) {
  const clock = new VirtualClock();
  const store: Store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  await store.declare({
    connections: ["shop", "books"],
    resources: [from.id, to.id],
    syncs: [{ name: sync.name, from: from.id, to: to.id }],
  });
  const logged: string[] = [];
  const start = async (): Promise<DriftWatch> => {
    const watch = new DriftWatch({
      store,
      clock,
      log: (level, message) => logged.push(`${level}: ${message}`),
      connections: [provider("shop", { orders }, ends), provider("books", { bills })],
      syncs: [sync],
      sources: new Map([[from.id, from]]),
    });
    await watch.load();
    watch.start();
    return watch;
  };
  return { clock, store, logged, start };
}

const told = (watch: DriftWatch) =>
  watch.views().map(({ kind, place, touches }) => [kind, place, touches.flatMap(({ fields }) => fields).join()]);

test("what does not fit is told once, with what it touches, and is known after a restart", async (t) => {
  const { clock, logged, start } = await setup(t);
  const watch = await start();
  watch.sample(from, { ...FITTING, total: 5 }, true);
  watch.sample(from, { ...FITTING, total: 6, status: "archived" }, true);
  assert.deepEqual(told(watch), [
    ["type", "total", "Total"],
    ["value", "status", ""],
  ]);
  assert.equal(watch.views()[0]?.times, 2);
  await watch.stop();
  const again = await start();
  again.sample(from, { ...FITTING, total: 7 }, true);
  await clock.advance(1_000);
  assert.equal(logged.length, 2);
  assert.match(logged[0] ?? "", /^warn: total of shop\/orders has another type: .*; it touches bills \(Total\)$/);
  assert.match(logged[1] ?? "", /no sync depends on it$/);
  await again.stop();
});

test("it is over when the record that showed it fits again", async (t) => {
  const { clock, store, logged, start } = await setup(t);
  const watch = await start();
  const observe = (record: object, version: string): Promise<unknown> =>
    store.observe({
      observations: [
        {
          resource: from.id,
          key: "1",
          cause: "poll",
          priority: "scheduled",
          at: clock.now(),
          version,
          seen: { kind: "record", hash: version, body: JSON.stringify(record) },
        },
      ],
    });
  await observe({ ...FITTING, total: 5 }, "1");
  watch.sample(from, { ...FITTING, total: 5 }, true);
  await clock.advance(5 * 60_000);
  assert.equal(watch.views().length, 1);
  await observe(FITTING, "2");
  await clock.advance(5 * 60_000);
  assert.deepEqual(watch.views(), []);
  assert.deepEqual(await store.drifts(), []);
  assert.match(logged.at(-1) ?? "", /^info: it is over: total/);
  await watch.stop();
});

test("a value that no table has an entry for is told, and a record out of scope is not asked", async (t) => {
  const { start } = await setup(t);
  const watch = await start();
  watch.sample(from, { ...FITTING, currency: "EUR" }, true);
  assert.deepEqual(told(watch), [["value", "currency", "Currency"]]);
  assert.match(watch.views()[0]?.detail ?? "", /the table of bills has no entry for "EUR"/);
  await watch.stop();
});

test("an optional field that vanishes from all records is missed, and found again", async (t) => {
  const { clock, start } = await setup(t);
  const watch = await start();
  const { note: _note, ...without } = FITTING;
  const sampleMany = async (record: object, count: number): Promise<void> => {
    for (let one = 0; one < count; one += 1) {
      if (one % 20 === 0) await clock.advance(61_000);
      watch.sample(from, record, true);
    }
  };
  await sampleMany(FITTING, 100);
  await sampleMany(without, 9);
  assert.deepEqual(told(watch), []);
  await sampleMany(without, 10);
  assert.deepEqual(told(watch), [["vanished", "note", "Note"]]);
  await sampleMany(FITTING, 1);
  assert.deepEqual(told(watch), []);
  await watch.stop();
});

test("a field that a provider wants is told after three records were refused for want of it", async (t) => {
  const { clock, start } = await setup(t);
  const watch = await start();
  const refused = (key: string) =>
    ({
      sync: "bills",
      key,
      seq: 1,
      at: clock.now(),
      to: "parked",
      cause: "invalid",
      reason: "Required parameter TaxCode is missing in the request",
      todo: "",
    }) as const;
  watch.settled([refused("1"), refused("1"), refused("2")]);
  assert.deepEqual(told(watch), []);
  watch.settled([refused("3")]);
  assert.deepEqual(told(watch), [["required", "TaxCode", "TaxCode"]]);
  await clock.advance(25 * HOUR);
  assert.deepEqual(told(watch), []);
  await watch.stop();
});

test("a version near its end is told with the syncs of its connection, and headers say more", async (t) => {
  const { start } = await setup(t, "2026-10-01");
  const watch = await start();
  const connection = watch.listeningTo(provider("shop", { orders }));
  const answer = { status: 200, json: {}, text: "" };
  connection.connector.readLimits?.({ ...answer, headers: {} });
  connection.connector.readLimits?.({ ...answer, headers: { sunset: "Sat, 31 Dec 2028 23:59:59 GMT" } });
  assert.deepEqual(
    watch.views().map(({ detail, touches }) => [detail, touches.map((one) => one.sync).join()]),
    [
      ["version v1 is served until 2026-10-01", "bills"],
      ["what we ask for ends on 2028-12-31 (Sunset)", "bills"],
    ],
  );
  await watch.stop();
});

test("only so many samples are taken in a minute", async (t) => {
  const { clock, start } = await setup(t);
  const watch = await start();
  for (let count = 0; count < 1_000; count += 1) watch.sample(from, { ...FITTING, total: 5 }, true);
  assert.equal(watch.views()[0]?.times, 30);
  await clock.advance(61_000);
  watch.sample(from, { ...FITTING, total: 5 }, true);
  assert.equal(watch.views()[0]?.times, 31);
  await watch.stop();
});
