// The whole engine between two orgs of Salesforce: everything that the connector says is put to use, in virtual time.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test, type TestContext } from "node:test";
import { defineConfig } from "../../src/define/define-config.ts";
import { defineSync } from "../../src/define/define-sync.ts";
import { env } from "../../src/define/secret.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { engineWorld } from "../../src/testing/engine-world.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { createSalesforceSimulator, type SalesforceSimulator } from "./simulator.ts";
import { connector, ORG, WEBHOOK_SECRET } from "./test-api.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const USERNAME = "integration@old.example";

/** Signs in by a JWT; the other by a refresh token. */
const old = connector.connect("old", {
  instanceUrl: "https://old.example",
  clientId: "client",
  username: USERNAME,
  privateKey: env("OLD_PRIVATE_KEY"),
  webhookSecret: env("OLD_WEBHOOK_SECRET"),
  loginUrl: "https://old.example",
});
const fresh = connector.connect("fresh", {
  instanceUrl: "https://fresh.example",
  clientId: "client",
  clientSecret: env("FRESH_SECRET"),
  refreshToken: env("FRESH_REFRESH"),
  loginUrl: "https://fresh.example",
});

const accounts = defineSync({
  name: "accounts",
  purpose: "Each account moves.",
  owner: "sales",
  from: old.accounts,
  to: fresh.accounts,
  freshWithin: "5m",
  pollEvery: "5m",
  onDelete: "delete",
  map: ({ field }) => ({
    Name: field(({ Name }) => Name).orPark("it has no name"),
    Erp_Id__c: field(({ Id }) => Id),
    Phone: field(({ Phone }) => Phone).orOmit(),
  }),
});

async function setup(t: TestContext, before: (from: SalesforceSimulator, to: SalesforceSimulator) => void) {
  const clock = new VirtualClock();
  const hooks: OutgoingWebhook[] = [];
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const from = createSalesforceSimulator({
    ...ORG,
    clock,
    random: new SeededRandom(1),
    clientId: "client",
    clientSecret: "unused",
    username: USERNAME,
    publicKey: String(publicKey.export({ type: "spki", format: "pem" })),
    webhookSecret: WEBHOOK_SECRET,
    webhookUrl: "https://bowline.example/hooks/old",
    send: (webhook) => Promise.resolve(hooks.push(webhook) > 0 ? 200 : 0),
  });
  const to = createSalesforceSimulator({
    ...ORG,
    clock,
    random: new SeededRandom(2),
    clientId: "client",
    clientSecret: "secret",
    refreshToken: "5Aep-fresh",
    settings: { sessionMs: 2 * HOUR_MS },
  });
  before(from, to);
  const world = await engineWorld(t, {
    clock,
    project: defineConfig({ name: "move", connections: [old, fresh], syncs: [accounts] }),
    environment: {
      OLD_PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
      OLD_WEBHOOK_SECRET: WEBHOOK_SECRET,
      FRESH_SECRET: "secret",
      FRESH_REFRESH: "5Aep-fresh",
    },
    accounts: { "https://old.example": from, "https://fresh.example": to },
  });
  return { ...world, from, to, hooks };
}

const seen = ({ truth }: SalesforceSimulator): readonly string[] =>
  [...truth.records("Account").values()].map(({ Name, Phone }) => `${String(Name)} ${String(Phone ?? "")}`).toSorted();

test("an org's accounts move into another one, and stay in agreement with it", async (t) => {
  const ids: string[] = [];
  const { from, to, hooks, engine, pass, deliver } = await setup(t, ({ person }, target) => {
    for (let count = 0; count < 80; count += 1) {
      ids.push(String(person.create("Account", { Name: `A ${count}`, Phone: `555 ${count}` })["Id"]));
    }
    target.sabotage({ how: "cut-after", path: "/composite", times: 2 });
    target.sabotage({ how: "locked", path: "/composite", times: 2 });
    target.sabotage({ how: "maintenance", path: "/composite" });
    target.sabotage({ how: "html-after", path: "/composite" });
  });
  await pass(5 * MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));
  assert.deepEqual([to.truth.records("Account").size, to.truth.duplicates("Account", "Erp_Id__c")], [80, 0]);

  // By webhook, long before the next poll.
  hooks.length = 0;
  from.person.update("Account", ids[7]!, { Name: "Amelia" });
  to.sabotage({ how: "cut-after", path: "/composite" });
  await pass(2_000);
  const [webhook] = hooks;
  assert.ok(webhook !== undefined);
  const forged = { ...webhook, body: webhook.body.replace("UPDATE", "CREATE") };
  assert.deepEqual(await deliver("old", [webhook, webhook, forged]), [200, 200, 401]);
  await pass(30_000);
  assert.deepEqual(seen(to), seen(from));

  // By polling alone.
  from.person.update("Account", ids[8]!, { Phone: "555 new" });
  from.person.create("Account", { Name: "Late", Phone: "555 late" });
  from.person.delete("Account", ids[9]!);
  await pass(6 * MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));
  assert.equal(seen(to).length, 80);
  assert.deepEqual(await engine.control.parked({}), []);
  assert.ok(from.truth.refreshes + to.truth.refreshes >= 1);
  assert.equal(to.truth.refreshTokensPresentedTwice, 0);
});

test("when others spend the day's calls, what is to be written waits, and spends no attempt", async (t) => {
  const { from, to, engine, pass } = await setup(t, ({ person }) => {
    person.create("Account", { Name: "Amy" });
  });
  await pass(30_000);
  to.spendCalls(100_000);
  const [id] = from.truth.records("Account").keys();
  from.person.update("Account", id!, { Name: "Amelia" });
  await engine.control.sync("accounts", { full: false });
  await pass(2 * MINUTE_MS);
  const [counted] = (await engine.control.status()).syncs;
  assert.deepEqual([counted?.waiting, counted?.parked], [1, 0]);
  assert.deepEqual(seen(to), ["Amy "]);
});
