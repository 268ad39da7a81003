// Subscriptions that are lost, watched beside a simulated shop, in virtual time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createCredentials } from "../../src/auth/credentials.ts";
import { vaultOf } from "../../src/auth/vault.ts";
import { createCaller } from "../../src/call/caller.ts";
import { defineConfig } from "../../src/define/define-config.ts";
import { defineSync } from "../../src/define/define-sync.ts";
import { engineWatch, type EngineWatch } from "../../src/engine-watch.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { BOOKS, booksConnector } from "../../src/testing/small-books.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { shopify } from "./connector.ts";
import { createShopifySimulator, type ShopifySimulator } from "./simulator.ts";
import { topicsOf } from "./subscriptions.ts";

const HOUR = 3_600_000;
const ADDRESS = "https://bowline.example/hooks/shop";
const SHOP = "https://shop.example";
const TOPICS = topicsOf(["customers"]);

interface Setup {
  readonly clock: VirtualClock;
  readonly shop: ShopifySimulator;
  readonly watch: EngineWatch;
  readonly logged: string[];
  /** Resources that were listed to fill a gap. */
  readonly filled: string[];
}

async function setup(t: TestContext): Promise<Setup> {
  const clock = new VirtualClock();
  const shop = createShopifySimulator({
    clock,
    random: new SeededRandom(1),
    shop: "demo",
    accessToken: "shpat_simulated",
    webhookSecret: "secret",
    searchLagMs: 0,
  });
  const from = shopify.connect("shop", {
    shop: "demo",
    accessToken: "shpat_simulated",
    webhookSecret: "secret",
    baseUrl: SHOP,
  });
  const to = booksConnector.connect("books", { token: "books-token", url: BOOKS });
  const clients = defineSync({
    name: "clients",
    purpose: "Whoever buys is a client.",
    owner: "finance",
    from: from.customers,
    to: to.clients,
    freshWithin: "1h",
    map: ({ field }) => ({ name: field((customer) => customer.displayName) }),
    onDelete: "keep",
  });
  const network = inProcessNetwork(new Map([[SHOP, (request: Request) => shop.fetch(request)]]), clock);
  const world = { clock, random: new SeededRandom(2), network };
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({ connections: ["shop", "books"], resources: ["shop/customers"], syncs: [] });
  const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), ...world });
  const secrets = (): undefined => undefined;
  const caller = createCaller({ connection: from, secrets, world, credentials, onReauthorize: () => undefined });
  const logged: string[] = [];
  const filled: string[] = [];
  const watch = engineWatch({
    project: defineConfig({
      name: "alive",
      connections: [from, to],
      syncs: [clients],
      publicUrl: "https://bowline.example",
    }),
    store,
    clock,
    log: (level, message) => logged.push(`${level}: ${message}`),
    secrets,
    callers: new Map([["shop", caller]]),
    sources: new Map([[from.customers.id, from.customers]]),
  });
  watch.fillWith((resource) => filled.push(resource));
  await watch.load();
  watch.start();
  await clock.advance(2 * 60_000);
  t.after(async () => {
    await watch.stop();
    await store.close();
  });
  return { clock, shop, watch, logged, filled };
}

/** What is asked takes as long as its limits say: time passes until it is answered. */
async function ensured({ clock, watch }: Setup) {
  let isDone = false;
  const ensuring = watch.webhooks.ensure("shop").finally(() => (isDone = true));
  for (let step = 0; step < 100 && !isDone; step += 1) await clock.advance(250);
  return ensuring;
}

const view = ({ watch }: Setup) => watch.webhooks.views()[0];

test("nothing is subscribed to until a person asks for it, then all that the project needs", async (t) => {
  const all = await setup(t);
  assert.equal(all.shop.subscriptions.size, 0);
  assert.deepEqual(view(all)?.faults, []);
  const { subscriptions, address } = await ensured(all);
  assert.equal(subscriptions, TOPICS.length);
  assert.equal(address, ADDRESS);
  assert.deepEqual(new Set([...all.shop.subscriptions.values()].map(({ topic }) => topic)), new Set(TOPICS));
});

test("a subscription that was removed is made anew within the hour, told once, and the gap is listed", async (t) => {
  const all = await setup(t);
  await ensured(all);
  all.shop.removeSubscriptions(({ topic }) => topic === "CUSTOMERS_UPDATE");
  all.filled.length = 0;
  await all.clock.advance(HOUR + 10 * 60_000);
  assert.equal(all.shop.subscriptions.size, TOPICS.length);
  const told = all.logged.filter((line) => line.includes("were lost"));
  assert.deepEqual(told.length, 1);
  assert.match(told[0] ?? "", /subscribed again \(no longer subscribed: CUSTOMERS_UPDATE\)/);
  const { faults, mended } = view(all) ?? {};
  assert.deepEqual(faults, []);
  assert.deepEqual(mended?.topics, ["CUSTOMERS_UPDATE"]);
  assert.deepEqual(all.filled, ["shop/customers"]);
  await all.clock.advance(2 * HOUR);
  assert.equal(all.logged.filter((line) => line.includes("were lost")).length, 1);
});

test("another program's subscriptions stay as they are, and one that was turned away is made anew", async (t) => {
  const all = await setup(t);
  await ensured(all);
  all.shop.moveSubscriptions(({ topic }) => topic === "CUSTOMERS_DELETE", "https://other.example/");
  await all.clock.advance(HOUR + 10 * 60_000);
  const uris = [...all.shop.subscriptions.values()].filter(({ topic }) => topic === "CUSTOMERS_DELETE");
  assert.deepEqual(new Set(uris.map(({ uri }) => uri)), new Set(["https://other.example/", ADDRESS]));
  assert.ok(all.logged.some((line) => line.includes("sent to another address: CUSTOMERS_DELETE")));
});

test("a token that may not see subscriptions is told once", async (t) => {
  const all = await setup(t);
  await ensured(all);
  all.shop.replaceAccessToken("shpat_other");
  await all.clock.advance(3 * HOUR);
  assert.equal(all.logged.filter((line) => line.includes("could not be seen")).length, 1);
  assert.match(view(all)?.checkFault ?? "", /reauthorize/);
});
