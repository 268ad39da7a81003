import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createShopifySimulator } from "./simulator.ts";
import { ACCESS_TOKEN, testShop, type TestShop } from "./test-shop.ts";

interface Reply {
  readonly data?: Record<string, any>;
  readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[];
  readonly extensions?: { readonly cost: Readonly<Record<string, any>> };
}

async function post(
  shop: TestShop,
  body: unknown,
  { path = "/admin/api/2026-07/graphql.json", token = ACCESS_TOKEN } = {},
): Promise<Response> {
  return fetch(`${shop.url}${path}`, {
    method: "POST",
    headers: { "X-Shopify-Access-Token": token, "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function ask(shop: TestShop, query: string, variables: object = {}, operationName?: string): Promise<Reply> {
  const response = await post(shop, { query, variables, ...(operationName === undefined ? {} : { operationName }) });
  assert.equal(response.status, 200);
  return (await response.json()) as Reply;
}

async function codeOf(shop: TestShop, query: string, variables: object = {}): Promise<unknown> {
  return (await ask(shop, query, variables)).errors?.[0]?.extensions["code"];
}

describe("any client's GraphQL", () => {
  test("aliases, fragments, conditions, type names and edges are answered", async () => {
    await using shop = await testShop();
    const order = shop.simulator.addOrder({ lines: [{ title: "One" }, { title: "Two" }] });
    const { data } = await ask(
      shop,
      `query Q($id: ID!, $yes: Boolean = true, $no: Boolean!) {
        it: node(id: $id) { __typename id ... on Order { named: name ...Lines } ... on Customer { email } }
        hidden: order(id: $id) @skip(if: $yes) { id }
        shown: order(id: $id) @include(if: $yes) { name @include(if: $no) id }
      }
      fragment Lines on Order { lineItems(first: 1) { edges { cursor node { title } } pageInfo { hasNextPage hasPreviousPage } } }`,
      { id: order.id, no: false },
    );
    assert.equal(data?.["it"].named, "#1001");
    assert.equal(data?.["it"].__typename, "Order");
    assert.equal(data?.["it"].lineItems.edges[0].node.title, "One");
    assert.deepEqual(data?.["it"].lineItems.pageInfo, { hasNextPage: true, hasPreviousPage: false });
    assert.deepEqual(data?.["shown"], { id: order.id });
    assert.equal("hidden" in (data ?? {}), false);
  });

  test("one of several operations is chosen by its name", async () => {
    await using shop = await testShop();
    const text = "query A { shop { name } } query B { shop { currencyCode } }";
    assert.deepEqual((await ask(shop, text, {}, "B")).data, { shop: { currencyCode: "USD" } });
    assert.equal((await ask(shop, text)).errors?.[0]?.extensions["code"], "BAD_REQUEST");
  });

  test("what is wrong is refused with the code that says so", async () => {
    await using shop = await testShop();
    const set = "mutation($i: CustomerSetInput!) { customerSet(input: $i) { customer { id } } }";
    assert.equal(await codeOf(shop, "{ orders(first: 1) { nodes { nonsense } } }"), "undefinedField");
    assert.equal(await codeOf(shop, "{ nonsense }"), "undefinedField");
    assert.equal(await codeOf(shop, "{ shop }"), "selectionMismatch");
    assert.equal(await codeOf(shop, "{ shop { name { x } } }"), "selectionMismatch");
    assert.equal(await codeOf(shop, "{ orders { nodes { id } } }"), "BAD_REQUEST");
    assert.equal(await codeOf(shop, "{ orders(first: 251) { nodes { id } } }"), "BAD_REQUEST");
    assert.equal(await codeOf(shop, '{ orders(first: 2, after: "x") { nodes { id } } }'), "BAD_REQUEST");
    assert.equal(await codeOf(shop, "query($id: ID!) { order(id: $id) { id } }"), "INVALID_VARIABLE");
    assert.equal(await codeOf(shop, set, { i: { nonsense: 1 } }), "INVALID_VARIABLE");
    assert.equal(await codeOf(shop, "{ shop { ...None } }"), "useAndDefineFragment");
    assert.equal(await codeOf(shop, "{ shop {"), "GRAPHQL_PARSE_FAILED");
  });

  test("pages go forwards and backwards, and in reverse", async () => {
    await using shop = await testShop();
    const ids = Array.from(
      { length: 5 },
      (_, index) => shop.simulator.addCustomer({ email: `c${index}@example.com` }).id,
    );
    const page = async (args: string): Promise<{ ids: string[]; start: string; end: string; info: unknown }> => {
      const query = `{ customers(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
      const { nodes, pageInfo } = (await ask(shop, query)).data!["customers"];
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
      return {
        ids: nodes.map(({ id }: { id: string }) => id),
        start: startCursor,
        end: endCursor,
        info: [hasPreviousPage, hasNextPage],
      };
    };
    const first = await page("first: 2");
    const second = await page(`first: 2, after: "${first.end}"`);
    const third = await page(`first: 2, after: "${second.end}"`);
    assert.deepEqual([...first.ids, ...second.ids, ...third.ids], ids);
    assert.deepEqual(
      [first.info, second.info, third.info],
      [
        [false, true],
        [true, true],
        [true, false],
      ],
    );
    assert.deepEqual((await page(`last: 2, before: "${third.start}"`)).ids, second.ids);
    assert.deepEqual((await page("first: 5, reverse: true")).ids, ids.toReversed());
  });

  test("searches find by each filter", async () => {
    await using shop = await testShop();
    const { simulator } = shop;
    const ada = simulator.addCustomer({ firstName: "Ada", email: "ada@example.com" });
    simulator.addCustomer({ firstName: "Bo", email: "bo@example.com" });
    const product = simulator.addProduct({ title: "Tee", variants: [{ sku: "T 1", price: "1" }] });
    const made = simulator.addOrder({ email: "x@example.com", sourceIdentifier: "op_1", lines: [{ sku: "S-1" }] });
    const other = simulator.addOrder({ tags: ["b"] });
    simulator.cancelOrder(other.id);
    const found = async (list: string, query: string): Promise<string[]> => {
      const { data } = await ask(shop, `query($q: String) { ${list}(first: 10, query: $q) { nodes { id } } }`, {
        q: query,
      });
      return data?.[list].nodes.map(({ id }: { id: string }) => id);
    };
    const number = made.id.split("/").at(-1);
    const cases: readonly (readonly [string, string, readonly string[]])[] = [
      ["customers", 'email:"ada@example.com"', [ada.id]],
      ["customers", "first_name:ada OR first_name:nobody", [ada.id]],
      ["customers", "-email:bo@example.com", [ada.id]],
      ["productVariants", "sku:'T 1'", [product.variants[0]!.id]],
      ["products", "handle:tee", [product.id]],
      ["orders", "source_identifier:op_1", [made.id]],
      ["orders", "source_identifier:op_1 AND email:nobody@example.com", []],
      ["orders", `id:${number}`, [made.id]],
      ["orders", `id:>${number}`, [other.id]],
      ["orders", "status:cancelled", [other.id]],
      ["orders", "sku:S-1", [made.id]],
      ["orders", "name:#1002", [other.id]],
      ["orders", "updated_at:>'2026-08-20T12:00:00Z'", []],
      ["orders", "updated_at:>='2026-08-20T08:00:00-04:00'", [made.id, other.id]],
    ];
    for (const [list, query, wanted] of cases) assert.deepEqual(await found(list, query), wanted, query);
  });
});

describe("the endpoint", () => {
  test("a wrong token, path or body is refused as the real one refuses it", async () => {
    await using shop = await testShop();
    const query = { query: "{ shop { name } }" };
    const unauthorised = await post(shop, query, { token: "shpat_wrong" });
    assert.equal(unauthorised.status, 401);
    assert.match(((await unauthorised.json()) as { errors: string }).errors, /Invalid API key or access token/);
    assert.equal((await post(shop, query, { path: "/admin/api/2026-07/nothing.json" })).status, 404);
    assert.equal((await post(shop, "no json")).status, 400);
  });

  test("the answer names the version used; one that is no longer supported falls forward", async () => {
    await using shop = await testShop();
    const used = async (version: string): Promise<string | null> =>
      (await post(shop, { query: "{ shop { name } }" }, { path: `/admin/api/${version}/graphql.json` })).headers.get(
        "x-shopify-api-version",
      );
    assert.equal(await used("2026-07"), "2026-07");
    assert.equal(await used("2023-01"), "2025-10");
  });

  test("an empty bucket throttles with HTTP 200, executes nothing, and fills with time", async () => {
    await using shop = await testShop({ waits: false });
    const create = 'mutation { customerCreate(input: { firstName: "X" }) { customer { id } userErrors { message } } }';
    let last: Reply = {};
    for (let asked = 0; asked <= 200; asked += 1) last = await ask(shop, create);
    assert.equal(last.errors?.[0]?.extensions["code"], "THROTTLED");
    assert.equal(last.extensions?.cost["actualQueryCost"], null);
    assert.equal(last.extensions?.cost["requestedQueryCost"], 10);
    assert.deepEqual(last.extensions?.cost["throttleStatus"], {
      maximumAvailable: 2000,
      currentlyAvailable: 0,
      restoreRate: 100,
    });
    assert.equal(shop.simulator.customers.size, 200);
    await shop.clock.advance(100);
    assert.equal((await ask(shop, create)).errors, undefined);
    assert.equal(shop.simulator.requests.throttled, 1);
  });

  test("a query is charged for what it found, not for what it asked", async () => {
    await using shop = await testShop();
    shop.simulator.addCustomer({ email: "a@example.com" });
    const { cost } = (await ask(shop, "{ customers(first: 250) { nodes { id amountSpent { amount } } } }")).extensions!;
    assert.deepEqual([cost["requestedQueryCost"], cost["actualQueryCost"]], [24, 2]);
  });

  test("the cost is the one that was published for 250 variants and their inventory items", async () => {
    await using shop = await testShop();
    const query =
      'query { product(id: "gid://shopify/Product/1") { variants(first: 250) { nodes { inventoryItem { id tracked } } } } }';
    assert.equal((await ask(shop, query)).extensions?.cost["requestedQueryCost"], 25);
  });

  test("a single query that asks for too much is refused whatever the bucket holds", async () => {
    await using shop = await testShop({ plan: "enterprise", connectionCost: "linear" });
    assert.equal(
      await codeOf(shop, "{ orders(first: 250) { nodes { lineItems(first: 50) { nodes { id } } } } }"),
      "MAX_COST_EXCEEDED",
    );
  });
});

describe("the search index", () => {
  test("it shows a new record late and an edit late, while reading by id shows both at once", async () => {
    await using shop = await testShop({ searchLagMs: 2000 });
    const { id } = shop.simulator.addOrder({});
    const changedSince = async (time: string): Promise<number> =>
      (await ask(shop, `{ orders(first: 9, query: "updated_at:>='${time}'", sortKey: UPDATED_AT) { nodes { id } } }`))
        .data?.["orders"].nodes.length;
    const note = async (): Promise<string> => (await ask(shop, `{ order(id: "${id}") { note } }`)).data?.["order"].note;
    assert.equal(await changedSince("2026-08-20T12:00:00Z"), 0);
    assert.equal((await ask(shop, "{ orders(first: 9) { nodes { id } } }")).data?.["orders"].nodes.length, 0);
    await shop.clock.advance(2000);
    assert.equal(await changedSince("2026-08-20T12:00:00Z"), 1);
    shop.simulator.editOrder(id, { note: "new" });
    assert.equal(await note(), "new");
    assert.equal(await changedSince("2026-08-20T12:00:02Z"), 0);
    await shop.clock.advance(1999);
    assert.equal(await changedSince("2026-08-20T12:00:02Z"), 0);
    await shop.clock.advance(1);
    assert.equal(await changedSince("2026-08-20T12:00:02Z"), 1);
  });

  test("times are cut to the second", async () => {
    await using shop = await testShop();
    await shop.clock.advance(1999);
    assert.equal(shop.simulator.addOrder({}).updatedAt, "2026-08-20T12:00:01Z");
  });
});

describe("what deletions leave", () => {
  test("lines keep their text without a product, orders their address without a customer", async () => {
    await using shop = await testShop();
    const { simulator } = shop;
    const product = simulator.addProduct({ title: "Tee" });
    const customer = simulator.addCustomer({ email: "a@example.com" });
    const order = simulator.addOrder({ customerId: customer.id, lines: [{ variantId: product.variants[0]!.id }] });
    simulator.deleteProduct(product.id);
    simulator.deleteCustomer(customer.id);
    const query = `{ order(id: "${order.id}") { email customer { id } lineItems(first: 1) { nodes { title variant { id } product { id } } } } }`;
    assert.deepEqual((await ask(shop, query)).data?.["order"], {
      email: "a@example.com",
      customer: null,
      lineItems: { nodes: [{ title: "Tee", variant: null, product: null }] },
    });
  });
});

describe("an app of the Dev Dashboard", () => {
  const APP = { clientId: "app-id", clientSecret: "shpss_app" };
  const FORM = { "content-type": "application/x-www-form-urlencoded" };
  const grant = { client_id: APP.clientId, client_secret: APP.clientSecret, grant_type: "client_credentials" };
  const tokenOf = (shop: TestShop, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${shop.url}/admin/oauth/access_token`, { method: "POST", headers, body });

  test("it is given tokens of a day, asked as JSON or as a form; the earlier works on beside the later", async () => {
    await using shop = await testShop({ app: APP, scopes: ["read_orders", "read_products"] });
    const json = { "content-type": "application/json" };
    const first = (await (await tokenOf(shop, JSON.stringify(grant), json)).json()) as Record<string, string>;
    await shop.clock.advance(3_600_000);
    const later = (await (await tokenOf(shop, String(new URLSearchParams(grant)), FORM)).json()) as typeof first;
    assert.match(first["access_token"]!, /^shpat_[0-9a-f]{32}$/);
    assert.deepEqual([first["scope"], first["expires_in"]], ["read_orders,read_products", 86_399]);
    const status = async (token: string): Promise<number> =>
      (await post(shop, { query: "{ shop { name } }" }, { token })).status;
    const both = async () => [await status(first["access_token"]!), await status(later["access_token"]!)];
    await shop.clock.advance(22 * 3_600_000 + 3_598_000);
    assert.deepEqual(await both(), [200, 200]);
    await shop.clock.advance(1_000);
    assert.deepEqual(await both(), [401, 200]);
    shop.simulator.app.uninstall();
    assert.deepEqual(await both(), [401, 401]);
  });

  test("who asks for no JSON is shown a page, and a token is had by no other grant", async () => {
    await using shop = await testShop({ app: APP });
    const wrong = String(new URLSearchParams({ ...grant, client_secret: "shpss_wrong" }));
    const page = await tokenOf(shop, wrong, FORM);
    assert.deepEqual([page.status, page.headers.get("content-type")], [400, "text/html; charset=utf-8"]);
    assert.match(await page.text(), /<title>400 - Oauth error invalid_request<\/title>/);
    const other = String(new URLSearchParams({ ...grant, grant_type: "password" }));
    const refused = await tokenOf(shop, other, { ...FORM, accept: "application/json" });
    assert.equal(((await refused.json()) as { error: string }).error, "unsupported_grant_type");
    assert.deepEqual(shop.simulator.app.counts, { given: 0, refused: 2 });
  });

  test("without one, no token is had and none but the fixed one is taken", async () => {
    await using shop = await testShop();
    assert.equal((await tokenOf(shop, String(new URLSearchParams(grant)), FORM)).status, 400);
    const { clock, random } = shop;
    const bare = createShopifySimulator({ clock, random, app: APP, webhookSecret: "secret", shop: "demo" });
    for (const headers of [undefined, { "x-shopify-access-token": "" }, { "x-shopify-access-token": "undefined" }]) {
      const request = new Request("https://demo.myshopify.com/admin/api/2026-07/graphql.json", {
        method: "POST",
        body: JSON.stringify({ query: "{ shop { name } }" }),
        ...(headers === undefined ? {} : { headers }),
      });
      assert.equal((await bare.fetch(request)).status, 401);
    }
  });
});
