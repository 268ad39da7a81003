// Who is told what, and how often: over real HTTP to a receiver on this machine, with a real file of state, in virtual time.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Status } from "../control.ts";
import type { ProjectAlerts } from "../define/config.ts";
import { serve } from "../rehearse/serve.ts";
import { fakeStatus } from "../server/testing/fake-control.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { ParkedGroup } from "../store/store.ts";
import { httpNetwork } from "../world/http-network.ts";
import { VirtualClock } from "../world/virtual.ts";
import { Alerts } from "./alerts.ts";
import { destinationsOf } from "./destinations.ts";
import { receiver, type Receiver } from "./testing/receiver.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const SECRET = "a secret of some length";
const counts = { ready: 0, waiting: 0, sending: 0, unknown: 0, parked: 0, links: 9 };
const orders = { sync: "orders", from: "shop/orders", to: "books/bills", purpose: "", owner: "Finance", ...counts };
const fresh = { ...orders, health: "fresh", behindMs: 0, freshWithinMs: MINUTE } as const;
const syncs = [fresh];

interface Setup {
  readonly clock: VirtualClock;
  readonly logged: string[];
  /** What is parked now. */
  groups: readonly ParkedGroup[];
  /** What else stands otherwise than well. */
  status: Partial<Status>;
  start(): Promise<Alerts>;
  readonly path: string;
  /** Lets so much time pass, and every look in it end. */
  pass(durationMs: number): Promise<void>;
}

async function setup(t: TestContext, alerts: Partial<ProjectAlerts>): Promise<Setup> {
  const folder = await mkdtemp(join(tmpdir(), "bowline-alerts-"));
  const clock = new VirtualClock();
  const network = httpNetwork();
  const path = join(folder, "state.db");
  const settings = { toOwners: {}, remindEveryMs: DAY, ...alerts };
  let running: { readonly alerts: Alerts; readonly stop: () => Promise<void> } | undefined;
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  t.after(async () => {
    await stop();
    await network.close();
    await rm(folder, { recursive: true, force: true });
  });
  const all: Setup = {
    clock,
    logged: [],
    groups: [],
    status: {},
    path,
    async start() {
      await stop();
      const store = await openSqliteStore({ path, thread: false });
      const started = new Alerts({
        project: "demo",
        store,
        clock,
        network,
        log: (level, message) => all.logged.push(`${level}: ${message}`),
        destinations: destinationsOf(settings, () => SECRET),
        remindEveryMs: settings.remindEveryMs,
        pageUrl: () => "https://bowline.example.com/",
        facts: async () => ({
          status: { ...fakeStatus(), at: clock.now(), syncs, ...all.status },
          groups: all.groups,
          webhooks: [],
          drifts: [],
          audits: [],
        }),
      });
      await started.load();
      started.start();
      running = {
        alerts: started,
        stop: async () => {
          await started.stop();
          await store.close();
        },
      };
      return started;
    },
    async pass(durationMs) {
      for (let left = durationMs; left > 0; left -= MINUTE / 2) {
        await clock.advance(MINUTE / 2);
        await running?.alerts.idle();
      }
    },
  };
  return all;
}

const parked = (count: number, since: number): ParkedGroup => ({
  sync: "orders",
  cause: "mapping",
  count,
  since,
  first: { key: "1", reason: "the order has no customer", todo: "give it one" },
});

const types = ({ received }: Receiver): readonly string[] => received.map(({ type }) => type);

test("an owner is told once of a cause, however many records it parks, and once when it is over", async (t) => {
  const to = await receiver(t, SECRET);
  const all = await setup(t, { to: to.url, secret: { secret: "env", variable: "ALERTS_SECRET" } });
  await all.start();
  all.groups = [parked(2, all.clock.now())];
  await all.pass(MINUTE);
  all.groups = [parked(9, all.clock.now())];
  await all.pass(30 * MINUTE);
  const [told, ...more] = to.received;
  assert.deepEqual(more, []);
  assert.deepEqual(
    [told?.type, told?.sync, told?.owner, told?.count, told?.reason, told?.link, told?.since, told?.isSigned],
    [
      "alert.opened",
      "orders",
      "Finance",
      2,
      "the order has no customer",
      "https://bowline.example.com/#parked",
      "2026-08-20T12:00:00.000Z",
      true,
    ],
  );
  assert.equal(
    told?.text,
    "[demo] 2 records of orders are parked (mapping): the order has no customer. What to do: give it one. Owner: Finance. https://bowline.example.com/#parked",
  );
  all.groups = [];
  await all.pass(20 * MINUTE);
  assert.deepEqual(types(to), ["alert.opened", "alert.resolved"]);
  assert.equal(to.received[1]?.since, told?.since);
  assert.match(to.received[1]?.until ?? "", /^2026-08-20T12:3/);
});

test("what lasts is told again after the time that is set, and at once when it has become ten times as much", async (t) => {
  const to = await receiver(t);
  const all = await setup(t, { to: to.url, remindEveryMs: 60 * MINUTE });
  await all.start();
  all.groups = [parked(2, all.clock.now())];
  await all.pass(55 * MINUTE);
  assert.deepEqual(types(to), ["alert.opened"]);
  await all.pass(10 * MINUTE);
  assert.deepEqual(types(to), ["alert.opened", "alert.reminder"]);
  all.groups = [parked(20, all.clock.now())];
  await all.pass(30 * MINUTE);
  assert.deepEqual(types(to), ["alert.opened", "alert.reminder", "alert.worse"]);
});

test("what comes and goes is one alert", async (t) => {
  const to = await receiver(t);
  const all = await setup(t, { to: to.url });
  await all.start();
  for (let time = 0; time < 10; time += 1) {
    all.groups = time % 2 === 0 ? [parked(1, all.clock.now())] : [];
    await all.pass(2 * MINUTE);
  }
  assert.deepEqual(types(to), ["alert.opened"]);
});

test("what could not be delivered is tried again ever more slowly, after a restart too, and is the same message", async (t) => {
  const to = await receiver(t);
  to.status = 503;
  const all = await setup(t, { to: to.url });
  const first = await all.start();
  all.groups = [parked(1, all.clock.now())];
  await all.pass(10 * MINUTE);
  const attempts = to.received.length;
  assert.ok(attempts >= 4 && attempts <= 6, `${attempts} attempts in ten minutes`);
  assert.match(first.views()[0]?.failure?.reason ?? "", /answered 503/);
  assert.equal(all.logged.filter((line) => line.includes("could not deliver")).length, 1);
  const again = await all.start();
  to.status = 200;
  await all.pass(60 * MINUTE);
  assert.equal(to.received.length, attempts + 1);
  assert.equal(new Set(to.received.map(({ messageId }) => messageId)).size, 1);
  assert.equal(again.views()[0]?.failure, undefined);
  await all.start();
  await all.pass(10 * MINUTE);
  assert.equal(to.received.length, attempts + 1);
});

test("an owner with an address of their own is told there, and nobody else", async (t) => {
  const [everybody, finance] = [await receiver(t), await receiver(t)];
  const all = await setup(t, { to: everybody.url, toOwners: { Finance: finance.url } });
  const alerts = await all.start();
  all.groups = [parked(1, all.clock.now())];
  await all.pass(MINUTE);
  assert.deepEqual([types(everybody), types(finance)], [[], ["alert.opened"]]);
  assert.deepEqual(await alerts.test(), [{ to: "everybody" }, { to: "Finance" }]);
  assert.deepEqual(types(everybody), ["alert.test"]);
});

test("who can be reached is told once, however long another owner of the same alerts cannot be", async (t) => {
  const [finance, sales] = [await receiver(t), await receiver(t)];
  sales.status = 500;
  const all = await setup(t, { toOwners: { Finance: finance.url, Sales: sales.url } });
  const since = all.clock.now();
  const names = ["shop", "books", "bank"];
  all.status = {
    syncs: [
      { ...fresh, sync: "orders", from: "shop/orders", to: "books/bills" },
      { ...fresh, sync: "leads", owner: "Sales", from: "shop/leads", to: "books/clients" },
      { ...fresh, sync: "payments", from: "bank/payments", to: "books/payments" },
      { ...fresh, sync: "refunds", owner: "Sales", from: "bank/refunds", to: "shop/refunds" },
    ],
    connections: names.map((connection) => ({ connection, connector: connection, state: "reauthorize", since })),
  };
  await all.start();
  await all.pass(120 * MINUTE);
  assert.deepEqual(
    finance.received.map(({ id }) => id),
    names.map((connection) => `connection ${connection}`),
  );
  assert.ok(sales.received.length > names.length);
});

test("without an address an alert is in the log, and says so", async (t) => {
  const all = await setup(t, {});
  const alerts = await all.start();
  all.groups = [parked(1, all.clock.now())];
  await all.pass(MINUTE);
  assert.deepEqual(all.logged, ["warn: 1 record of orders is parked (mapping): the order has no customer"]);
  assert.equal(alerts.views()[0]?.unaddressed, true);
  assert.deepEqual(await alerts.test(), []);
});

test("nobody waits for a receiver that does not answer when Bowline stops, and what it did not take is kept", async (t) => {
  const hanging = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  t.after(() => hanging.resolve(new Response()));
  const served = await serve(async () => {
    asked.resolve();
    return hanging.promise;
  });
  t.after(() => served.close());
  const all = await setup(t, { to: served.url });
  await all.start();
  all.groups = [parked(1, all.clock.now())];
  await all.clock.advance(MINUTE);
  await asked.promise;
  const again = await all.start();
  assert.equal(again.views().length, 1);
  assert.equal(again.views()[0]?.told, undefined);
});

test("what was told before and cannot be read any more is told anew, and stops nothing", async (t) => {
  const to = await receiver(t);
  const all = await setup(t, { to: to.url });
  const store = await openSqliteStore({ path: all.path, thread: false });
  await store.keepWatched([{ what: "alerts", name: "all", state: "[{" }]);
  await store.close();
  await all.start();
  all.groups = [parked(1, all.clock.now())];
  await all.pass(MINUTE);
  assert.deepEqual(types(to), ["alert.opened"]);
  assert.match(all.logged[0] ?? "", /could not read what was told before/);
});
