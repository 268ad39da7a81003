import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { ensureSubscriptions, listSubscriptions, subscriptions } from "./subscriptions.ts";
import { testShop, WEBHOOK_SECRET } from "./test-shop.ts";
import { shopifyWebhook } from "./webhook.ts";

const BODY = Buffer.from('{"id":1,"note":"Zoë"}');
const signed = (secret: string): string => createHmac("sha256", secret).update(BODY).digest("base64");
const delivery = (headers: Record<string, string>, body: Uint8Array = BODY): Delivery => ({
  method: "POST",
  url: "https://us.example/hooks/shop",
  headers,
  body,
  at: 0,
});

describe("verifying a webhook of Shopify's", () => {
  const good = { "x-shopify-hmac-sha256": signed("new") };

  test("a delivery signed with any of the valid secrets is the shop's", () => {
    assert.deepEqual(shopifyWebhook.verify(delivery(good), ["old", "new"]), { ok: true });
    assert.deepEqual(shopifyWebhook.verify(delivery(good), ["new", "old"]), { ok: true });
  });

  const rejected: readonly (readonly [string, Delivery, readonly string[]])[] = [
    ["without any secret set", delivery(good), []],
    ["with only an empty secret set", delivery({ "x-shopify-hmac-sha256": signed("") }), [""]],
    ["signed with another secret", delivery(good), ["other"]],
    ["without a signature", delivery({}), ["new"]],
    ["with an empty signature", delivery({ "x-shopify-hmac-sha256": "" }), ["new"]],
    ["with a shortened signature", delivery({ "x-shopify-hmac-sha256": signed("new").slice(0, -4) }), ["new"]],
    [
      "with a signature in hex",
      delivery({ "x-shopify-hmac-sha256": Buffer.from(signed("new"), "base64").toString("hex") }),
      ["new"],
    ],
    ["with a changed body", delivery(good, Buffer.from('{"id":2}')), ["new"]],
    ["with a body written anew", delivery(good, Buffer.from('{ "id": 1, "note": "Zoë" }')), ["new"]],
  ];
  for (const [name, given, secrets] of rejected) {
    test(`a delivery ${name} is rejected`, () => assert.equal(shopifyWebhook.verify(given, secrets).ok, false));
  }

  test("a missing secret is named, so that somebody sets it", () => {
    assert.deepEqual(shopifyWebhook.verify(delivery(good), []), { ok: false, reason: "no signing secret is set" });
  });

  test("one changed bit anywhere in the body is noticed", () => {
    for (let bit = 0; bit < BODY.length * 8; bit += 1) {
      const changed = Buffer.from(BODY);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(shopifyWebhook.verify(delivery(good, changed), ["new"]).ok, false);
    }
  });
});

describe("what a webhook tells", () => {
  const topic = (name: string): Record<string, string> => ({ "x-shopify-topic": name });

  const told: readonly (readonly [string, object, readonly object[]])[] = [
    [
      "orders/updated",
      { id: 7, admin_graphql_api_id: "gid://shopify/Order/7", updated_at: "2026-08-20T08:00:00-04:00" },
      [{ resource: "orders", key: "gid://shopify/Order/7", version: "2026-08-20T12:00:00Z" }],
    ],
    ["orders/delete", { id: 7 }, [{ resource: "orders", key: "gid://shopify/Order/7", deleted: true }]],
    [
      "customers/delete",
      { id: 9, updated_at: null },
      [{ resource: "customers", key: "gid://shopify/Customer/9", deleted: true }],
    ],
    ["refunds/create", { id: 3, order_id: 7 }, [{ resource: "orders", key: "gid://shopify/Order/7" }]],
    ["fulfillments/update", { id: 3, order_id: 7 }, [{ resource: "orders", key: "gid://shopify/Order/7" }]],
    ["orders/edited", { order_edit: { id: 1, order_id: 7 } }, [{ resource: "orders", key: "gid://shopify/Order/7" }]],
    [
      "products/update",
      { id: 5, updated_at: "2026-08-20T23:59:59+05:30", variants: [{ id: 6, updated_at: "2026-08-20T10:00:00Z" }] },
      [
        { resource: "products", key: "gid://shopify/Product/5", version: "2026-08-20T18:29:59Z" },
        { resource: "variants", key: "gid://shopify/ProductVariant/6", version: "2026-08-20T10:00:00Z" },
      ],
    ],
    ["products/delete", { id: 5 }, [{ resource: "products", key: "gid://shopify/Product/5", deleted: true }]],
    [
      "customers/merge",
      {
        admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1",
        admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
      },
      [
        { resource: "customers", key: "gid://shopify/Customer/1" },
        { resource: "customers", key: "gid://shopify/Customer/2", deleted: true },
      ],
    ],
    ["customers/redact", { customer: { id: 1 } }, []],
    ["app/uninstalled", { id: 1 }, []],
  ];
  for (const [name, json, events] of told) {
    test(name, () => assert.deepEqual(shopifyWebhook.events({ headers: topic(name), json }), events));
  }

  test("a body that makes no sense is refused with what was wanted", () => {
    assert.throws(() => shopifyWebhook.events({ headers: topic("orders/create"), json: [] }), /wanted a JSON object/);
    assert.throws(
      () => shopifyWebhook.events({ headers: topic("orders/create"), json: { id: "x" } }),
      /the id of a Order/,
    );
    assert.throws(
      () => shopifyWebhook.events({ headers: topic("refunds/create"), json: { id: 1 } }),
      /the id of a Order/,
    );
  });

  test("deliveries are the same by their own id, else by their bytes; one action on many records is many deliveries", () => {
    const headers = { ...topic("orders/paid"), "x-shopify-event-id": "e", "x-shopify-webhook-id": "w" };
    assert.equal(shopifyWebhook.dedupeId(delivery(headers)), "w:orders/paid");
    const other = { ...headers, "x-shopify-webhook-id": "v" };
    assert.notEqual(shopifyWebhook.dedupeId(delivery(other)), shopifyWebhook.dedupeId(delivery(headers)));
    const byBytes = shopifyWebhook.dedupeId(delivery(topic("orders/paid")));
    assert.equal(byBytes, shopifyWebhook.dedupeId(delivery(topic("orders/paid"))));
    assert.notEqual(byBytes, shopifyWebhook.dedupeId(delivery(topic("orders/paid"), Buffer.from("{}"))));
  });
});

describe("webhooks from the simulated shop", () => {
  async function shopWithReceiver(status: () => number) {
    const received: OutgoingWebhook[] = [];
    const shop = await testShop({
      send: (webhook) => {
        received.push(webhook);
        return Promise.resolve(status());
      },
    });
    return { ...shop, received, [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose]() };
  }

  test("each one verifies, and its version is the one that GraphQL shows", async () => {
    await using shop = await shopWithReceiver(() => 200);
    shop.simulator.webhookUrl = "http://receiver.test/";
    const order = shop.simulator.addOrder({});
    await shop.clock.advance(1);
    for (const { headers, body } of shop.received) {
      assert.deepEqual(
        shopifyWebhook.verify(delivery(headers as Record<string, string>, Buffer.from(body)), [WEBHOOK_SECRET]),
        { ok: true },
      );
      const [event] = shopifyWebhook.events({ headers, json: JSON.parse(body) });
      assert.deepEqual(event, { resource: "orders", key: order.id, version: order.updatedAt });
    }
    assert.deepEqual(
      shop.received.map(({ headers }) => headers["x-shopify-topic"]),
      ["orders/create", "orders/paid"],
    );
  });

  test("missing subscriptions are made once, and get what they asked for", async () => {
    await using shop = await shopWithReceiver(() => 200);
    const topics = ["ORDERS_CREATE", "PRODUCTS_UPDATE"];
    assert.equal((await ensureSubscriptions(shop.api, "https://here.test/", topics)).made.length, 2);
    assert.equal((await ensureSubscriptions(shop.api, "https://here.test/", topics)).made.length, 0);
    assert.equal((await listSubscriptions(shop.api)).length, 2);
    shop.simulator.addOrder({});
    shop.simulator.addCustomer({ email: "a@example.com" });
    await shop.clock.advance(1);
    assert.deepEqual(
      shop.received.map(({ url, headers }) => [url, headers["x-shopify-topic"]]),
      [["https://here.test/", "orders/create"]],
    );
  });

  test("a topic for which the app has no scope costs none of the others, and is told", async () => {
    await using shop = await testShop({ scopes: ["read_orders", "read_customers", "read_products"] });
    assert(subscriptions.how === "api");
    const wanted = subscriptions.topics(["orders", "customers"]);
    const { mended, todo } = await subscriptions.ensure(shop.api, "https://here.test/", wanted);
    const left = ["FULFILLMENTS_CREATE", "FULFILLMENTS_UPDATE", "CUSTOMERS_MERGE"];
    assert.deepEqual(
      mended,
      wanted.filter((topic) => !left.includes(topic)),
    );
    for (const topic of left) assert(todo?.includes(topic), todo);
  });

  test("a delivery that is not answered is tried eight times again over four hours; then its subscription is deleted", async () => {
    await using shop = await shopWithReceiver(() => 500);
    await ensureSubscriptions(shop.api, "https://here.test/", ["ORDERS_CREATE"]);
    shop.simulator.addOrder({});
    await shop.clock.advance(3.9 * 3_600_000);
    assert.equal((await listSubscriptions(shop.api)).length, 1);
    await shop.clock.advance(0.2 * 3_600_000);
    assert.equal(shop.received.length, 9);
    assert.equal(new Set(shop.received.map(({ body }) => body)).size, 1);
    assert.equal((await listSubscriptions(shop.api)).length, 0);
    assert.equal(shop.simulator.webhooks.counts.givenUp, 1);
  });
});
