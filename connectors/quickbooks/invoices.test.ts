import assert from "node:assert/strict";
import { test } from "node:test";
import type { Api } from "../../src/define/connector.ts";
import { customers } from "./customers.ts";
import { invoices, type QuickBooksInvoiceFields } from "./invoices.ts";
import { items } from "./items.ts";
import { failure, setup } from "./test-api.ts";

const { write, read } = invoices;

async function fieldsFor(api: Api): Promise<QuickBooksInvoiceFields> {
  const customer = await customers.write!.create(api, { idempotencyKey: "c1", fields: { DisplayName: "Amy" } });
  const income = { IncomeAccountRef: { value: "79" } };
  const item = await items.write!.create(api, {
    idempotencyKey: "i1",
    fields: { Name: "Knot", Type: "NonInventory", ...income },
  });
  const ItemRef = { value: item.key };
  return {
    CustomerRef: { value: customer.key },
    DocNumber: "#1001",
    TxnDate: "2026-08-19",
    Line: [
      {
        DetailType: "SalesItemLineDetail",
        Amount: "59.70",
        Description: "Rope",
        SalesItemLineDetail: { ItemRef, UnitPrice: "19.90", Qty: "3" },
      },
      { DetailType: "DiscountLineDetail", Amount: "0.10", DiscountLineDetail: { PercentBased: false } },
    ],
    TxnTaxDetail: { TotalTax: "0.30" },
  };
}

test("an invoice reads back as the fields that were sent, without what QuickBooks adds", async () => {
  await using world = await setup({ settings: { salesTax: "manual" } });
  const fields = await fieldsFor(world.api);
  const written = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [written.key]);
  assert.ok(record !== undefined && record.Line.some((line) => line.DetailType === "SubTotalLineDetail"));
  const shown = write!.fieldsOf!(record);
  assert.deepEqual({ ...shown, ...fields }, shown);
  assert.equal(record.TotalAmt, "59.90");
  assert.ok(!(await invoices.schema["~standard"].validate(record)).issues);
  assert.equal(world.simulator.truth.invoices.get(written.key)?.["Balance"], "59.90");
});

test("money leaves as a number with exactly its digits", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world.api);
  const [line] = fields.Line;
  const big = { ...line!, Amount: "12345678901234.10", SalesItemLineDetail: { ItemRef: { value: "1" } } };
  const written = await write!.create(world.api, {
    idempotencyKey: "k1",
    fields: { ...fields, Line: [big] as QuickBooksInvoiceFields["Line"], TxnTaxDetail: { TotalTax: "0.00" } },
  });
  const { body } = world.sent.at(-1)!;
  assert.match(typeof body === "string" ? body : "", /"Amount":12345678901234\.1[,}]/);
  assert.equal(written.record?.TotalAmt, "12345678901234.10");
});

test("lines that do not multiply to their amount are invalid, with QuickBooks' own words", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world.api);
  const wrong = { ...fields.Line[0]!, Amount: "59.71" } as QuickBooksInvoiceFields["Line"][number];
  const outcome = await failure(
    write!.create(world.api, { idempotencyKey: "k1", fields: { ...fields, Line: [wrong] } }),
  );
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "6070"]);
  assert.match(outcome.reason ?? "", /UnitPrice \* Qty/);
});

test("a customer who is not there makes a new invoice invalid, not missing", async () => {
  await using world = await setup();
  const fields = { ...(await fieldsFor(world.api)), CustomerRef: { value: "999" } };
  assert.equal((await failure(write!.create(world.api, { idempotencyKey: "k1", fields }))).kind, "invalid");
});

test("an invoice whose customer was switched off is invalid to write, one that is gone is missing", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world.api);
  const written = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const other = world.simulator.person.create("Customer", { DisplayName: "Bob" });
  world.simulator.person.deactivate("Customer", String(other["Id"]));
  const order = {
    key: written.key,
    version: written.version!,
    fields: { ...fields, CustomerRef: { value: String(other["Id"]) } },
    changed: ["CustomerRef"] as const,
  };
  assert.equal((await failure(write!.update!(world.api, { ...order, idempotencyKey: "k2" }))).kind, "invalid");
  world.simulator.person.delete("Invoice", written.key);
  assert.equal((await failure(write!.update!(world.api, { ...order, idempotencyKey: "k3" }))).kind, "missing");
});

test("a lost answer is unknown; the same order again gives the first answer", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: await fieldsFor(world.api) };
  for (const how of ["cut-after", "fault-after", "html-after", "truncated"] as const) {
    world.simulator.sabotage({ how, path: "invoice" });
    assert.equal((await failure(write!.create(world.api, order))).kind, "unknown", how);
  }
  await write!.create(world.api, order);
  assert.equal(world.simulator.truth.invoices.size, 1);
});

test("once nobody remembers the request, the invoice is found by its number, or by customer, date and amounts", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world.api);
  const written = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const found = await write!.lookup!(world.api, { idempotencyKey: "k1", fields });
  assert.deepEqual(
    found.map(({ key, version }) => [key, version]),
    [[written.key, written.version]],
  );
  const { DocNumber: _number, ...numberless } = fields;
  assert.equal((await write!.lookup!(world.api, { idempotencyKey: "k1", fields: numberless })).length, 1);
  const otherDay = { ...numberless, TxnDate: "2026-08-18" };
  assert.equal((await write!.lookup!(world.api, { idempotencyKey: "k1", fields: otherDay })).length, 0);
  const { TxnDate: _date, ...dateless } = numberless;
  assert.equal((await failure(write!.lookup!(world.api, { idempotencyKey: "k1", fields: dateless }))).kind, "unknown");
});

test("a voided invoice stays with nothing in it; a deleted one is gone, twice over", async () => {
  await using world = await setup();
  const fields = await fieldsFor(world.api);
  const first = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const voided = await write!.removals!.void(world.api, {
    idempotencyKey: "k2",
    key: first.key,
    version: first.version!,
  });
  assert.deepEqual([voided?.record?.TotalAmt, voided?.record?.PrivateNote], ["0.00", "Voided"]);
  await write!.removals!.delete(world.api, { idempotencyKey: "k3", key: first.key });
  await write!.removals!.delete(world.api, { idempotencyKey: "k4", key: first.key });
  assert.deepEqual(await read!.records(world.api, [first.key]), []);
});
