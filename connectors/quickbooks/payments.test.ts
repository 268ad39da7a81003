import assert from "node:assert/strict";
import { test } from "node:test";
import { payments, type QuickBooksPaymentFields } from "./payments.ts";
import { failure, setup, type Setup } from "./test-api.ts";

const { write, read } = payments;

/** A customer who owes 30.00 on one invoice. */
function owing(world: Setup): { fields: QuickBooksPaymentFields; invoice: string } {
  const { person } = world.simulator;
  const CustomerRef = { value: String(person.create("Customer", { DisplayName: "Amy" })["Id"]) };
  const line = {
    Amount: "30",
    DetailType: "SalesItemLineDetail",
    SalesItemLineDetail: { ItemRef: { value: "SHIPPING_ITEM_ID" } },
  };
  const invoice = String(person.create("Invoice", { CustomerRef, Line: [line] })["Id"]);
  const Line: QuickBooksPaymentFields["Line"] = [
    { Amount: "30.00", LinkedTxn: [{ TxnId: invoice, TxnType: "Invoice" }] },
  ];
  return { fields: { CustomerRef, TotalAmt: "30.00", TxnDate: "2026-08-19", PaymentRefNum: "ch_1", Line }, invoice };
}

const balance = (world: Setup, id: string): unknown => world.simulator.truth.invoices.get(id)?.["Balance"];

test("a payment settles its invoice and reads back as it was sent", async () => {
  await using world = await setup();
  const { fields, invoice } = owing(world);
  const written = await write!.create(world.api, { idempotencyKey: "k1", fields });
  assert.equal(balance(world, invoice), "0.00");
  const [record] = await read!.records(world.api, [written.key]);
  const shown = write!.fieldsOf!(record!);
  assert.deepEqual({ ...shown, ...fields }, shown);
  assert.ok(!(await payments.schema["~standard"].validate(record)).issues);
});

test("a payment that is voided or deleted gives the invoice its balance back", async () => {
  await using world = await setup();
  const { fields, invoice } = owing(world);
  const first = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const voided = await write!.removals!.void(world.api, {
    idempotencyKey: "k2",
    key: first.key,
    version: first.version!,
  });
  assert.deepEqual([voided?.record?.TotalAmt, balance(world, invoice)], ["0.00", "30.00"]);
  const second = await write!.create(world.api, { idempotencyKey: "k3", fields });
  await write!.removals!.delete(world.api, { idempotencyKey: "k4", key: second.key });
  assert.equal(balance(world, invoice), "30.00");
});

test("a payment of more than is owed is invalid and leaves the books as they were", async () => {
  await using world = await setup();
  const { fields, invoice } = owing(world);
  const [line] = fields.Line!;
  const more = { ...fields, TotalAmt: "30.01", Line: [{ ...line!, Amount: "30.01" }] };
  assert.equal((await failure(write!.create(world.api, { idempotencyKey: "k1", fields: more }))).kind, "invalid");
  assert.deepEqual([balance(world, invoice), world.simulator.truth.payments.size], ["30.00", 0]);
});

test("a payment is found again by its reference, or by date and amount; with neither nobody can tell", async () => {
  await using world = await setup();
  const { fields } = owing(world);
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const look = (given: QuickBooksPaymentFields) => write!.lookup!(world.api, { idempotencyKey: "k1", fields: given });
  assert.deepEqual(
    (await look(fields)).map((one) => one.key),
    [key],
  );
  assert.deepEqual(await look({ ...fields, PaymentRefNum: "ch_2" }), []);
  const { PaymentRefNum: _reference, TxnDate: _date, ...nameless } = fields;
  assert.equal((await failure(look(nameless))).kind, "unknown");
});
