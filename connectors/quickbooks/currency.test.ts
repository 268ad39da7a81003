// An invoice is in its customer's currency.
import assert from "node:assert/strict";
import { test } from "node:test";
import { customers } from "./customers.ts";
import { invoices } from "./invoices.ts";
import { failure, setup, type Setup } from "./test-api.ts";

interface Currencies {
  readonly customer?: string;
  readonly invoice?: string;
}

const currencyRef = (value: string | undefined) => (value === undefined ? {} : { CurrencyRef: { value } });

async function invoiceIn(world: Setup, currencies: Currencies): Promise<string | undefined> {
  const item = world.simulator.person.create("Item", { Name: "Knot", IncomeAccountRef: { value: "1" } });
  const customer = await customers.write!.create(world.api, {
    idempotencyKey: "c1",
    fields: { DisplayName: "Amy", ...currencyRef(currencies.customer) },
  });
  const ItemRef = { value: String(item["Id"]) };
  const { record } = await invoices.write!.create(world.api, {
    idempotencyKey: "k1",
    fields: {
      CustomerRef: { value: customer.key },
      DocNumber: "#1",
      Line: [{ DetailType: "SalesItemLineDetail", Amount: "50.00", SalesItemLineDetail: { ItemRef } }],
      ...currencyRef(currencies.invoice),
    },
  });
  return record?.CurrencyRef?.value;
}

for (const [what, currencies] of [
  ["of another currency than the company's, for a customer who has the company's,", { invoice: "EUR" }],
  ["without a currency, for a customer who has a foreign one,", { customer: "EUR" }],
  ["of another foreign currency than its customer's", { customer: "EUR", invoice: "GBP" }],
] as const) {
  test(`an invoice ${what} is invalid, with QuickBooks' own words`, async () => {
    await using world = await setup();
    const outcome = await failure(invoiceIn(world, currencies));
    assert.deepEqual([outcome.kind, outcome.code], ["invalid", "6000"]);
    assert.match(outcome.reason ?? "", /You can only use one foreign currency per transaction/);
    assert.equal(world.simulator.truth.invoices.size, 0);
  });
}

test("an invoice in its customer's currency is taken; without any both are in the company's", async () => {
  for (const [currencies, expected] of [
    [{ customer: "EUR", invoice: "EUR" }, "EUR"],
    [{ invoice: "USD" }, "USD"],
    [{}, "USD"],
  ] as const) {
    await using world = await setup();
    assert.equal(await invoiceIn(world, currencies), expected);
  }
});
