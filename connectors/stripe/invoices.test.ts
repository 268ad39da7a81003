import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { invoiceItems } from "./invoice-items.ts";
import { invoices, type StripeInvoice, type StripeInvoiceFields } from "./invoices.ts";
import { setup, type Setup } from "./test-api.ts";

const write = invoices.write!;
const amounts = (invoice: StripeInvoice | undefined) => invoice?.lines.data.map(({ amount }) => amount);

function buyer({ simulator }: Setup): string {
  return String(simulator.person.post("/v1/customers", { name: "Amy" })["id"]);
}

function priced({ simulator }: Setup, unit_amount_decimal: string): string {
  const product = simulator.person.post("/v1/products", { name: "Tea" })["id"];
  return String(simulator.person.post("/v1/prices", { product, currency: "usd", unit_amount_decimal })["id"]);
}

async function draft(world: Setup, fields: Partial<StripeInvoiceFields> = {}) {
  const whole = { customer: buyer(world), lines: [{ amount: 1_990 }], ...fields };
  const written = await write.create(world.api, { idempotencyKey: "w1", fields: whole });
  return { ...written, fields: whole };
}

test("an invoice is a draft with its lines: amounts, prices, and prices made for it", async () => {
  await using world = await setup();
  const price = priced(world, "0.335");
  const product = String(world.simulator.person.post("/v1/products", { name: "Pot" })["id"]);
  const { record } = await draft(world, {
    lines: [
      { amount: -200, description: "Discount", metadata: { row: "1" } },
      { pricing: { price }, quantity: 1_000 },
      { price_data: { currency: "usd", product, unit_amount: 4_500 }, quantity: 2 },
    ],
    metadata: { order: "1001" },
  });
  assert.deepEqual(amounts(record), [-200, 335, 9_000]);
  assert.deepEqual([record?.status, record?.total, record?.number], ["draft", 9_135, null]);
  assert.deepEqual(write.fieldsOf!(record!).metadata, { order: "1001" });
  const result = await invoices.schema["~standard"].validate(record);
  assert.equal(result.issues, undefined);
});

for (const [wanted, status, remaining] of [
  ["draft", "draft", 1_990],
  ["open", "open", 1_990],
  ["paid", "paid", 0],
] as const) {
  test(`an invoice that shall be ${wanted} is ${status}, and no card was charged`, async () => {
    await using world = await setup();
    const { record } = await draft(world, { status: wanted });
    assert.deepEqual([record?.status, record?.amount_remaining], [status, remaining]);
    assert.equal(world.simulator.truth.charges.size, 0);
    assert.equal(invoices.title!(record!), wanted === "draft" ? `Draft ${record!.id}` : `Invoice ${record!.number}`);
  });
}

test("a draft goes on to open and to paid, and what is paid stays it when open is wished", async () => {
  await using world = await setup();
  const { key, fields } = await draft(world);
  for (const [number, status, reached] of [
    [1, "open", "open"],
    [2, "paid", "paid"],
    [3, "open", "paid"],
  ] as const) {
    const order = { idempotencyKey: `s${number}`, key, fields: { ...fields, status }, changed: ["status"] as const };
    assert.equal((await write.update!(world.api, order)).record?.status, reached);
  }
  const back = {
    idempotencyKey: "s4",
    key,
    fields: { ...fields, status: "draft" as const },
    changed: ["status"] as const,
  };
  assert.equal((await failure(write.update!(world.api, back))).kind, "invalid");
});

test("the lines of a draft are replaced, and those of a subscription are left alone", async () => {
  await using world = await setup();
  const { key, fields } = await draft(world, { lines: [{ amount: 100 }, { amount: 200 }] });
  const lines = [{ amount: 700, description: "New" }];
  const order = { idempotencyKey: "w2", key, fields: { ...fields, lines }, changed: ["lines"] as const };
  assert.deepEqual(amounts((await write.update!(world.api, order)).record), [700]);
  assert.deepEqual(amounts((await write.update!(world.api, order)).record), [700], "repeating it changes nothing");
  const none = { idempotencyKey: "w3", key, fields: { ...fields, lines: [] }, changed: ["lines"] as const };
  assert.equal((await write.update!(world.api, none)).record?.total, 0);
  assert.equal(world.simulator.truth.invoiceItems.size, 0);
});

for (const action of ["/add_lines", "/remove_lines"]) {
  test(`replacing lines is repeated soundly when the answer of ${action} was lost`, async () => {
    await using world = await setup();
    const { key, fields } = await draft(world, { lines: [{ amount: 100 }, { amount: 200 }] });
    const order = {
      idempotencyKey: "w2",
      key,
      fields: { ...fields, lines: [{ amount: 700 }] },
      changed: ["lines"] as const,
    };
    world.simulator.sabotage({ how: "gateway-after", path: action });
    assert.equal((await failure(write.update!(world.api, order))).kind, "unknown");
    assert.deepEqual(amounts((await write.update!(world.api, order)).record), [700]);
  });
}

test("a line that Stripe refuses leaves no empty draft behind", async () => {
  await using world = await setup();
  const fields = { customer: buyer(world), lines: [{ pricing: { price: "price_none" } }] };
  const outcome = await failure(write.create(world.api, { idempotencyKey: "w1", fields }));
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "resource_missing"]);
  assert.equal(world.simulator.truth.invoices.size, 0);
});

test("a step that is not refused for good leaves the whole unknown, so that it goes on where it was", async () => {
  for (const how of ["limited", "locked", "unavailable", "cut-before"] as const) {
    await using world = await setup();
    const order = { idempotencyKey: "w1", fields: { customer: buyer(world), lines: [{ amount: 5 }] } };
    world.simulator.sabotage({ how, path: "/add_lines", times: 2 });
    assert.equal((await failure(write.create(world.api, order))).kind, "unknown", how);
    await world.clock.advance(60_000);
    if (how !== "cut-before") await failure(write.create(world.api, order));
    await world.clock.advance(60_000);
    assert.deepEqual(amounts((await write.create(world.api, order)).record), [5]);
    assert.equal(world.simulator.truth.invoices.size, 1);
  }
});

test("a draft that could not be taken away again is not forgotten: the refusal is told when it is gone", async () => {
  await using world = await setup();
  const order = {
    idempotencyKey: "w1",
    fields: { customer: buyer(world), lines: [{ pricing: { price: "price_none" } }] },
  };
  world.simulator.sabotage({ how: "unavailable", method: "DELETE" });
  assert.equal((await failure(write.create(world.api, order))).kind, "unknown");
  assert.equal(world.simulator.truth.invoices.size, 1);
  assert.equal((await failure(write.create(world.api, order))).kind, "invalid");
  assert.equal(world.simulator.truth.invoices.size, 0);
});

test("once it is finalized only words can change; its lines cannot", async () => {
  await using world = await setup();
  const { key, fields } = await draft(world, { status: "open" });
  const words = { idempotencyKey: "w2", key, fields: { ...fields, footer: "Thanks" }, changed: ["footer"] as const };
  assert.equal((await write.update!(world.api, words)).record?.footer, "Thanks");
  const lines = {
    idempotencyKey: "w3",
    key,
    fields: { ...fields, lines: [{ amount: 1 }] },
    changed: ["lines"] as const,
  };
  const outcome = await failure(write.update!(world.api, lines));
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "invoice_not_editable"]);
  const other = { idempotencyKey: "w4", key, fields: { ...fields, customer: "cus_2" }, changed: ["customer"] as const };
  assert.match((await failure(write.update!(world.api, other))).reason ?? "", /only when it is made/);
});

test("void takes an open invoice out of the books, a draft away, and is done when it was done before", async () => {
  await using world = await setup();
  const { key } = await draft(world, { status: "open" });
  const removal = { idempotencyKey: "v1", key };
  assert.equal((await write.removals!.void(world.api, removal))?.record?.status, "void");
  const again = await write.removals!.void(world.api, { idempotencyKey: "v2", key });
  assert.equal(again?.record?.status, "void");
  const other = await write.create(world.api, { idempotencyKey: "w9", fields: { customer: buyer(world) } });
  assert.equal(await write.removals!.void(world.api, { idempotencyKey: "v3", key: other.key }), undefined);
  assert.ok(!world.simulator.truth.invoices.has(other.key));
  assert.equal(await write.removals!.void(world.api, { idempotencyKey: "v4", key: other.key }), undefined);
});

test("a paid invoice cannot be voided or deleted, and says so", async () => {
  await using world = await setup();
  const { key } = await draft(world, { status: "paid" });
  assert.equal((await failure(write.removals!.void(world.api, { idempotencyKey: "v1", key }))).kind, "invalid");
  assert.equal((await failure(write.removals!.delete(world.api, { idempotencyKey: "v2", key }))).kind, "invalid");
});

test("an open invoice can be given up for lost", async () => {
  await using world = await setup();
  const { key } = await draft(world, { status: "open" });
  const { record } = (await write.removals!.markUncollectible(world.api, { idempotencyKey: "u1", key }))!;
  assert.equal(record?.status, "uncollectible");
});

test("invoice items wait for a customer, change their quantity with their price, and go", async () => {
  await using world = await setup();
  const customer = buyer(world);
  const fields = { customer, pricing: { price: priced(world, "250") }, quantity: 2, description: "Tea" };
  const { key, record } = await invoiceItems.write!.create(world.api, { idempotencyKey: "w1", fields });
  assert.deepEqual([record?.amount, record?.invoice], [500, null]);
  const order = { idempotencyKey: "w2", key, fields: { ...fields, quantity: 3 }, changed: ["quantity"] as const };
  assert.equal((await invoiceItems.write!.update!(world.api, order)).record?.amount, 750);
  await invoiceItems.write!.removals!.delete(world.api, { idempotencyKey: "d1", key });
  assert.deepEqual(await invoiceItems.read!.records(world.api, [key]), []);
});

test("a line is sold in exactly one way", async () => {
  for (const line of [{}, { amount: 1, quantity: 2 }, { amount: 1, pricing: { price: "price_1" } }, { amount: 1.5 }]) {
    const result = await write.fields["~standard"].validate({ customer: "cus_1", lines: [line] });
    assert.ok(result.issues, JSON.stringify(line));
  }
});
