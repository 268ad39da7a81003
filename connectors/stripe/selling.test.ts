import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { charges } from "./charges.ts";
import { paymentIntents } from "./payment-intents.ts";
import { prices } from "./prices.ts";
import { products } from "./products.ts";
import { refunds } from "./refunds.ts";
import { itemsToSend } from "./subscription-steps.ts";
import { subscriptions } from "./subscriptions.ts";
import { setup, type Setup } from "./test-api.ts";

async function priceOf(world: Setup, key: string, unit_amount = 900): Promise<string> {
  const product = await products.write!.create(world.api, {
    idempotencyKey: `p${key}`,
    fields: { name: `Tea ${key}` },
  });
  const recurring = { interval: "month" as const };
  const fields = { product: product.key, currency: "usd", unit_amount, recurring, lookup_key: key };
  return (await prices.write!.create(world.api, { idempotencyKey: `r${key}`, fields })).key;
}

function buyer({ simulator }: Setup): string {
  return String(simulator.person.post("/v1/customers", { name: "Amy" })["id"]);
}

test("a price keeps its amount for good; its words and whether it is used may change", async () => {
  await using world = await setup();
  const key = await priceOf(world, "tea");
  const fields = { product: "p", currency: "usd", unit_amount: 901, nickname: "Monthly" };
  const renamed = { idempotencyKey: "w1", key, fields, changed: ["nickname"] as const };
  assert.equal((await prices.write!.update!(world.api, renamed)).record?.nickname, "Monthly");
  const dearer = await failure(prices.write!.update!(world.api, { ...renamed, changed: ["unit_amount"] }));
  assert.deepEqual([dearer.kind, /unit_amount/.test(dearer.reason ?? "")], ["invalid", true]);
  const archived = await prices.write!.removals!.archive(world.api, { idempotencyKey: "a1", key });
  assert.equal(archived?.record?.active, false);
});

test("a lookup key that is taken is a conflict, its price is found by it, and it may be handed over", async () => {
  await using world = await setup();
  const first = await priceOf(world, "tea");
  const product = String(world.simulator.person.post("/v1/products", { name: "Other" })["id"]);
  const fields = { product, currency: "usd", unit_amount: 1_000, lookup_key: "tea" };
  const order = { idempotencyKey: "w1", fields };
  assert.equal((await failure(prices.write!.create(world.api, order))).kind, "conflict");
  assert.deepEqual(
    (await prices.write!.lookup!(world.api, order)).map(({ key }) => key),
    [first],
  );
  const taking = { idempotencyKey: "w2", fields: { ...fields, transfer_lookup_key: true } };
  const { key, record } = await prices.write!.create(world.api, taking);
  assert.equal(record?.lookup_key, "tea");
  assert.deepEqual(
    (await prices.write!.lookup!(world.api, order)).map((found) => found.key),
    [key],
  );
});

test("decimals of a minor unit stay text, and a price shows as it was written", async () => {
  await using world = await setup();
  const product = String(world.simulator.person.post("/v1/products", { name: "Call" })["id"]);
  const fields = {
    product,
    currency: "usd",
    unit_amount_decimal: "0.335",
    active: true,
    tax_behavior: "unspecified" as const,
  };
  const { record } = await prices.write!.create(world.api, { idempotencyKey: "w1", fields });
  assert.deepEqual(prices.write!.fieldsOf!(record!), fields);
});

test("a product with prices cannot be deleted, but archived", async () => {
  await using world = await setup();
  await priceOf(world, "tea");
  const [key = ""] = [...world.simulator.truth.products.keys()];
  assert.equal(
    (await failure(products.write!.removals!.delete(world.api, { idempotencyKey: "d", key }))).kind,
    "invalid",
  );
  const archived = await products.write!.removals!.archive(world.api, { idempotencyKey: "a", key });
  assert.equal(archived?.record?.active, false);
});

test("a payment intent is made, changed while it waits, confirmed or canceled", async () => {
  await using world = await setup();
  const fields = { amount: 1_099, currency: "usd", customer: buyer(world), metadata: { order: "7" } };
  const { key, record } = await paymentIntents.write!.create(world.api, { idempotencyKey: "w1", fields });
  assert.deepEqual([record?.status, record?.amount], ["requires_payment_method", 1_099]);
  assert.deepEqual(paymentIntents.write!.fieldsOf!(record!), fields);
  const order = { idempotencyKey: "w2", key, fields: { ...fields, amount: 1_200 }, changed: ["amount"] as const };
  assert.equal((await paymentIntents.write!.update!(world.api, order)).record?.amount, 1_200);
  const removal = { idempotencyKey: "c1", key };
  assert.equal((await paymentIntents.write!.removals!.cancel(world.api, removal))?.record?.status, "canceled");
  const again = await paymentIntents.write!.removals!.cancel(world.api, { idempotencyKey: "c2", key });
  assert.equal(again?.record?.status, "canceled");
});

test("a card that is declined is for a person, and repeating it is not tried", async () => {
  await using world = await setup();
  const fields = { amount: 1_099, currency: "usd", payment_method: "pm_card_visa_chargeDeclined", confirm: true };
  const order = { idempotencyKey: "w1", fields };
  for (let times = 0; times < 2; times += 1) {
    const outcome = await failure(paymentIntents.write!.create(world.api, order));
    assert.deepEqual([outcome.kind, outcome.code], ["invalid", "card_declined"]);
  }
  assert.equal(world.simulator.truth.charges.size, 1);
});

test("a charge is made, described and partly given back, and never more than was taken", async () => {
  await using world = await setup();
  const fields = { amount: 2_000, currency: "usd", source: "tok_visa", description: "Order 7" };
  const { key } = await charges.write!.create(world.api, { idempotencyKey: "w1", fields });
  const order = {
    idempotencyKey: "w2",
    key,
    fields: { ...fields, description: "Order 8" },
    changed: ["description"] as const,
  };
  assert.equal((await charges.write!.update!(world.api, order)).record?.description, "Order 8");
  const refund = await refunds.write!.create(world.api, { idempotencyKey: "r1", fields: { charge: key, amount: 500 } });
  const [charge] = await charges.read!.records(world.api, [key]);
  assert.deepEqual([charge?.amount_refunded, charge?.refunded], [500, false]);
  const tooMuch = { idempotencyKey: "r2", fields: { charge: key, amount: 1_501 } };
  assert.equal((await failure(refunds.write!.create(world.api, tooMuch))).kind, "invalid");
  await world.clock.advance(10_000);
  const changed = await charges.changes!.page(world.api, { since: 0 });
  assert.deepEqual(
    changed.records.map(({ id }) => id),
    [key],
  );
  const given = await refunds.changes!.page(world.api, { since: 0 });
  assert.deepEqual(
    given.records.map(({ id }) => id),
    [refund.key],
  );
});

test("a subscription begins with its first invoice, its items are matched by price, and it ends to be seen", async () => {
  await using world = await setup();
  const [tea, cup, pot] = [
    await priceOf(world, "tea"),
    await priceOf(world, "cup", 300),
    await priceOf(world, "pot", 50),
  ];
  const items = [{ price: tea, quantity: 2 }, { price: cup }];
  const fields = { customer: buyer(world), items, collection_method: "send_invoice" as const, days_until_due: 14 };
  const { key, record } = await subscriptions.write!.create(world.api, { idempotencyKey: "w1", fields });
  assert.equal(record?.status, "active");
  assert.equal(world.simulator.truth.invoices.get(record!.latest_invoice as string)?.["total"], 2_100);
  const ids = record!.items.data.map(({ id }) => id);
  const changed = {
    ...fields,
    items: [
      { price: tea, quantity: 5 },
      { price: pot, quantity: 1 },
    ],
  };
  const order = { idempotencyKey: "w2", key, fields: changed, changed: ["items"] as const };
  world.simulator.sabotage({ how: "gateway-after", method: "POST", path: `/v1/subscriptions/${key}` });
  assert.equal((await failure(subscriptions.write!.update!(world.api, order))).kind, "unknown");
  const after = (await subscriptions.write!.update!(world.api, order)).record!;
  assert.deepEqual(subscriptions.write!.fieldsOf!(after).items, changed.items);
  assert.equal(after.items.data[0]?.id, ids[0], "an item that stays keeps its id");
  const removal = { idempotencyKey: "c1", key };
  for (let times = 0; times < 2; times += 1) {
    const ended = await subscriptions.write!.removals!.cancel(world.api, removal);
    assert.equal(ended?.record?.status, "canceled");
  }
});

test("a subscription may be left to run out", async () => {
  await using world = await setup();
  const fields = { customer: buyer(world), items: [{ price: await priceOf(world, "tea") }], trial_end: 2_000_000_000 };
  const { key, record } = await subscriptions.write!.create(world.api, { idempotencyKey: "w1", fields });
  assert.equal(record?.status, "trialing");
  const ending = await subscriptions.write!.removals!.cancelAtPeriodEnd(world.api, { idempotencyKey: "c1", key });
  assert.deepEqual([ending?.record?.cancel_at_period_end, ending?.record?.cancel_at], [true, 2_000_000_000]);
});

test("only what differs is sent of a subscription's items", () => {
  const item = (id: string, price: string, quantity: number) => ({
    id,
    quantity,
    price: { id: price, currency: "usd" },
    current_period_start: 0,
    current_period_end: 1,
  });
  const there = { items: { data: [item("si_1", "a", 1), item("si_2", "b", 2)], has_more: false } };
  assert.deepEqual(itemsToSend(there, [{ price: "a", quantity: 1 }, { price: "b" }]), []);
  assert.deepEqual(
    itemsToSend(there, [
      { price: "b", quantity: 3 },
      { price: "c", quantity: 1 },
    ]),
    [
      { id: "si_2", quantity: 3 },
      { price: "c", quantity: 1 },
      { id: "si_1", deleted: true },
    ],
  );
});
