// Stripe's own client drives our simulator over real HTTP: what it understands is what Stripe says. The shapes are compared
// with Stripe's published examples beside it. Run with `node --test verifiers/stripe.verify.ts`.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Stripe from "stripe";
import { stripe as connector } from "../connectors/stripe/index.ts";
import { createStripeSimulator, type StripeSimulator } from "../connectors/stripe/simulator.ts";
import type { OutgoingWebhook } from "../src/rehearse/webhook-sender.ts";
import { serve, type Served } from "../src/rehearse/serve.ts";
import { SeededRandom, VirtualClock } from "../src/world/virtual.ts";
import { differences, publishedExamples } from "./stripe-examples.ts";

const KEY = "sk_test_51Simulated";
const RESTRICTED = "rk_test_51Simulated";
const SECRET = "whsec_verified";
const CONNECTED = "acct_1Connected";
const UNLIMITED = { callsPerSecond: 0, callsPerSecondPerEndpoint: 0, searchesPerSecond: 0, callsAtOnce: 0 };

const clock = new VirtualClock();
const hooks: OutgoingWebhook[] = [];
let simulator: StripeSimulator;
let served: Served;
let client: Stripe;

before(async () => {
  simulator = createStripeSimulator({
    clock,
    random: new SeededRandom(1),
    secretKey: KEY,
    restrictedKeys: { [RESTRICTED]: ["customer_read"] },
    connectedAccounts: [CONNECTED],
    webhookSecret: SECRET,
    webhookUrl: "http://receiver.test/stripe",
    send: (hook) => Promise.resolve(hooks.push(hook) > 0 ? 200 : 0),
    settings: UNLIMITED,
  });
  served = await serve((request) => simulator.fetch(request));
  client = clientWith(KEY);
});

after(() => served.close());

function clientWith(key: string, port = served.port): Stripe {
  return new Stripe(key, { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
}

async function refused<Failure>(
  call: Promise<unknown>,
  kind: abstract new (...given: never[]) => Failure,
): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof kind, `expected ${kind.name}, got ${String(error)}`);
    return error;
  }
  return assert.fail(`expected ${kind.name}, and the call was done`);
}

const { errors } = Stripe;

async function monthlyPrice(): Promise<Stripe.Price> {
  const product = await client.products.create({ name: "Tea" });
  return client.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 900,
    recurring: { interval: "month" },
  });
}

async function draftOf(amount: number): Promise<Stripe.Invoice> {
  const customer = await client.customers.create({ name: "Buyer" });
  const { id } = await client.invoices.create({ customer: customer.id });
  return client.invoices.addLines(id, { lines: [{ amount, description: "Tea" }] });
}

test("the version that our connector names is the one of the client that proves it", () => {
  assert.equal(connector.apiVersion, Stripe.API_VERSION);
});

test("customers: made, read, changed in part, cleared, deleted to a stub", async () => {
  const made = await client.customers.create({
    name: "Amy & Söhne",
    email: "amy@example.com",
    address: { line1: "1 Way", city: "Bayshore", country: "US" },
    metadata: { order: "1001", other: "x" },
    preferred_locales: ["de", "en"],
  });
  assert.equal((await client.customers.retrieve(made.id)).lastResponse.statusCode, 200);
  const changed = await client.customers.update(made.id, { description: "late", email: "", metadata: { other: "" } });
  assert.deepEqual(
    [changed.name, changed.email, changed.description, changed.metadata, changed.preferred_locales],
    ["Amy & Söhne", null, "late", { order: "1001" }, ["de", "en"]],
  );
  assert.equal(changed.address?.city, "Bayshore");
  assert.deepEqual({ ...(await client.customers.del(made.id)) }, { id: made.id, object: "customer", deleted: true });
  assert.equal((await client.customers.retrieve(made.id)).deleted, true);
});

test("lists: newest first, both ways, by filter and by time, walked through by the client itself", async () => {
  const ids: string[] = [];
  for (let number = 0; number < 25; number += 1) {
    ids.push((await client.customers.create({ email: "many@example.com" })).id);
  }
  const walked: string[] = [];
  for await (const { id } of client.customers.list({ email: "many@example.com", limit: 10 })) walked.push(id);
  assert.deepEqual(walked, ids.toReversed());
  const back = await client.customers.list({ email: "many@example.com", limit: 3, ending_before: ids[0]! });
  assert.deepEqual(
    back.data.map(({ id }) => id),
    [ids[3], ids[2], ids[1]],
  );
  const later = Math.floor(clock.now() / 1_000) + 1;
  assert.equal((await client.customers.list({ created: { gte: later } })).data.length, 0);
});

test("search finds what it has seen by now, in pages", async () => {
  for (let number = 0; number < 3; number += 1)
    await client.products.create({ name: `Cup ${number}`, metadata: { set: "7" } });
  const query = "active:'true' AND metadata['set']:'7'";
  assert.equal((await client.products.search({ query })).data.length, 0);
  await clock.advance(120_000);
  const first = await client.products.search({ query, limit: 2 });
  assert.deepEqual([first.object, first.data.length, first.has_more], ["search_result", 2, true]);
  const second = await client.products.search({ query, limit: 2, page: first.next_page! });
  assert.deepEqual([second.data.length, second.has_more, second.next_page], [1, false, null]);
  assert.equal((await client.products.search({ query: "name~'cup' AND -name:'Cup 1' AND created>0" })).data.length, 2);
});

test("products and prices: own ids, decimals, what cannot change, lookup keys", async () => {
  const product = await client.products.create({ id: "tea-1", name: "Tea" });
  const again = await refused(client.products.create({ id: "tea-1", name: "Tea" }), errors.StripeInvalidRequestError);
  assert.equal(again.code, "resource_already_exists");
  const unit_amount_decimal = Stripe.Decimal.from("0.335");
  const price = await client.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount_decimal,
    lookup_key: "tea",
  });
  assert.deepEqual([price.unit_amount, String(price.unit_amount_decimal), price.type], [null, "0.335", "one_time"]);
  const found = await client.prices.list({ lookup_keys: ["tea"], expand: ["data.product"] });
  assert.equal((found.data[0]!.product as Stripe.Product).name, "Tea");
  assert.equal((await client.prices.update(price.id, { active: false })).active, false);
  await refused(client.products.del(product.id), errors.StripeInvalidRequestError);
});

test("invoices: lines, finalizing, sending, paying by card and elsewhere, voiding, deleting", async () => {
  const draft = await draftOf(1_990);
  assert.deepEqual([draft.status, draft.total, draft.number], ["draft", 1_990, null]);
  const open = await client.invoices.finalizeInvoice(draft.id);
  assert.equal(open.status, "open");
  assert.match(open.number ?? "", /-0001$/);
  const paid = await client.invoices.pay(draft.id, { payment_method: "pm_card_visa", expand: ["payments"] });
  assert.deepEqual([paid.status, paid.amount_paid, paid.amount_remaining], ["paid", 1_990, 0]);
  assert.equal(paid.payments?.data[0]?.status, "paid");
  const elsewhere = await draftOf(100);
  assert.equal((await client.invoices.pay(elsewhere.id, { paid_out_of_band: true })).status, "paid");
  const sent = await client.invoices.sendInvoice((await draftOf(5)).id);
  assert.equal((await client.invoices.voidInvoice(sent.id)).status, "void");
  const lost = await client.invoices.finalizeInvoice((await draftOf(5)).id);
  assert.equal((await client.invoices.markUncollectible(lost.id)).status, "uncollectible");
  const gone = await draftOf(5);
  assert.equal((await client.invoices.del(gone.id)).deleted, true);
  const missing = await refused(client.invoices.retrieve(gone.id), errors.StripeInvalidRequestError);
  assert.deepEqual([missing.statusCode, missing.code], [404, "resource_missing"]);
  const late = await refused(client.invoices.del(sent.id), errors.StripeInvalidRequestError);
  assert.equal(late.code, "invoice_not_editable");
});

test("an invoice's lines: ten are shown, all are listed, changed and taken away", async () => {
  const { id } = await draftOf(1);
  const lines = Array.from({ length: 14 }, (_, index) => ({ amount: index + 2 }));
  const full = await client.invoices.addLines(id, { lines });
  assert.deepEqual([full.lines.data.length, full.lines.has_more, full.total], [10, true, 120]);
  const all: Stripe.InvoiceLineItem[] = [];
  for await (const line of client.invoices.listLineItems(id, { limit: 4 })) all.push(line);
  assert.equal(all.length, 15);
  const changed = await client.invoices.updateLines(id, { lines: [{ id: all[0]!.id, amount: 1_000 }] });
  assert.equal(changed.total, 1_119);
  const removed = await client.invoices.removeLines(id, { lines: [{ id: all[0]!.id, behavior: "delete" }] });
  assert.equal(removed.total, 119);
});

test("invoice items wait for an invoice that includes them", async () => {
  const customer = await client.customers.create({});
  const item = await client.invoiceItems.create({
    customer: customer.id,
    amount: 700,
    currency: "usd",
    description: "Tea",
  });
  assert.equal((await client.invoiceItems.update(item.id, { description: "Green tea" })).description, "Green tea");
  const pending_invoice_items_behavior = "include";
  const invoice = await client.invoices.create({ customer: customer.id, pending_invoice_items_behavior });
  assert.deepEqual([invoice.total, invoice.lines.data[0]?.description], [700, "Green tea"]);
  await client.invoiceItems.del(item.id);
  assert.equal((await client.invoices.retrieve(invoice.id)).total, 0);
});

test("payments: declined, asked for more, held and captured, canceled, refunded", async () => {
  const base = { amount: 1_099, currency: "usd" };
  const declined = await refused(
    client.paymentIntents.create({ ...base, payment_method: "pm_card_visa_chargeDeclined", confirm: true }),
    errors.StripeCardError,
  );
  assert.deepEqual(
    [declined.statusCode, declined.code, declined.decline_code],
    [402, "card_declined", "generic_decline"],
  );
  assert.equal(declined.payment_intent?.status, "requires_payment_method");
  const asked = await client.paymentIntents.create({
    ...base,
    payment_method: "pm_card_authenticationRequired",
    confirm: true,
  });
  assert.equal(asked.status, "requires_action");
  assert.equal((await client.paymentIntents.cancel(asked.id)).status, "canceled");
  const waiting = await client.paymentIntents.create({ ...base, capture_method: "manual" });
  const held = await client.paymentIntents.confirm(waiting.id, { payment_method: "pm_card_visa" });
  assert.deepEqual([held.status, held.amount_capturable], ["requires_capture", 1_099]);
  const done = await client.paymentIntents.capture(held.id, {}, { timeout: 5_000 });
  assert.deepEqual([done.status, done.amount_received], ["succeeded", 1_099]);
  const refund = await client.refunds.create({ payment_intent: done.id, amount: 99 });
  const charge = await client.charges.retrieve(refund.charge as string, { expand: ["refunds", "payment_intent"] });
  assert.deepEqual([charge.amount_refunded, charge.refunded, charge.refunds?.data.length], [99, false, 1]);
  assert.equal((charge.payment_intent as Stripe.PaymentIntent).id, done.id);
  const low = await refused(
    client.paymentIntents.create({ amount: 1, currency: "usd" }),
    errors.StripeInvalidRequestError,
  );
  assert.equal(low.code, "amount_too_small");
});

test("charges by themselves", async () => {
  const charge = await client.charges.create({ amount: 2_000, currency: "usd", source: "tok_visa", capture: false });
  assert.equal(charge.captured, false);
  assert.equal((await client.charges.capture(charge.id)).captured, true);
  assert.equal((await client.charges.update(charge.id, { description: "Order 7" })).description, "Order 7");
  await client.refunds.create({ charge: charge.id });
  const twice = await refused(client.refunds.create({ charge: charge.id }), errors.StripeInvalidRequestError);
  assert.equal(twice.code, "charge_already_refunded");
});

test("subscriptions: unpaid, paid, on trial, changed, ended", async () => {
  const price = await monthlyPrice();
  const customer = await client.customers.create({});
  const items = [{ price: price.id, quantity: 2 }];
  await refused(client.subscriptions.create({ customer: customer.id, items }), errors.StripeInvalidRequestError);
  const unpaid = await client.subscriptions.create({
    customer: customer.id,
    items,
    payment_behavior: "default_incomplete",
  });
  assert.equal(unpaid.status, "incomplete");
  const paid = await client.subscriptions.create({
    customer: customer.id,
    items,
    default_payment_method: "pm_card_visa",
    expand: ["latest_invoice.payments"],
  });
  const invoice = paid.latest_invoice as Stripe.Invoice;
  assert.deepEqual([paid.status, invoice.total, invoice.payments?.data.length], ["active", 1_800, 1]);
  assert.equal(invoice.parent?.subscription_details?.subscription, paid.id);
  const item = paid.items.data[0]!;
  assert.ok(item.current_period_end > item.current_period_start);
  const more = await client.subscriptions.update(paid.id, { items: [{ id: item.id, quantity: 5 }] });
  assert.equal(more.items.data[0]?.quantity, 5);
  assert.equal(
    (await client.subscriptions.update(paid.id, { cancel_at_period_end: true })).cancel_at,
    item.current_period_end,
  );
  assert.equal((await client.subscriptions.cancel(paid.id)).status, "canceled");
  const active = await client.subscriptions.list({ customer: customer.id });
  assert.deepEqual(
    active.data.map(({ id }) => id),
    [unpaid.id],
  );
  assert.equal((await client.subscriptions.list({ customer: customer.id, status: "all" })).data.length, 2);
});

test("errors come as the exceptions that they are", async () => {
  const unknown = await refused(client.customers.create({ nmae: "x" } as object), errors.StripeInvalidRequestError);
  assert.deepEqual(
    [unknown.code, unknown.param, unknown.type],
    ["parameter_unknown", "nmae", "StripeInvalidRequestError"],
  );
  const none = await refused(client.invoices.create({ customer: "cus_none" }), errors.StripeInvalidRequestError);
  assert.deepEqual([none.statusCode, none.code, none.param], [400, "resource_missing", "customer"]);
  const number = client.paymentIntents.create({ amount: 1.5, currency: "usd" });
  assert.equal((await refused(number, errors.StripeInvalidRequestError)).code, "parameter_invalid_integer");
  await refused(clientWith("sk_test_wrong").customers.list(), errors.StripeAuthenticationError);
  const denied = await refused(clientWith(RESTRICTED).customers.create({}), errors.StripePermissionError);
  assert.match(denied.message, /rak_customer_write/);
  assert.match(denied.requestId ?? "", /^req_/);
  simulator.sabotage({ how: "limited" });
  await refused(client.customers.list(), errors.StripeRateLimitError);
  simulator.sabotage({ how: "locked" });
  const locked = await refused(client.customers.create({}), errors.StripeRateLimitError);
  assert.deepEqual([locked.code, locked.headers?.["stripe-rate-limited-reason"]], ["lock_timeout", undefined]);
  simulator.sabotage({ how: "error-before" });
  await refused(client.customers.create({}), errors.StripeAPIError);
  simulator.sabotage({ how: "truncated" });
  await refused(client.customers.create({}), errors.StripeAPIError);
});

test("an idempotency key gives the first answer again, a failure too, and minds what it is used for", async () => {
  const key = { idempotencyKey: "k1" };
  const first = await client.customers.create({ name: "Once" }, key);
  const second = await client.customers.create({ name: "Once" }, key);
  assert.equal(second.id, first.id);
  assert.equal(second.lastResponse.headers["idempotent-replayed"], "true");
  assert.equal(second.lastResponse.idempotencyKey, "k1");
  const other = await refused(client.customers.create({ name: "Twice" }, key), errors.StripeIdempotencyError);
  assert.equal(other.statusCode, 400);
  await refused(client.products.create({ name: "Once" }, key), errors.StripeIdempotencyError);
  simulator.sabotage({ how: "error-after" });
  for (let times = 0; times < 2; times += 1) {
    await refused(client.customers.create({ name: "Kept" }, { idempotencyKey: "k2" }), errors.StripeAPIError);
  }
  // A fault that was found before anything began is not kept.
  await refused(
    client.customers.create({ email: "nobody" }, { idempotencyKey: "k3" }),
    errors.StripeInvalidRequestError,
  );
  await client.customers.create({ email: "nobody@example.com" }, { idempotencyKey: "k3" });
});

test("the client's own second tries make no second object", async () => {
  const patient = new Stripe(KEY, {
    host: "127.0.0.1",
    port: served.port,
    protocol: "http",
    maxNetworkRetries: 1,
    telemetry: false,
  });
  const before = simulator.truth.customers.size;
  simulator.sabotage({ how: "cut-after", method: "POST" });
  await patient.customers.create({ name: "Patient" });
  assert.equal(simulator.truth.customers.size, before + 1);
});

test("limits: the calls too many are refused with their reason", async () => {
  const lone = createStripeSimulator({
    clock,
    random: new SeededRandom(2),
    secretKey: KEY,
    settings: { ...UNLIMITED, callsPerSecond: 5 },
  });
  const own = await serve((request) => lone.fetch(request));
  try {
    const calling = clientWith(KEY, own.port);
    for (let number = 0; number < 5; number += 1) await calling.customers.list();
    const refusal = await refused(calling.customers.list(), errors.StripeRateLimitError);
    assert.equal(refusal.headers?.["stripe-rate-limited-reason"], "global-rate");
    assert.deepEqual(lone.truth.limits, { throttled: 1, windowsOverLimit: 1, atOnceMax: 1 });
  } finally {
    await own.close();
  }
});

test("connected accounts are apart from each other, and Connect gives and takes tokens", async () => {
  const theirs = await client.customers.create({ name: "Theirs" }, { stripeAccount: CONNECTED });
  await refused(client.customers.retrieve(theirs.id), errors.StripeInvalidRequestError);
  assert.equal((await client.accounts.retrieveCurrent({}, { stripeAccount: CONNECTED })).id, CONNECTED);
  await refused(client.customers.list({}, { stripeAccount: "acct_1Gone" }), errors.StripePermissionError);
  const code = simulator.oauth.authorize(CONNECTED);
  const token = await client.oauth.token({ grant_type: "authorization_code", code });
  assert.deepEqual([token.stripe_user_id, token.token_type], [CONNECTED, "bearer"]);
  await refused(client.oauth.token({ grant_type: "authorization_code", code }), errors.StripeInvalidGrantError);
  const gone = await client.oauth.deauthorize({ client_id: "ca_1", stripe_user_id: CONNECTED });
  assert.equal(gone.stripe_user_id, CONNECTED);
});

test("events tell what happened, by type and time, with what was there before", async () => {
  await clock.advance(10_000);
  const since = Math.floor(clock.now() / 1_000);
  const { id } = await client.customers.create({ name: "Amy" });
  await client.customers.update(id, { name: "Amelia" });
  await client.customers.del(id);
  await clock.advance(10_000);
  const types = ["customer.created", "customer.updated", "customer.deleted"];
  const { data } = await client.events.list({ types, created: { gte: since } });
  assert.deepEqual(
    data.map(({ type }) => type),
    types.toReversed().toSorted((a, b) => types.indexOf(b) - types.indexOf(a)),
  );
  assert.deepEqual(data[1]?.data.previous_attributes, { name: "Amy" });
  assert.equal((await client.events.retrieve(data[0]!.id)).type, "customer.deleted");
  assert.ok((await client.events.list({ type: "customer.*", limit: 100 })).data.length > 3);
});

test("our webhooks are what the client verifies, and no other bytes are", async () => {
  hooks.length = 0;
  await client.customers.create({ name: "Told" });
  await clock.advance(1_000);
  const hook = hooks.find(({ body }) => body.includes("customer.created"))!;
  const header = hook.headers["stripe-signature"]!;
  const receivedAt = clock.now();
  const event = client.webhooks.constructEvent(hook.body, header, SECRET, 300, undefined, receivedAt);
  assert.equal(event.type, "customer.created");
  assert.throws(
    () => client.webhooks.constructEvent(`${hook.body} `, header, SECRET, 300, undefined, receivedAt),
    errors.StripeSignatureVerificationError,
  );
});

test("what the client signs our connector verifies, and it refuses what the client refuses", () => {
  const payload = JSON.stringify({ id: "evt_1", object: "event", type: "customer.created" });
  const timestamp = Math.floor(clock.now() / 1_000);
  const header = client.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp });
  const verify = (text: string, secrets: readonly string[], at = clock.now()): boolean =>
    connector.webhook!.verify(
      {
        headers: { "stripe-signature": header },
        body: Buffer.from(text),
        at,
        method: "POST",
        url: "https://example.com/",
      },
      secrets,
    ).ok;
  assert.ok(verify(payload, [SECRET]));
  assert.ok(verify(payload, ["whsec_other", SECRET]));
  assert.ok(!verify(`${payload} `, [SECRET]));
  assert.ok(!verify(payload, ["whsec_other"]));
  assert.ok(!verify(payload, [SECRET], clock.now() + 302_000));
});

test("webhook endpoints are made, show their secret once, are told what they ask for, and go", async () => {
  const url = "http://receiver.test/second";
  const endpoint = await client.webhookEndpoints.create({
    url,
    enabled_events: ["product.created"],
    api_version: Stripe.API_VERSION as never,
  });
  assert.match(endpoint.secret ?? "", /^whsec_/);
  hooks.length = 0;
  await client.products.create({ name: "Told" });
  await client.customers.create({});
  await clock.advance(1_000);
  const told = hooks.filter((hook) => hook.url === url);
  assert.equal(told.length, 1);
  const header = told[0]!.headers["stripe-signature"]!;
  client.webhooks.constructEvent(told[0]!.body, header, endpoint.secret!, 300, undefined, clock.now());
  assert.equal((await client.webhookEndpoints.del(endpoint.id)).deleted, true);
});

const examples = publishedExamples();
const skip = examples === undefined ? "Stripe's published examples are not beside the project" : false;

test("every kind of object has the fields and types of Stripe's published example", { skip }, async () => {
  const price = await monthlyPrice();
  const customer = await client.customers.create({
    address: { line1: "1" },
    shipping: { name: "A", address: { line1: "1" } },
  });
  const paid = await client.paymentIntents.create({
    amount: 500,
    currency: "usd",
    payment_method: "pm_card_visa",
    confirm: true,
  });
  const refund = await client.refunds.create({ payment_intent: paid.id });
  const invoice = await client.invoices.finalizeInvoice((await draftOf(10)).id);
  const item = await client.invoiceItems.create({ customer: customer.id, amount: 5 });
  const subscription = await client.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    default_payment_method: "pm_card_visa",
  });
  const payments = await client.invoicePayments.list({ invoice: subscription.latest_invoice as string });
  await clock.advance(10_000);
  const events = await client.events.list();
  const gone = await client.customers.del((await client.customers.create({})).id);
  const shown: Readonly<Record<string, unknown>> = {
    customer,
    product: await client.products.retrieve(price.product as string),
    price,
    payment_intent: paid,
    charge: await client.charges.retrieve(paid.latest_charge as string, { expand: ["refunds"] }),
    refund,
    invoice,
    line_item: invoice.lines.data[0],
    invoiceitem: item,
    invoice_payment: payments.data[0],
    subscription,
    subscription_item: subscription.items.data[0],
    event: events.data[0],
    balance: await client.balance.retrieve(),
    deleted_customer: gone,
  };
  for (const [kind, object] of Object.entries(shown)) {
    assert.deepEqual(differences(kind, JSON.parse(JSON.stringify(object)), examples![kind]), [], kind);
  }
});
