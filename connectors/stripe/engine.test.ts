// The whole engine between two accounts of Stripe: everything that the connector says is put to use, in virtual time.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { defineConfig } from "../../src/define/define-config.ts";
import { defineSync } from "../../src/define/define-sync.ts";
import { env } from "../../src/define/secret.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { engineWorld } from "../../src/testing/engine-world.ts";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { stripe } from "./connector.ts";
import { createStripeSimulator, type StripeSimulator } from "./simulator.ts";

const MINUTE_MS = 60_000;
const OLD_KEY = "sk_test_51Old";
const FRESH_KEY = "sk_test_51Fresh";

const old = stripe.connect("old", {
  apiKey: env("OLD_KEY"),
  webhookSecret: env("OLD_WEBHOOK_SECRET"),
  baseUrl: "https://old.example",
});
const fresh = stripe.connect("fresh", { apiKey: env("FRESH_KEY"), baseUrl: "https://fresh.example" });

const customers = defineSync({
  name: "customers",
  purpose: "Each customer moves.",
  owner: "sales",
  from: old.customers,
  to: fresh.customers,
  freshWithin: "5m",
  pollEvery: "5m",
  onDelete: "delete",
  map: ({ field }) => ({
    name: field((customer) => customer.name).orPark("it has no name"),
    email: field((customer) => customer.email).orOmit(),
  }),
});

async function setup(t: TestContext, before: (from: StripeSimulator, to: StripeSimulator) => void) {
  const clock = new VirtualClock();
  const hooks: OutgoingWebhook[] = [];
  const from = createStripeSimulator({
    clock,
    random: new SeededRandom(1),
    secretKey: OLD_KEY,
    webhookSecret: "whsec_old",
    webhookUrl: "https://bowline.example/hooks/old",
    send: (webhook) => Promise.resolve(hooks.push(webhook) > 0 ? 200 : 0),
  });
  const to = createStripeSimulator({ clock, random: new SeededRandom(2), secretKey: FRESH_KEY });
  before(from, to);
  const world = await engineWorld(t, {
    clock,
    project: defineConfig({ name: "move", connections: [old, fresh], syncs: [customers] }),
    environment: { OLD_KEY, FRESH_KEY, OLD_WEBHOOK_SECRET: "whsec_old" },
    accounts: { "https://old.example": from, "https://fresh.example": to },
  });
  return { ...world, from, to, hooks };
}

const seen = ({ truth }: StripeSimulator): readonly string[] =>
  [...truth.customers.values()].map(({ name, email }) => `${String(name)} ${String(email)}`).toSorted();

test("an account moves into another one, and stays in agreement with it", async (t) => {
  const ids: string[] = [];
  const { from, to, hooks, engine, pass, deliver } = await setup(t, ({ person }, target) => {
    for (let count = 0; count < 120; count += 1) {
      const made = person.post("/v1/customers", { name: `C ${count}`, email: `c${count}@example.com` });
      ids.push(String(made["id"]));
    }
    target.sabotage({ how: "cut-after", method: "POST", path: "/v1/customers", times: 2 });
    target.sabotage({ how: "limited", method: "POST", path: "/v1/customers", times: 3 });
    target.sabotage({ how: "error-after", method: "POST", path: "/v1/customers" });
  });
  await pass(2 * MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));
  assert.equal(to.truth.created["customer"], 120);

  // By webhook, long before the next poll.
  hooks.length = 0;
  from.person.post(`/v1/customers/${ids[7]}`, { name: "Amelia" });
  to.sabotage({ how: "cut-after", method: "POST" });
  await pass(1_000);
  const [webhook] = hooks;
  assert.ok(webhook !== undefined);
  const forged = { ...webhook, body: webhook.body.replace("Amelia", "Mallory") };
  assert.deepEqual(await deliver("old", [webhook, webhook, forged]), [200, 200, 401]);
  await pass(10_000);
  assert.deepEqual(seen(to), seen(from));

  // By polling alone.
  from.person.post(`/v1/customers/${ids[8]}`, { email: "new@example.com" });
  from.person.post("/v1/customers", { name: "Late", email: "late@example.com" });
  from.person.delete(`/v1/customers/${ids[9]}`);
  await pass(6 * MINUTE_MS);
  assert.deepEqual(seen(to), seen(from));
  assert.equal(to.truth.customers.size, 120);
  assert.equal(to.truth.created["customer"], 121);
  assert.deepEqual(await engine.control.parked({}), []);
  assert.deepEqual([from.truth.limits.throttled, to.truth.limits.throttled], [0, 0]);
});
