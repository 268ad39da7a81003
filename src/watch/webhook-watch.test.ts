// Webhooks that stop, as the watch hears it at a real store, in virtual time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { engineWatch, type EngineWatch } from "../engine-watch.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { billsSync, clients, shop, smallProject } from "../testing/small-world.ts";
import { VirtualClock } from "../world/virtual.ts";
import { heard, listening, newHearing } from "./hearing.ts";
import type { HeardView } from "./webhook-state.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const ORDERS = "shop/orders";
const project = smallProject({ syncs: [clients, billsSync()] });

interface Setup {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly logged: string[];
  /** From when on each resource was listed to fill a gap. */
  readonly filled: (readonly [resource: string, since: number])[];
  start(): Promise<EngineWatch>;
}

/** A file that remembers a week of orders' webhooks, one every four minutes. */
async function setup(t: TestContext): Promise<Setup> {
  const clock = new VirtualClock();
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  await store.declare({
    connections: ["shop", "books"],
    resources: [ORDERS],
    syncs: [{ name: "bills", from: ORDERS, to: "books/bills" }],
  });
  const now = clock.now();
  let hearing = newHearing(now - 7 * DAY);
  for (let at = now - 7 * DAY; at <= now; at += 4 * MINUTE) hearing = heard(listening(hearing, at), 1, at);
  await store.keepWatched([{ what: "heard", name: ORDERS, state: JSON.stringify(hearing) }]);
  const logged: string[] = [];
  const filled: [string, number][] = [];
  return {
    clock,
    store,
    logged,
    filled,
    async start() {
      const watch = engineWatch({
        project,
        store,
        clock,
        log: (level, message) => logged.push(`${level}: ${message}`),
        secrets: () => "secret",
        callers: new Map(),
        sources: new Map([[ORDERS, shop.orders]]),
      });
      watch.fillWith((resource, since) => filled.push([resource, since]));
      await watch.load();
      watch.start();
      return watch;
    },
  };
}

/** A listing that shows one order, edited. */
function poll({ store }: EngineWatch, clock: VirtualClock, key = "1"): Promise<unknown> {
  const at = clock.now();
  const seen = { kind: "record", hash: String(at) } as const;
  return store.observe({
    observations: [{ resource: ORDERS, key, cause: "poll", priority: "scheduled", at, seen }],
    scan: { resource: ORDERS, kind: "changes", state: { completeAt: at } },
  });
}

function webhook({ store }: EngineWatch, clock: VirtualClock): Promise<unknown> {
  const told = { resource: ORDERS, key: "1", cause: "webhook", priority: "live", seen: { kind: "changed" } } as const;
  return store.observe({ observations: [{ ...told, at: clock.now() }], arrivalsUpTo: 0 });
}

/** Edits an order every five minutes, of which only polling tells. */
async function editQuietly(watch: EngineWatch, clock: VirtualClock, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 5) {
    await poll(watch, clock);
    await clock.advance(5 * MINUTE);
  }
}

function orders({ webhooks }: EngineWatch): HeardView {
  const found = webhooks.views().flatMap(({ resources }) => resources.filter(({ resource }) => resource === ORDERS));
  assert.ok(found[0] !== undefined);
  return found[0];
}

test("webhooks that stop are noticed and told once, and the gap is listed from the last one on", async (t) => {
  const { clock, start, logged, filled } = await setup(t);
  const last = clock.now();
  const watch = await start();
  await editQuietly(watch, clock, 90);
  const { quietAt, found, lastAt } = orders(watch);
  assert.ok(quietAt !== undefined && quietAt - last <= 60 * MINUTE, `noticed at ${String(quietAt)}, last ${last}`);
  // The first listing that we see shows what was there before.
  assert.equal(found, 17);
  assert.equal(lastAt, last);
  assert.deepEqual(filled, [[ORDERS, last]]);
  const told = logged.filter((line) => line.includes("gone quiet"));
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /^error: webhooks of shop\/orders have gone quiet: none came since 2026-08-20T12:00:00/);
  await watch.stop();
});

test("a restart tells nothing twice, and the next webhook ends the silence and says what it cost", async (t) => {
  const { clock, start, logged } = await setup(t);
  const last = clock.now();
  const first = await start();
  await editQuietly(first, clock, 90);
  await first.stop();
  const again = await start();
  await editQuietly(again, clock, 30);
  assert.equal(logged.filter((line) => line.includes("gone quiet")).length, 1);
  await webhook(again, clock);
  const { quietAt, ended, found } = orders(again);
  assert.equal(quietAt, undefined);
  assert.deepEqual(ended, { since: last, until: clock.now(), found: 23 });
  assert.equal(found, 0);
  assert.ok(logged.some((line) => line.includes("come again; polling found 23 changes meanwhile")));
  await again.stop();
});

test("while webhooks come nothing is told", async (t) => {
  const { clock, start, logged } = await setup(t);
  const watch = await start();
  for (let minute = 0; minute < 240; minute += 4) {
    await poll(watch, clock);
    await webhook(watch, clock);
    await clock.advance(4 * MINUTE);
  }
  assert.equal(orders(watch).quietAt, undefined);
  assert.deepEqual(logged, []);
  await watch.stop();
});

test("a silence in which nothing changes is none", async (t) => {
  const { clock, start, logged } = await setup(t);
  const watch = await start();
  await clock.advance(2 * DAY);
  assert.equal(orders(watch).quietAt, undefined);
  assert.deepEqual(logged, []);
  await watch.stop();
});

test("a provider without an API for it is a person's, who is told where", async (t) => {
  const { start } = await setup(t);
  const watch = await start();
  assert.equal(watch.webhooks.views()[0]?.how, "by-hand");
  await assert.rejects(
    watch.webhooks.ensure("shop"),
    /a person subscribes to them: the pages of Small Shop; they have to be sent to \/hooks\/shop at/,
  );
  await watch.stop();
});
