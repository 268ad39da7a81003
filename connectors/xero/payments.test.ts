import assert from "node:assert/strict";
import { test } from "node:test";
import { payments, type XeroPaymentFields } from "./payments.ts";
import { failure, setup, type Setup } from "./test-api.ts";

const write = payments.write!;

function invoiceIn({ simulator }: Setup, UnitAmount = "100.00"): string {
  const invoice = simulator.person.create("Invoices", {
    Type: "ACCREC",
    Contact: { Name: "Amy" },
    Status: "AUTHORISED",
    DueDate: "2026-09-01",
    LineItems: [{ Description: "Rope", UnitAmount, AccountCode: "200", TaxType: "NONE" }],
  });
  return String(invoice["InvoiceID"]);
}

const fieldsFor = (InvoiceID: string, Amount = "40.00"): XeroPaymentFields => ({
  Invoice: { InvoiceID },
  Account: { Code: "090" },
  Date: "2026-08-20",
  Amount,
  Reference: "card 4242",
});

test("a payment reads back as the fields that were sent, and settles its invoice", async () => {
  await using world = await setup();
  const id = invoiceIn(world);
  const fields = fieldsFor(id);
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await payments.read!.records(world.api, [key]);
  assert.ok(record !== undefined && !(await payments.schema["~standard"].validate(record)).issues);
  assert.deepEqual(write.fieldsOf!(record), { ...fields, CurrencyRate: "1", IsReconciled: false });
  assert.equal(world.simulator.truth.invoices.get(id)?.body["AmountDue"], "60");
});

test("more than what is owed, a draft and another's account are invalid", async () => {
  await using world = await setup();
  const id = invoiceIn(world);
  const wrong = [
    fieldsFor(id, "100.01"),
    fieldsFor("00000000-0000-4000-8000-000000000000"),
    { ...fieldsFor(id), Account: { Code: "400" } },
  ];
  for (const [index, fields] of wrong.entries()) {
    const order = { idempotencyKey: `k${index}`, fields };
    assert.equal((await failure(write.create(world.api, order))).kind, "invalid");
  }
  assert.equal(world.simulator.truth.payments.size, 0);
});

test("a deleted payment is gone, twice over, and its invoice is owed again", async () => {
  await using world = await setup();
  const id = invoiceIn(world);
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields: fieldsFor(id, "100.00") });
  assert.equal(world.simulator.truth.invoices.get(id)?.body["Status"], "PAID");
  await write.removals!.delete(world.api, { idempotencyKey: "k2", key });
  await write.removals!.delete(world.api, { idempotencyKey: "k3", key });
  assert.equal(world.simulator.truth.invoices.get(id)?.body["Status"], "AUTHORISED");
  assert.deepEqual(await payments.read!.records(world.api, [key]), []);
  const told = await payments.changes!.page(world.api, { since: world.clock.now() - 1_000 });
  assert.deepEqual([told.records, told.deleted], [[], [key]]);
});

test("a payment is found by its invoice, day, amount and reference, while it counts", async () => {
  await using world = await setup();
  const fields = fieldsFor(invoiceIn(world));
  const first = await write.create(world.api, { idempotencyKey: "k1", fields });
  await write.create(world.api, { idempotencyKey: "k2", fields: { ...fields, Reference: "other" } });
  const keys = async (given: XeroPaymentFields): Promise<string[]> =>
    (await write.lookup!(world.api, { idempotencyKey: "x", fields: given })).map(({ key }) => key);
  assert.deepEqual(await keys(fields), [first.key]);
  assert.deepEqual(await keys({ ...fields, Amount: "41.00" }), []);
  world.simulator.person.deletePayment(first.key);
  assert.deepEqual(await keys(fields), []);
});

test("many payments are read in one call", async () => {
  await using world = await setup();
  const id = invoiceIn(world);
  const ids = Array.from({ length: 25 }, () => {
    const payment = world.simulator.person.create("Payments", { ...fieldsFor(id, "1.00") });
    return String(payment["PaymentID"]);
  });
  assert.equal((await payments.read!.records(world.api, ids)).length, 25);
  assert.equal(world.api.sent.length, 1);
  assert.equal(payments.read!.keysMax, 25);
});
