// Without the scope `read_all_orders` Shopify answers for orders of more than 60 days ago as if they were not there.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createQuickBooksSimulator } from "../../connectors/quickbooks/simulator.ts";
import { createShopifySimulator } from "../../connectors/shopify/simulator.ts";
import { defineConfig } from "../../src/define/define-config.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { engineWorld } from "../../src/testing/engine-world.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { books, shop } from "./connections.ts";
import customers from "./syncs/customers.ts";
import invoices from "./syncs/invoices.ts";
import items from "./syncs/items.ts";

const DAY_MS = 86_400_000;

/** Nine orders of two months ago less an hour, one of two days ago and one of yesterday, all invoiced. */
async function invoiced(t: TestContext) {
  const clock = new VirtualClock();
  const random = new SeededRandom(1);
  const webhooks: OutgoingWebhook[] = [];
  const store = createShopifySimulator({
    clock,
    random,
    shop: "demo",
    accessToken: "shpat",
    webhookSecret: "s",
    searchLagMs: 0,
    scopes: ["read_orders", "read_customers", "read_products"],
    send: (webhook) => {
      webhooks.push(webhook);
      return Promise.resolve(200);
    },
  });
  const company = createQuickBooksSimulator({
    clock,
    random,
    realmId: "9341453908059321",
    clientId: "c",
    clientSecret: "s",
    refreshToken: "r",
    webhookVerifierToken: "v",
    settings: { callsPerMinute: 60_000, callsPerSecond: 1_000 },
  });
  company.person.create("Customer", { DisplayName: "Guests" });
  company.person.create("Item", { Name: "Other", Type: "Service", IncomeAccountRef: { value: "1" } });
  const order = (agoMs: number) =>
    store.at(clock.now() - agoMs, () => store.addOrder({ lines: [{ title: "Shirt", unitPrice: "19.90" }] }));
  const old = Array.from({ length: 9 }, () => order(60 * DAY_MS - 3_600_000));
  const kept = order(2 * DAY_MS);
  const recent = order(DAY_MS);
  const world = await engineWorld(t, {
    clock,
    project: defineConfig({
      name: "old-orders",
      connections: [shop, books],
      syncs: [customers, items, invoices],
      port: 0,
    }),
    environment: {
      SHOPIFY_ACCESS_TOKEN: "shpat",
      SHOPIFY_WEBHOOK_SECRET: "s",
      SHOPIFY_URL: "https://shop.example",
      QUICKBOOKS_CLIENT_ID: "c",
      QUICKBOOKS_CLIENT_SECRET: "s",
      QUICKBOOKS_REFRESH_TOKEN: "r",
      QUICKBOOKS_VERIFIER_TOKEN: "v",
      QUICKBOOKS_URL: "https://books.example",
      QUICKBOOKS_TOKEN_URL: "https://books.example/oauth2/v1/tokens/bearer",
    },
    accounts: { "https://shop.example": store, "https://books.example": company },
  });
  await world.pass(40_000);
  const total = ({ name }: { readonly name: string }): unknown =>
    [...company.truth.invoices.values()].find(({ DocNumber }) => DocNumber === name)?.["TotalAmt"];
  assert.deepEqual([...old, kept, recent].map(total), Array(11).fill("19.90"));
  // From here on the old ones are older than what the app is shown.
  await clock.advance(2 * 3_600_000);
  store.webhookUrl = "https://bowline.example/hooks/shop";
  return { ...world, clock, store, webhooks, old, recent, total };
}

test("a webhook about an order that is not shown any more parks it, and voids no invoice", async (t) => {
  const { engine, store, webhooks, old, total, deliver, pass } = await invoiced(t);
  const [order] = old;
  store.editOrder(order!.id, { note: "leave it at the gate" });
  await pass(1_000);
  assert.deepEqual(
    await deliver("shop", webhooks),
    webhooks.map(() => 200),
  );
  await pass(30_000);
  assert.equal(total(order!), "19.90");
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ key, cause, reason }) => [key, cause, /not shown to this account/.test(reason)]),
    [[order!.id, "denied", true]],
  );
});

test("a listing that does not show them any more tells nothing of them; one that was deleted is still voided", async (t) => {
  const { engine, store, old, recent, total, pass } = await invoiced(t);
  store.quietly(() => store.deleteOrder(recent.id));
  await engine.control.sync("orders-to-invoices", { full: true });
  await pass(60_000);
  assert.equal(total(recent), "0.00");
  assert.deepEqual(old.map(total), Array(9).fill("19.90"));
  assert.deepEqual(await engine.control.parked({}), []);
  const { id } = await engine.control.audit("orders-to-invoices", {});
  await pass(60_000);
  const audit = (await engine.control.audits({})).find((one) => one.id === id);
  assert.deepEqual([audit?.result?.counts.extra, audit?.result?.counts.hidden], [0, 9]);
});
