import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { Delivery } from "../../src/define/connector.ts";
import type { OutgoingWebhook } from "../../src/rehearse/webhook-sender.ts";
import { CONNECTED, setup } from "./test-api.ts";
import { OWN_ACCOUNT, webhook } from "./webhook.ts";
import { stripe } from "./connector.ts";

const SECRET = "whsec_test";
const AT = 1_800_000_000_000;
const BODY = JSON.stringify({
  id: "evt_1",
  object: "event",
  type: "customer.updated",
  data: { object: { id: "cus_1", object: "customer" } },
});

function signed(body: string, secret: string, at = AT): string {
  const timestamp = Math.floor(at / 1_000);
  return `t=${timestamp},v1=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;
}

function delivery(body: string, signature: string | undefined, at = AT): Delivery {
  const headers: Record<string, string> = signature === undefined ? {} : { "stripe-signature": signature };
  return { headers, body: Buffer.from(body), at, method: "POST", url: "https://example.com/hooks/stripe" };
}

const verified = (given: Delivery, secrets: readonly string[] = [SECRET]): boolean => webhook.verify(given, secrets).ok;

test("what is signed with the secret is taken, with any of several secrets and among several signatures", () => {
  const header = signed(BODY, SECRET);
  assert.ok(verified(delivery(BODY, header)));
  assert.ok(verified(delivery(BODY, header), ["whsec_new", SECRET]));
  const old = signed(BODY, "whsec_old").split(",")[1];
  assert.ok(verified(delivery(BODY, `${header},${old},v0=abc`)));
  assert.ok(verified(delivery(BODY, header.replace("v1=", `${old},v1=`))));
});

test("every bit of the signature and of the body counts", () => {
  const header = signed(BODY, SECRET);
  const start = header.indexOf("v1=") + 3;
  for (let place = start; place < header.length; place += 1) {
    const digit = Number.parseInt(header[place]!, 16);
    for (const bit of [1, 2, 4, 8]) {
      const forged = header.slice(0, place) + (digit ^ bit).toString(16) + header.slice(place + 1);
      assert.ok(!verified(delivery(BODY, forged)), forged);
    }
  }
  const bytes = Buffer.from(BODY);
  for (let place = 0; place < bytes.length; place += 1) {
    const forged = Buffer.from(bytes);
    forged[place] = (forged[place] ?? 0) ^ 1;
    assert.ok(!verified({ ...delivery(BODY, header), body: forged }));
  }
});

for (const [what, header, secrets] of [
  ["no header", undefined, [SECRET]],
  ["an empty header", "", [SECRET]],
  ["half a signature", signed(BODY, SECRET).slice(0, -32), [SECRET]],
  ["a signature without its time", signed(BODY, SECRET).split(",")[1], [SECRET]],
  ["a time without a signature", signed(BODY, SECRET).split(",")[0], [SECRET]],
  ["a signature in capitals", signed(BODY, SECRET).replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()), [SECRET]],
  ["a signature of another scheme", signed(BODY, SECRET).replace("v1=", "v0="), [SECRET]],
  ["another time than was signed", signed(BODY, SECRET).replace("t=1", "t=2"), [SECRET]],
  ["another secret's signature", signed(BODY, "whsec_other"), [SECRET]],
  ["no secret", signed(BODY, ""), []],
  ["an empty secret", signed(BODY, ""), [""]],
] as const) {
  test(`${what} is refused`, () => {
    const result = webhook.verify(delivery(BODY, header), secrets);
    assert.ok(!result.ok && result.reason !== "");
  });
}

test("what was signed more than five minutes ago is refused, though its signature fits", () => {
  const header = signed(BODY, SECRET);
  assert.ok(verified(delivery(BODY, header, AT + 300_000)));
  assert.ok(!verified(delivery(BODY, header, AT + 302_000)));
  // A clock of ours that is behind is no reason to lose an event.
  assert.ok(verified(delivery(BODY, header, AT - 3_600_000)));
});

test("two deliveries of one event are the same, two events are not", () => {
  const id = webhook.dedupeId(delivery(BODY, "a"));
  assert.equal(id, "evt_1");
  assert.equal(webhook.dedupeId(delivery(BODY.replace('"object"', '"pending_webhooks":1,"object"'), "b")), id);
  assert.notEqual(webhook.dedupeId(delivery(BODY.replace("evt_1", "evt_2"), "a")), id);
  assert.match(webhook.dedupeId(delivery("{", "a")), /^body-/);
});

const events = (type: string, object: object, more: object = {}) =>
  webhook.events({ headers: {}, json: { id: "evt_1", object: "event", type, data: { object }, ...more } });

test("an event tells which records may have changed, of whose account, and never what they say", () => {
  const account = OWN_ACCOUNT;
  assert.deepEqual(events("invoice.paid", { id: "in_1" }), [{ resource: "invoices", key: "in_1", account }]);
  assert.deepEqual(events("invoice_payment.paid", { id: "inpay_1", invoice: "in_1" }), [
    { resource: "invoices", key: "in_1", account },
  ]);
  assert.deepEqual(events("refund.created", { id: "re_1", charge: "ch_1" }), [
    { resource: "charges", key: "ch_1", account },
    { resource: "refunds", key: "re_1", account },
  ]);
  assert.deepEqual(events("customer.subscription.deleted", { id: "sub_1" }), [
    { resource: "subscriptions", key: "sub_1", account },
  ]);
  assert.deepEqual(events("payout.paid", { id: "po_1" }), []);
  assert.deepEqual(events("invoice.upcoming", { customer: "cus_1" }), []);
});

test("a deletion is told as one where ids never come back; a product may, so it is read", () => {
  assert.equal(events("customer.deleted", { id: "cus_1" })[0]?.deleted, true);
  assert.equal(events("product.deleted", { id: "tea-1" })[0]?.deleted, undefined);
});

test("a thin event names its object and its account", () => {
  const json = {
    id: "evt_1",
    object: "v2.core.event",
    type: "v1.customer.created",
    context: "acct_1Org/acct_1Connected",
    related_object: { id: "cus_1", type: "customer", url: "/v1/customers/cus_1" },
  };
  assert.deepEqual(webhook.events({ headers: {}, json }), [
    { resource: "customers", key: "cus_1", account: "acct_1Connected" },
  ]);
});

test("what is no event at all is kept for a person", () => {
  for (const json of [{}, [], null, "x", { object: "event" }, { object: "customer", id: "cus_1" }]) {
    assert.throws(() => webhook.events({ headers: {}, json }), /expected an event/);
  }
});

test("events are of the account that they name, and else of the endpoint's own", () => {
  const own = { apiKey: "sk_test_1" };
  assert.equal(stripe.account!(own), events("customer.created", { id: "cus_1" })[0]?.account);
  const of = events("customer.created", { id: "cus_1" }, { account: CONNECTED })[0]?.account;
  assert.equal(stripe.account!({ ...own, stripeAccount: CONNECTED }), of);
});

test("the account's own webhooks are verified over their bytes, also when a late try is signed anew", async () => {
  const hooks: OutgoingWebhook[] = [];
  let status = 500;
  const send = (hook: OutgoingWebhook) => Promise.resolve(hooks.push(hook) > 0 ? status : 0);
  await using world = await setup({ send, webhookUrl: "http://receiver.test/stripe", webhookSecret: SECRET });
  world.simulator.person.post("/v1/customers", { name: "Amy" });
  await world.clock.advance(1_000);
  status = 200;
  await world.clock.advance(600_000);
  assert.equal(hooks.length, 2);
  for (const [hook, at] of [
    [hooks[0]!, world.clock.now() - 600_000],
    [hooks[1]!, world.clock.now() - 300_000],
  ] as const) {
    const given = { ...delivery(hook.body, hook.headers["stripe-signature"]), at };
    assert.ok(verified(given));
    assert.deepEqual(webhook.events({ headers: {}, json: JSON.parse(hook.body) }), [
      { resource: "customers", key: [...world.simulator.truth.customers.keys()][0], account: OWN_ACCOUNT },
    ]);
  }
  assert.equal(webhook.dedupeId(delivery(hooks[0]!.body, "")), webhook.dedupeId(delivery(hooks[1]!.body, "")));
  world.simulator.personOf(CONNECTED).post("/v1/customers", { name: "Theirs" });
  await world.clock.advance(1_000);
  assert.equal((JSON.parse(hooks.at(-1)!.body) as { account?: string }).account, CONNECTED);
});
