import assert from "node:assert/strict";
import { test } from "node:test";
import { creditMemos } from "./credit-memos.ts";
import { items } from "./items.ts";
import { refundReceipts } from "./refund-receipts.ts";
import type { SalesFields } from "./sales.ts";
import { failure, setup, type Setup } from "./test-api.ts";

function sale(world: Setup): SalesFields {
  const buyer = world.simulator.person.create("Customer", { DisplayName: "Amy" });
  return {
    CustomerRef: { value: String(buyer["Id"]) },
    DocNumber: "R-1",
    CustomerMemo: { value: "sorry" },
    CustomField: [{ DefinitionId: "1", StringValue: "order 7" }],
    Line: [
      {
        DetailType: "SalesItemLineDetail",
        Amount: "12.00",
        SalesItemLineDetail: { ItemRef: { value: "SHIPPING_ITEM_ID" }, TaxCodeRef: { value: "TAX" } },
      },
      { DetailType: "DescriptionOnly", Description: "came broken" },
    ],
  };
}

test("a credit memo is made, read back as it was sent, found again and deleted", async () => {
  await using world = await setup({ settings: { salesTax: "manual" } });
  const { write, read } = creditMemos;
  const fields = sale(world);
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [key]);
  const shown = write!.fieldsOf!(record!);
  assert.deepEqual({ ...shown, ...fields }, shown);
  assert.equal(record?.RemainingCredit, "12.00");
  assert.equal((await write!.lookup!(world.api, { idempotencyKey: "k1", fields }))[0]?.key, key);
  await write!.removals!.delete(world.api, { idempotencyKey: "k2", key });
  assert.equal(world.simulator.truth.creditMemos.size, 0);
});

test("a refund receipt says where the money leaves from", async () => {
  await using world = await setup();
  const { write, read } = refundReceipts;
  const fields = { ...sale(world), DepositToAccountRef: { value: "35" } };
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [key]);
  const shown = write!.fieldsOf!(record!);
  assert.deepEqual({ ...shown, ...fields }, shown);
  assert.ok(!(await refundReceipts.schema["~standard"].validate(record)).issues);
});

test("the fields' schema leaves a line without the tax code that means none, as a record shows it", async () => {
  const line = {
    DetailType: "SalesItemLineDetail",
    Amount: "1",
    SalesItemLineDetail: { ItemRef: { value: "1" }, Qty: "1.0", TaxCodeRef: { value: "NON" } },
  };
  const given = { CustomerRef: { value: "1" }, Line: [line] };
  const result = await creditMemos.write!.fields["~standard"].validate(given);
  assert.deepEqual("value" in result && result.value.Line, [
    { DetailType: "SalesItemLineDetail", Amount: "1.00", SalesItemLineDetail: { ItemRef: { value: "1" }, Qty: "1" } },
  ]);
});

test("a misspelled field and a number that is none do not fit", async () => {
  for (const wrong of [{ DocNmber: "1" }, { Deposit: "1,50" }, { CustomerRef: { value: "1", name: "Amy" } }]) {
    const given = {
      CustomerRef: { value: "1" },
      Line: [{ DetailType: "DescriptionOnly", Description: "a" }],
      ...wrong,
    };
    const { issues } = await refundReceipts.write!.fields["~standard"].validate({
      ...given,
      DepositToAccountRef: { value: "35" },
    });
    assert.ok(issues, JSON.stringify(wrong));
  }
});

test("an item is made, priced to the cent, found by its name, and switched off", async () => {
  await using world = await setup();
  const { write, read } = items;
  const fields = {
    Name: "Rope, 10' \\ blue",
    Type: "NonInventory" as const,
    UnitPrice: "19.90",
    IncomeAccountRef: { value: "79" },
  };
  const { key, version } = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [key]);
  const shown = write!.fieldsOf!(record!);
  assert.deepEqual({ ...shown, ...fields }, shown);
  const outcome = await failure(write!.create(world.api, { idempotencyKey: "k2", fields }));
  assert.equal(outcome.code, "6240");
  assert.equal((await write!.lookup!(world.api, { idempotencyKey: "k2", fields }))[0]?.key, key);
  const off = await write!.removals!.deactivate(world.api, { idempotencyKey: "k3", key, version: version! });
  assert.equal(off?.record?.Active, false);
});
