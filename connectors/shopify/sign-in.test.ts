// Both ways of signing in to a shop, through the engine's own caller and credentials, in virtual time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createCredentials } from "../../src/auth/credentials.ts";
import { vaultOf } from "../../src/auth/vault.ts";
import { createCaller } from "../../src/call/caller.ts";
import type { Auth } from "../../src/define/auth.ts";
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { env } from "../../src/define/secret.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import type { RequestEntry } from "../../src/store/store.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { shopify } from "./connector.ts";
import { about } from "./installation.ts";
import { shopifySettings, type ShopifySettings } from "./settings.ts";
import { createShopifySimulator, type ShopifySimulator } from "./simulator.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const APP = { clientId: "app-id", clientSecret: "shpss_a secret for tests" };
const SHOP = "https://demo.myshopify.com";

async function setup(t: TestContext, { shop = "demo", secret = APP.clientSecret, clientId = APP.clientId } = {}) {
  const clock = new VirtualClock();
  const sent: OutgoingWebhook[] = [];
  const simulator = createShopifySimulator({
    clock,
    random: new SeededRandom(1),
    shop: "demo",
    app: APP,
    webhookSecret: APP.clientSecret,
    webhookUrl: "https://bowline.example/hooks/shop",
    send: (webhook) => Promise.resolve(sent.push(webhook) > 0 ? 200 : 0),
  });
  const handler = (request: Request): Promise<Response> => simulator.fetch(request);
  const handlers = new Map([SHOP, "https://other.myshopify.com"].map((origin) => [origin, handler]));
  const world = { clock, random: new SeededRandom(2), network: inProcessNetwork(handlers, clock) };
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  await store.declare({ connections: ["shop"], resources: [], syncs: [] });
  t.after(() => store.close());
  const credentials = createCredentials({ store, vault: vaultOf(new Uint8Array(32)), ...world });
  const givenUp: string[] = [];
  const caller = createCaller({
    connection: shopify.connect("shop", { shop, clientId, clientSecret: env("SHOPIFY_CLIENT_SECRET") }),
    secrets: () => secret,
    world,
    credentials,
    onReauthorize: (reason) => givenUp.push(reason),
  });
  const entries: RequestEntry[] = [];
  return { clock, simulator, sent, api: caller.api({ priority: "person", entries }), entries, givenUp };
}

const statuses = (entries: readonly RequestEntry[]) => entries.map(({ status }) => status);

async function failure(api: Api): Promise<CallFailed> {
  const error: unknown = await about(api).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof CallFailed);
  return error;
}

test("an app of the Dev Dashboard signs in by its client id and secret, and is asked about as any credential", async (t) => {
  const { api, simulator } = await setup(t);
  const { id, name, scopes = [] } = await about(api);
  assert.deepEqual([id, name, scopes.includes("read_orders")], ["gid://shopify/Shop/1", "demo", true]);
  assert.deepEqual(simulator.app.counts, { given: 1, refused: 0 });
});

test("its token is used for its day and renewed before it ends, so that no call meets an ended one", async (t) => {
  const { api, clock, simulator, entries } = await setup(t);
  await about(api);
  await clock.advance(23 * HOUR_MS);
  await about(api);
  assert.equal(simulator.app.counts.given, 1);
  await clock.advance(59 * MINUTE_MS);
  await about(api);
  assert.equal(simulator.app.counts.given, 2);
  await clock.advance(10 * MINUTE_MS);
  await about(api);
  assert.deepEqual(statuses(entries), [200, 200, 200, 200]);
});

test("a token that the shop takes no more is renewed once, and the call made again", async (t) => {
  const { api, simulator, entries, givenUp } = await setup(t);
  await about(api);
  simulator.app.uninstall();
  simulator.app.install();
  assert.equal((await about(api)).name, "demo");
  assert.deepEqual(statuses(entries), [200, 401, 200]);
  assert.equal(simulator.app.counts.given, 2);
  assert.deepEqual(givenUp, []);
});

for (const [what, settings, code, before] of [
  ["a wrong secret", { secret: "shpss_wrong" }, "invalid_request"],
  ["an unknown app", { clientId: "nobody" }, "application_cannot_be_found"],
  [
    "a shop of another organisation",
    {},
    "shop_not_permitted",
    ({ app }: ShopifySimulator) => (app.ofOneOrganisation = false),
  ],
  ["an app that is not installed", {}, "app_not_installed", ({ app }: ShopifySimulator) => app.uninstall()],
] as const) {
  test(`${what} is told by Shopify's own code and not asked about again`, async (t) => {
    const { api, simulator, entries, givenUp } = await setup(t, settings);
    before?.(simulator);
    const { outcome } = await failure(api);
    assert.equal(outcome.kind, "reauthorize");
    assert.match(outcome.reason ?? "", new RegExp(`answered 400 ${code}; put the connection's settings right`));
    assert.equal(givenUp.length, 1);
    await failure(api);
    assert.deepEqual(simulator.app.counts, { given: 0, refused: 1 });
    assert.deepEqual(entries, []);
  });
}

test("an app that was taken out of the shop meanwhile is given up with that reason", async (t) => {
  const { api, simulator, givenUp } = await setup(t);
  await about(api);
  simulator.app.uninstall();
  assert.equal((await failure(api)).outcome.kind, "reauthorize");
  assert.match(givenUp[0] ?? "", /app_not_installed/);
});

test("at the address of no shop nothing is had, and the work is held", async (t) => {
  const { api, simulator } = await setup(t, { shop: "other" });
  const { outcome } = await failure(api);
  assert.equal(outcome.kind, "unavailable");
  assert.match(outcome.reason ?? "", /the token endpoint answered 404/);
  assert.deepEqual(simulator.app.counts, { given: 0, refused: 0 });
});

test("neither the app's secret nor a token stands in what is kept and told of its calls", async (t) => {
  const { api, clock, simulator, entries, givenUp } = await setup(t);
  await about(api);
  simulator.app.uninstall();
  const error = await failure(api);
  await clock.advance(MINUTE_MS);
  assert.equal(entries.length, 2);
  const told = JSON.stringify([entries, givenUp, error.outcome]) + String(error);
  for (const secret of ["shpss_", "shpat_"]) assert.equal(told.includes(secret), false, secret);
});

test("the app's secret verifies its webhooks, with no other setting", async (t) => {
  const { sent, simulator, clock } = await setup(t);
  simulator.addOrder();
  await clock.advance(MINUTE_MS);
  const [webhook] = sent;
  assert.ok(webhook !== undefined);
  const settings: Readonly<Record<string, unknown>> = { shop: "demo", ...APP };
  const secrets = (shopify.webhook?.secretSettings ?? []).flatMap((name) => {
    const secret = settings[name];
    return typeof secret === "string" ? [secret] : [];
  });
  const delivery = { ...webhook, method: "POST", body: Buffer.from(webhook.body), at: clock.now() };
  const verdict = (known: readonly string[]) => shopify.webhook?.verify(delivery, known);
  assert.deepEqual(secrets, [APP.clientSecret]);
  assert.equal(verdict(secrets)?.ok, true);
  assert.equal(verdict(["another"])?.ok, false);
});

test("exactly one way of signing in is wanted, and what came is told", () => {
  const faults = (settings: object): readonly string[] =>
    shopifySettings.safeParse({ shop: "demo", ...settings }).error?.issues.map(({ message }) => message) ?? [];
  for (const good of [{ accessToken: "shpat_x" }, APP, { accessToken: "shpat_x", clientSecret: "shpss_x" }]) {
    assert.deepEqual(faults(good), []);
  }
  for (const [wrong, got] of [
    [{}, "neither"],
    [{ clientId: "a" }, "clientId"],
    [{ clientSecret: "a" }, "clientSecret"],
    [{ accessToken: "shpat_x", ...APP }, "accessToken, clientId, clientSecret"],
  ] as const) {
    const wanted = "expected either accessToken, or clientId and clientSecret";
    assert.deepEqual(faults(wrong), [`Could not tell how to sign in: ${wanted}, and got ${got}`]);
  }
});

test("a fixed token goes as it is, and nobody is asked for another", () => {
  const signIn = shopify.auth as (settings: ShopifySettings) => Auth;
  assert.equal(signIn({ shop: "demo", accessToken: "shpat_x" }).kind, "header");
  const app = signIn({ shop: "Demo.myshopify.com", ...APP });
  assert.ok(app.kind === "oauth2");
  assert.equal(app.tokenUrl({ shop: "Demo.myshopify.com" }), `${SHOP}/admin/oauth/access_token`);
  assert.equal(
    app.tokenUrl({ shop: "demo", baseUrl: "http://127.0.0.1:1/" }),
    "http://127.0.0.1:1/admin/oauth/access_token",
  );
});
