// The whole engine between two organisations of Xero: everything that the connector says is put to use, in virtual time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { defineConfig } from "../../src/define/define-config.ts";
import { defineSync } from "../../src/define/define-sync.ts";
import { env } from "../../src/define/secret.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { engineWorld } from "../../src/testing/engine-world.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { xero } from "./connector.ts";
import { createXeroSimulator, type XeroSimulator } from "./simulator.ts";

const MINUTE_MS = 60_000;
const OLD = "11111111-1111-4111-8111-111111111111";
const FRESH = "22222222-2222-4222-8222-222222222222";

const connected = (name: "old" | "fresh", tenantId: string) =>
  xero.connect(name, {
    tenantId,
    clientId: "client",
    clientSecret: env("CLIENT_SECRET"),
    refreshToken: env(`${name.toUpperCase()}_REFRESH`),
    webhookKey: env("WEBHOOK_KEY"),
    baseUrl: `https://${name}.example`,
    tokenUrl: `https://${name}.example/connect/token`,
  });
const old = connected("old", OLD);
const fresh = connected("fresh", FRESH);

const contacts = defineSync({
  name: "contacts",
  purpose: "Each contact moves.",
  owner: "sales",
  from: old.contacts,
  to: fresh.contacts,
  freshWithin: "5m",
  pollEvery: "5m",
  onDelete: "archive",
  only: ({ ContactStatus }) => ContactStatus === "ACTIVE",
  onOutOfScope: "archive",
  map: ({ field }) => ({
    Name: field(({ Name }) => Name),
    ContactNumber: field(({ ContactID }) => ContactID),
    EmailAddress: field(({ EmailAddress }) => EmailAddress).orOmit(),
  }),
});

async function setup(t: TestContext, before: (from: XeroSimulator, to: XeroSimulator) => void) {
  const clock = new VirtualClock();
  const hooks: OutgoingWebhook[] = [];
  const app = { clock, clientId: "client", clientSecret: "secret", webhookKey: "key" };
  const from = createXeroSimulator({
    ...app,
    random: new SeededRandom(1),
    tenantId: OLD,
    refreshToken: "old-first",
    webhookUrl: "https://bowline.example/hooks/old",
    send: (webhook) => Promise.resolve(hooks.push(webhook) > 0 ? 200 : 0),
  });
  const to = createXeroSimulator({
    ...app,
    random: new SeededRandom(2),
    tenantId: FRESH,
    refreshToken: "fresh-first",
    // Fewer than Xero says, as when another app uses up the rest.
    settings: { callsPerMinute: 20 },
  });
  before(from, to);
  const world = await engineWorld(t, {
    clock,
    project: defineConfig({ name: "move", connections: [old, fresh], syncs: [contacts] }),
    environment: {
      CLIENT_SECRET: "secret",
      OLD_REFRESH: "old-first",
      FRESH_REFRESH: "fresh-first",
      WEBHOOK_KEY: "key",
    },
    accounts: { "https://old.example": from, "https://fresh.example": to },
  });
  return { ...world, clock, from, to, hooks };
}

const seen = ({ truth }: XeroSimulator): readonly string[] =>
  [...truth.contacts.values()]
    .filter(({ body }) => body["ContactStatus"] === "ACTIVE")
    .map(({ body }) => `${String(body["Name"])} ${String(body["EmailAddress"])}`)
    .toSorted();

test("an organisation's contacts move into another one, and stay in agreement with it", async (t) => {
  const ids: string[] = [];
  const { clock, from, to, hooks, engine, pass, deliver } = await setup(t, ({ person }, target) => {
    for (let count = 0; count < 60; count += 1) {
      const made = person.create("Contacts", { Name: `C ${count}`, EmailAddress: `c${count}@example.com` });
      ids.push(String(made["ContactID"]));
    }
    target.sabotage({ how: "cut-after", method: "PUT", path: "Contacts" });
    target.sabotage({ how: "offline", method: "PUT", path: "Contacts" });
  });
  await pass(10 * MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));
  assert.equal(to.truth.created.Contacts, 60);

  // By webhook, long before the next poll.
  hooks.length = 0;
  from.person.update("Contacts", ids[7]!, { Name: "Amelia" });
  to.sabotage({ how: "cut-after", method: "POST" });
  await pass(2_000);
  const [webhook] = hooks;
  assert.ok(webhook !== undefined);
  const forged = { ...webhook, body: webhook.body.replace("UPDATE", "CREATE") };
  assert.deepEqual(await deliver("old", [webhook, webhook, forged]), [200, 200, 401]);
  await pass(MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));

  // By polling alone, with tokens that have run out meanwhile.
  from.person.update("Contacts", ids[8]!, { EmailAddress: "new@example.com" });
  from.person.create("Contacts", { Name: "Late", EmailAddress: "late@example.com" });
  from.person.archive(ids[9]!);
  await clock.advance(20 * MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));
  assert.equal(seen(to).length, 60);
  assert.deepEqual([to.truth.created.Contacts, to.truth.duplicates("Contacts", "ContactNumber")], [61, 0]);
  assert.deepEqual(await engine.control.parked({}), []);
  // Each answer tells what is left: nobody has to be refused.
  assert.deepEqual([to.truth.limits.throttled, from.truth.limits.throttled], [0, 0]);
  assert.ok(from.truth.refreshes >= 2);
  assert.equal(from.truth.refreshTokensPresentedTwice, 0);
});
