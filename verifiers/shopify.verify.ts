// Holds the Shopify connector and its simulator against Shopify's own things: the published schema of the Admin API, the
// official library's check of webhooks, and the official API client.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { createAdminApiClient } from "@shopify/admin-api-client";
import "@shopify/shopify-api/adapters/node";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { buildClientSchema, type GraphQLSchema, parse, validate } from "graphql";
import { documents } from "../connectors/shopify/index.ts";
import { populateShop } from "../connectors/shopify/population.ts";
import { createShopifySimulator, type ShopifySimulator } from "../connectors/shopify/simulator.ts";
import type { OutgoingWebhook } from "../src/rehearse/webhook-sender.ts";
import { SeededRandom, VirtualClock } from "../src/world/virtual.ts";
import { misfits } from "./shopify-answer-check.ts";

const SCHEMA = new URL("node_modules/@shopify/dev-mcp/dist/data/admin_2026-07.json.gz", import.meta.url);
const ACCESS_TOKEN = "shpat_verify";
const SECRET = "verify secret";
const WEBHOOK_URL = "http://receiver.test/hook";

let schema: GraphQLSchema;

before(() => {
  const introspection = JSON.parse(gunzipSync(readFileSync(SCHEMA)).toString());
  schema = buildClientSchema(introspection.data ?? introspection, { assumeValid: true });
});

interface World {
  readonly simulator: ShopifySimulator;
  readonly clock: VirtualClock;
  readonly sent: OutgoingWebhook[];
}

function world(options: { readonly populated?: boolean } = {}): World {
  const clock = new VirtualClock();
  const random = new SeededRandom(11);
  const sent: OutgoingWebhook[] = [];
  const simulator = createShopifySimulator({
    clock,
    random,
    accessToken: ACCESS_TOKEN,
    webhookSecret: SECRET,
    webhookUrl: WEBHOOK_URL,
    shop: "demo",
    plan: "enterprise",
    searchLagMs: 0,
    send: (webhook) => {
      sent.push(webhook);
      return Promise.resolve(200);
    },
  });
  if (options.populated === true) {
    populateShop(simulator, { random, now: clock.now(), customers: 120, orders: 300, products: 30 });
  }
  return { simulator, clock, sent };
}

interface Reply {
  readonly data?: Record<string, unknown>;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Asks the simulator, letting time pass while it throttles. */
async function ask({ simulator, clock }: World, query: string, variables: object): Promise<Reply> {
  for (;;) {
    const response = await simulator.fetch(
      new Request("http://shop.test/admin/api/2026-07/graphql.json", {
        method: "POST",
        headers: { "X-Shopify-Access-Token": ACCESS_TOKEN, "content-type": "application/json" },
        body: JSON.stringify({ query, variables }),
      }),
    );
    const reply = (await response.json()) as Reply;
    if (reply.errors?.[0]?.extensions?.code !== "THROTTLED") return reply;
    await clock.advance(1000);
  }
}

/** Variables with which each document answers something, for a shop that is populated. */
function variablesFor({ simulator }: World): Record<string, () => object> {
  const orders = [...simulator.orders.values()];
  const customers = [...simulator.customers.values()];
  const products = [...simulator.products.values()];
  const longest = orders.toSorted((one, other) => other.lineItems.length - one.lineItems.length)[0]!;
  const paid = orders.find((order) => order.displayFinancialStatus === "PAID" && order.cancelledAt === null)!;
  const open = orders.findLast((order) => order.cancelledAt === null && order.id !== paid.id)!;
  const refunded = orders.find((order) => order.refunds.some((refund) => refund.refundLineItems.length > 0))!;
  const withEmail = customers.find((customer) => customer.defaultEmailAddress !== null)!;
  const sized = products.find((product) => product.variants.length > 2)!;
  const ids = (records: readonly { readonly id: string }[], count: number): string[] =>
    records.slice(0, count).map(({ id }) => id);
  const list = { first: 20, after: null, query: null, sortKey: "UPDATED_AT" };
  const shopMoney = (amount: string): object => ({ shopMoney: { amount, currencyCode: "USD" } });
  return {
    OrdersById: () => ({ ids: [...ids(orders, 8), refunded.id, "gid://shopify/Order/1"], lines: 10 }),
    OrdersPage: () => ({ ...list, lines: 10 }),
    OrderLines: () => ({ id: longest.id, first: 5, after: null }),
    OrderShippingLines: () => ({ id: longest.id, first: 5, after: null }),
    RefundLines: () => ({ id: refunded.refunds[0]!.id, first: 5, after: null }),
    OrderCreate: () => ({
      order: {
        lineItems: [
          { title: "Custom", quantity: 2, priceSet: shopMoney("9.99"), taxLines: [{ title: "VAT", rate: "0.2" }] },
          { variantId: sized.variants[0]!.id, quantity: 1 },
        ],
        shippingLines: [{ title: "Standard", priceSet: shopMoney("4.00") }],
        email: "made@example.com",
        currency: "USD",
        sourceIdentifier: "verify-1",
        tags: ["made"],
        financialStatus: "PAID",
        shippingAddress: { firstName: "Ada", lastName: "Example", address1: "1 Road", city: "Cork", countryCode: "IE" },
      },
      options: { sendReceipt: false },
      lines: 10,
    }),
    OrderUpdate: () => ({ input: { id: paid.id, note: "changed", tags: ["b", "a"] }, lines: 10 }),
    OrderCancel: () => ({
      orderId: open.id,
      reason: "OTHER",
      restock: true,
      refundMethod: { originalPaymentMethodsRefund: false },
    }),
    OrderDelete: () => ({ orderId: open.id }),
    CustomersById: () => ({ ids: ids(customers, 50) }),
    CustomersPage: () => ({ ...list, first: 100 }),
    CustomerAddresses: () => ({ id: withEmail.id, first: 5, after: null }),
    CustomerByIdentifier: () => ({ identifier: { emailAddress: withEmail.defaultEmailAddress!.emailAddress } }),
    CustomerSet: () => ({
      identifier: { email: "set@example.com" },
      input: { email: "set@example.com", firstName: "Şet", addresses: [{ address1: "2 Road", countryCode: "GB" }] },
    }),
    CustomerDelete: () => ({ id: simulator.addCustomer({ email: "gone@example.com" }).id }),
    ProductsById: () => ({ ids: ids(products, 20) }),
    ProductsPage: () => list,
    ProductByIdentifier: () => ({ identifier: { handle: sized.handle } }),
    ProductSet: () => ({ identifier: { handle: "set-product" }, input: { title: "Set product", status: "DRAFT" } }),
    ProductUpdate: () => ({ product: { id: sized.id, title: "Another title", status: "ARCHIVED" } }),
    ProductDelete: () => ({ id: simulator.addProduct({ title: "Gone" }).id }),
    VariantsById: () => ({ ids: ids([...simulator.variants.values()], 30) }),
    VariantsPage: () => ({ first: 50, after: null, query: null }),
    ProductVariants: () => ({ id: sized.id, first: 2, after: null }),
    VariantProduct: () => ({ id: sized.variants[0]!.id }),
    VariantsCreate: () => ({
      productId: sized.id,
      variants: [{ optionValues: [{ optionName: "Size", name: "XXS" }], price: "3.50", inventoryItem: { sku: "XX" } }],
    }),
    VariantsUpdate: () => ({ productId: sized.id, variants: [{ id: sized.variants[0]!.id, price: "4.5" }] }),
    VariantsDelete: () => ({ productId: sized.id, variantsIds: [sized.variants[1]!.id] }),
    Installation: () => ({}),
    OrdersShown: () => ({}),
    SubscriptionCreate: () => ({ topic: "ORDERS_CREATE", subscription: { uri: "https://one.test/", format: "JSON" } }),
    SubscriptionsPage: () => ({ first: 10, after: null }),
    SubscriptionDelete: () => ({ id: lastSubscription }),
  };
}

let lastSubscription = "gid://shopify/WebhookSubscription/1";

describe("the documents that the connector sends", () => {
  test("each is valid in Shopify's own schema of this API version", () => {
    assert.ok(documents.length >= 25, `expected all documents, got ${documents.length}`);
    for (const { name, text } of documents) {
      const errors = validate(schema, parse(text)).map(({ message }) => message);
      assert.deepEqual(errors, [], name);
    }
  });

  test("none selects a deprecated field", () => {
    for (const { name, text } of documents) assert.deepEqual(misfits.deprecated(schema, parse(text)), [], name);
  });

  test("each is answered by the simulator in the types of Shopify's schema, and takes its variables' types", async () => {
    const shop = world({ populated: true });
    const variables = variablesFor(shop);
    for (const { name, text } of [...documents].toSorted((one, other) => Number(one.writes) - Number(other.writes))) {
      const given = variables[name]?.();
      assert.ok(given !== undefined, `${name} has no variables here: add some`);
      assert.deepEqual(misfits.ofVariables(schema, parse(text), given), [], `${name}'s variables`);
      const { data, errors } = await ask(shop, text, given);
      assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
      assert.deepEqual(misfits.ofData(schema, parse(text), data ?? null), [], name);
      const payloads = Object.values(data ?? {}) as { readonly userErrors?: readonly unknown[] }[];
      for (const payload of payloads) assert.deepEqual(payload?.userErrors ?? [], [], name);
      const made = data?.["webhookSubscriptionCreate"] as { webhookSubscription: { id: string } } | undefined;
      if (made !== undefined) lastSubscription = made.webhookSubscription.id;
    }
  });

  test("the check itself notices a null, a wrong enum, a wrong scalar, a field too few and one too many", async () => {
    const shop = world({ populated: true });
    const text = documents.find(({ name }) => name === "OrdersPage")!.text;
    const spoils: readonly (readonly [RegExp, (order: Record<string, any>) => void])[] = [
      [/totalPriceSet: null/, (order) => (order["totalPriceSet"] = null)],
      [/"SHINY" is no OrderDisplayFinancialStatus/, (order) => (order["displayFinancialStatus"] = "SHINY")],
      [/is no Decimal/, (order) => (order["totalTaxSet"].shopMoney.amount = 1.5)],
      [/is no DateTime/, (order) => (order["updatedAt"] = "2026-08-20 10:00:00")],
      [/note: absent/, (order) => delete order["note"]],
      [/extra: not asked for/, (order) => (order["extra"] = 1)],
      [/lineItems\.nodes\[0\]\.quantity/, (order) => (order["lineItems"].nodes[0].quantity = "1")],
    ];
    for (const [wanted, spoil] of spoils) {
      const { data } = await ask(shop, text, { first: 1, lines: 10, sortKey: "ID" });
      spoil((data!["orders"] as { nodes: Record<string, any>[] }).nodes[0]!);
      assert.match(misfits.ofData(schema, parse(text), data).join("\n"), wanted);
    }
  });

  test("the simulator's refusals fit the schema too", async () => {
    const shop = world({ populated: true });
    const refused: Record<string, object> = {
      CustomerSet: { identifier: { id: "gid://shopify/Customer/1" }, input: { firstName: "X" } },
      ProductDelete: { id: "gid://shopify/Product/1" },
      OrderCancel: { orderId: "gid://shopify/Order/1", reason: "OTHER", restock: true, refundMethod: {} },
      OrderDelete: { orderId: "gid://shopify/Order/1" },
      VariantsDelete: { productId: "gid://shopify/Product/1", variantsIds: [] },
    };
    for (const [name, variables] of Object.entries(refused)) {
      const text = documents.find((document) => document.name === name)!.text;
      const { data, errors } = await ask(shop, text, variables);
      assert.equal(errors, undefined, name);
      assert.deepEqual(misfits.ofData(schema, parse(text), data ?? null), [], name);
      assert.notEqual(JSON.stringify(data), undefined);
      assert.match(JSON.stringify(data), /"message":"/, name);
    }
  });

  test("every order, customer, product and variant of a populated shop fits the schema", async () => {
    const shop = world({ populated: true });
    const lists: readonly (readonly [string, string, object, number])[] = [
      ["OrdersPage", "orders", { first: 20, lines: 10, sortKey: "ID" }, shop.simulator.orders.size],
      ["CustomersPage", "customers", { first: 100, sortKey: "ID" }, shop.simulator.customers.size],
      ["ProductsPage", "products", { first: 50, sortKey: "ID" }, shop.simulator.products.size],
      ["VariantsPage", "productVariants", { first: 100 }, shop.simulator.variants.size],
    ];
    for (const [name, field, variables, wanted] of lists) {
      const text = documents.find((document) => document.name === name)!.text;
      const parsed = parse(text);
      let after: string | null = null;
      let seen = 0;
      do {
        const { data, errors } = await ask(shop, text, { ...variables, after });
        assert.equal(errors, undefined, JSON.stringify(errors));
        assert.deepEqual(misfits.ofData(schema, parsed, data ?? null), [], name);
        const page = data![field] as { nodes: unknown[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        seen += page.nodes.length;
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      assert.equal(seen, wanted, name);
    }
  });
});

describe("the simulator and Shopify's own clients", () => {
  const api = shopifyApi({
    apiKey: "key",
    apiSecretKey: SECRET,
    apiVersion: ApiVersion.July26 ?? "2026-07",
    hostName: "receiver.test",
    isEmbeddedApp: false,
    logger: { log: () => undefined },
  } as never);

  const validated = (webhook: OutgoingWebhook, body = webhook.body): Promise<{ readonly valid: boolean }> =>
    api.webhooks.validate({
      rawBody: body,
      rawRequest: { method: "POST", url: "/hook", headers: webhook.headers } as never,
      rawResponse: {} as never,
    });

  test("the official library accepts each webhook, and rejects it once a byte or the topic's place is changed", async () => {
    const { simulator, clock, sent } = world();
    const customer = simulator.addCustomer({ firstName: "Zoë 🦄", email: "z@example.com" });
    const product = simulator.addProduct({ title: "Thing" });
    const order = simulator.addOrder({
      customerId: customer.id,
      lines: [{ variantId: product.variants[0]!.id, quantity: 2 }],
    });
    simulator.refundOrder(order.id);
    simulator.cancelOrder(order.id);
    simulator.deleteOrder(order.id);
    await clock.advance(10);
    assert.ok(sent.length >= 9, `expected webhooks, got ${sent.length}`);
    for (const webhook of sent) {
      assert.equal((await validated(webhook)).valid, true, webhook.headers["x-shopify-topic"]);
      assert.equal((await validated(webhook, `${webhook.body} `)).valid, false);
      const { ["x-shopify-hmac-sha256"]: _, ...unsigned } = webhook.headers;
      assert.equal((await validated({ ...webhook, headers: unsigned })).valid, false);
    }
  });

  test("the official GraphQL client reads, pages and writes", async () => {
    const { simulator } = world({ populated: true });
    const client = createAdminApiClient({
      storeDomain: "demo.myshopify.com",
      apiVersion: "2026-07",
      accessToken: ACCESS_TOKEN,
      customFetchApi: (url, init) => simulator.fetch(new Request(String(url), init as RequestInit)),
    });
    const query = `query ($after: String) {
      customers(first: 50, after: $after, sortKey: UPDATED_AT) { edges { cursor node { id email: defaultEmailAddress { emailAddress } } } pageInfo { hasNextPage } }
    }`;
    const seen = new Set<string>();
    let after: string | null = null;
    for (;;) {
      const { data, errors } = await client.request(query, { variables: { after } });
      assert.equal(errors, undefined);
      const { edges, pageInfo } = data.customers;
      for (const { node } of edges) seen.add(node.id);
      if (!pageInfo.hasNextPage) break;
      after = edges.at(-1).cursor;
    }
    assert.deepEqual(seen, new Set(simulator.customers.keys()));

    const mutation = `mutation { customerCreate(input: { firstName: "Made", email: "made@example.com" }) { customer { id displayName } userErrors { field message } } }`;
    const made = await client.request(mutation);
    assert.equal(made.data.customerCreate.customer.displayName, "Made");
    assert.ok(simulator.customers.has(made.data.customerCreate.customer.id));
    const again = await client.request(mutation);
    assert.match(again.data.customerCreate.userErrors[0].message, /taken/);
  });

  test("the official library signs in by client credentials, and is refused as Shopify refuses", async () => {
    const clock = new VirtualClock();
    const simulator = createShopifySimulator({
      clock,
      random: new SeededRandom(12),
      app: { clientId: "app-id", clientSecret: SECRET },
      webhookSecret: SECRET,
      shop: "demo",
      scopes: ["read_orders", "read_products"],
    });
    setAbstractFetchFunc(((url: string, init: RequestInit) => simulator.fetch(new Request(url, init))) as never);
    const appWith = (apiSecretKey: string) =>
      shopifyApi({
        apiKey: "app-id",
        apiSecretKey,
        hostName: "app.test",
        apiVersion: ApiVersion.July26,
        isEmbeddedApp: false,
        logger: { log: async () => {} },
      });
    const { session } = await appWith(SECRET).auth.clientCredentials({ shop: "demo.myshopify.com" });
    assert.equal(session.scope, "read_orders,read_products");
    assert.ok(session.expires !== undefined);
    const client = new (appWith(SECRET).clients.Graphql)({ session });
    assert.equal((await client.request("{ shop { name } }")).data.shop.name, "demo");
    await clock.advance(86_400_000);
    await assert.rejects(client.request("{ shop { name } }"), /401/);

    const refusalOf = async (secret: string, shop: string): Promise<unknown> => {
      const error: unknown = await appWith(secret)
        .auth.clientCredentials({ shop })
        .catch((thrown: unknown) => thrown);
      return (error as { response?: { code?: number; body?: { error?: string } } }).response;
    };
    const codeOf = async (secret: string): Promise<unknown> => {
      const response = (await refusalOf(secret, "demo.myshopify.com")) as { code: number; body: { error: string } };
      return [response.code, response.body.error];
    };
    assert.deepEqual(await codeOf("wrong"), [400, "invalid_request"]);
    simulator.app.uninstall();
    assert.deepEqual(await codeOf(SECRET), [400, "app_not_installed"]);
    simulator.app.ofOneOrganisation = false;
    assert.deepEqual(await codeOf(SECRET), [400, "shop_not_permitted"]);
  });

  test("the official GraphQL client is told of a wrong token and of a field that is not there", async () => {
    const { simulator } = world();
    const clientWith = (accessToken: string): ReturnType<typeof createAdminApiClient> =>
      createAdminApiClient({
        storeDomain: "demo.myshopify.com",
        apiVersion: "2026-07",
        accessToken,
        customFetchApi: (url, init) => simulator.fetch(new Request(String(url), init as RequestInit)),
      });
    const refused = await clientWith("shpat_wrong").request("{ shop { name } }");
    assert.equal(refused.errors?.networkStatusCode, 401);
    const wrong = await clientWith(ACCESS_TOKEN).request("{ shop { nonsense } }");
    assert.match(String(wrong.errors?.graphQLErrors?.[0]?.message), /nonsense/);
  });
});
