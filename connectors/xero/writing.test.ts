// Writes whose answer was lost: repeated under their key, found again after it, and never doubled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { contacts } from "./contacts.ts";
import { invoices, type XeroInvoiceFields } from "./invoices.ts";
import { payments } from "./payments.ts";
import { failure, setup, type Setup } from "./test-api.ts";
import { IDEMPOTENCY_RETENTION_MS } from "./writing.ts";

async function billFor({ api }: Setup): Promise<XeroInvoiceFields> {
  const contact = await contacts.write!.create(api, { idempotencyKey: "contact", fields: { Name: "Amy" } });
  return {
    Type: "ACCPAY",
    Contact: { ContactID: contact.key },
    InvoiceNumber: "B-1",
    Date: "2026-08-19",
    LineItems: [{ Description: "Rope", UnitAmount: "10.00", AccountCode: "400" }],
  };
}

for (const how of ["cut-after", "page-after", "truncated"] as const) {
  test(`a create that is lost (${how}) is unknown, and repeated within six minutes leaves one bill`, async () => {
    await using world = await setup();
    const order = { idempotencyKey: "k1", fields: await billFor(world) };
    world.simulator.sabotage({ how, path: "Invoices" });
    assert.equal((await failure(invoices.write!.create(world.api, order))).kind, "unknown");
    await world.clock.advance(IDEMPOTENCY_RETENTION_MS - 1);
    const written = await invoices.write!.create(world.api, order);
    assert.deepEqual([...world.simulator.truth.invoices.keys()], [written.key]);
    assert.equal(world.simulator.truth.idempotency.replays, 1);
  });
}

test("an error is remembered with its key as well: it stays unknown, and is found after that", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: await billFor(world) };
  world.simulator.sabotage({ how: "error-after", path: "Invoices" });
  assert.equal((await failure(invoices.write!.create(world.api, order))).kind, "unknown");
  assert.equal((await failure(invoices.write!.create(world.api, order))).kind, "unknown");
  await world.clock.advance(IDEMPOTENCY_RETENTION_MS);
  const found = await invoices.write!.lookup!(world.api, order);
  assert.deepEqual(
    found.map(({ key }) => key),
    [...world.simulator.truth.invoices.keys()],
  );
});

test("once its key is forgotten a bill could be made twice: the lookup tells, a sale's number forbids it", async () => {
  await using world = await setup();
  const fields = await billFor(world);
  await invoices.write!.create(world.api, { idempotencyKey: "k1", fields });
  await world.clock.advance(IDEMPOTENCY_RETENTION_MS);
  assert.equal((await invoices.write!.lookup!(world.api, { idempotencyKey: "k1", fields })).length, 1);
  await invoices.write!.create(world.api, { idempotencyKey: "k1", fields });
  assert.equal(world.simulator.truth.duplicates("Invoices", "InvoiceNumber"), 1);
  const sale = { ...fields, Type: "ACCREC" as const, InvoiceNumber: "S-1" };
  await invoices.write!.create(world.api, { idempotencyKey: "k2", fields: sale });
  await world.clock.advance(IDEMPOTENCY_RETENTION_MS);
  assert.equal(
    (await failure(invoices.write!.create(world.api, { idempotencyKey: "k2", fields: sale }))).kind,
    "conflict",
  );
});

test("a full payment cannot be made twice, whoever has forgotten it", async () => {
  await using world = await setup();
  const bill = { ...(await billFor(world)), Status: "AUTHORISED" as const, DueDate: "2026-09-01" };
  const { key } = await invoices.write!.create(world.api, { idempotencyKey: "k1", fields: bill });
  const fields = { Invoice: { InvoiceID: key }, Account: { Code: "090" }, Date: "2026-08-20", Amount: "11.50" };
  await payments.write!.create(world.api, { idempotencyKey: "k2", fields });
  await world.clock.advance(IDEMPOTENCY_RETENTION_MS);
  assert.equal((await failure(payments.write!.create(world.api, { idempotencyKey: "k2", fields }))).kind, "invalid");
  assert.equal(world.simulator.truth.payments.size, 1);
});

test("an update that is repeated after its lines were changed by somebody else is another request, and is done", async () => {
  await using world = await setup();
  const fields = await billFor(world);
  const { key } = await invoices.write!.create(world.api, { idempotencyKey: "k1", fields });
  const LineItems = [{ Description: "Knot", UnitAmount: "5.00", AccountCode: "400" }];
  const order = { idempotencyKey: "k2", key, fields: { ...fields, LineItems }, changed: ["LineItems"] as const };
  world.simulator.sabotage({ how: "cut-after", method: "POST" });
  assert.equal((await failure(invoices.write!.update!(world.api, order))).kind, "unknown");
  const others = [{ Description: "Sail", UnitAmount: "7.00", AccountCode: "400" }];
  world.simulator.person.update("Invoices", key, { LineItems: others });
  const { record } = await invoices.write!.update!(world.api, order);
  assert.deepEqual(invoices.write!.fieldsOf!(record!).LineItems?.[0]?.Description, "Knot");
  assert.equal(world.simulator.truth.idempotency.mismatches, 0);
});

test("a late answer to a request that was given up makes no second contact", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { Name: "Amy" } };
  world.simulator.sabotage({ how: "late", method: "PUT", lateMs: 90_000 });
  const first = contacts.write!.create(world.api, order);
  while (world.clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
  const { key } = await contacts.write!.create(world.api, order);
  await world.clock.advance(90_000);
  assert.equal((await first).key, key);
  assert.equal(world.simulator.truth.contacts.size, 1);
});
