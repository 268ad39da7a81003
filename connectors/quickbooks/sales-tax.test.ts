// What becomes of the tax of a sale, in each kind of company.
import assert from "node:assert/strict";
import { test } from "node:test";
import { customers } from "./customers.ts";
import { invoices, type QuickBooksInvoice, type QuickBooksInvoiceFields } from "./invoices.ts";
import { items } from "./items.ts";
import type { QuickBooksSimulatorSettings } from "./simulator.ts";
import { failure, setup, type Setup } from "./test-api.ts";

type Sent = Pick<QuickBooksInvoiceFields, "TxnTaxDetail" | "GlobalTaxCalculation"> & {
  /** The tax code of the one line of 50.00, or no code. */
  readonly code?: string;
  /** Another line, of this amount. */
  readonly taxLine?: string;
};

const US = ["automated", "manual", "off"] as const;

async function company(settings: Partial<QuickBooksSimulatorSettings>): Promise<Setup> {
  return setup({ settings });
}

async function invoice(world: Setup, sent: Sent): Promise<QuickBooksInvoice> {
  const { code, taxLine, ...rest } = sent;
  const customer = await customers.write!.create(world.api, {
    idempotencyKey: "c1",
    fields: { DisplayName: "Amy" },
  });
  const item = await items.write!.create(world.api, {
    idempotencyKey: "i1",
    fields: { Name: "Knot", Type: "Service", IncomeAccountRef: { value: "1" } },
  });
  const line = (Amount: string, TaxCodeRef?: { readonly value: string }) => ({
    DetailType: "SalesItemLineDetail" as const,
    Amount,
    SalesItemLineDetail: { ItemRef: { value: item.key }, ...(TaxCodeRef === undefined ? {} : { TaxCodeRef }) },
  });
  const written = await invoices.write!.create(world.api, {
    idempotencyKey: "k1",
    fields: {
      CustomerRef: { value: customer.key },
      DocNumber: "#1",
      Line: [
        line("50.00", code === undefined ? undefined : { value: code }),
        ...(taxLine === undefined ? [] : [line(taxLine, code === undefined ? undefined : { value: code })]),
      ],
      ...rest,
    },
  });
  const [record] = await invoices.read!.records(world.api, [written.key]);
  assert.ok(record !== undefined);
  return record;
}

const total = async (settings: Partial<QuickBooksSimulatorSettings>, sent: Sent): Promise<string> => {
  await using world = await company(settings);
  return (await invoice(world, sent)).TotalAmt;
};

test("automated sales tax reckons the tax of taxable lines itself, and leaves a sum that is sent aside", async () => {
  const sum = { TxnTaxDetail: { TotalTax: "9.00" } };
  assert.equal(await total({}, sum), "50.00");
  assert.equal(await total({}, { ...sum, code: "NON" }), "50.00");
  assert.equal(await total({}, { ...sum, code: "TAX" }), "54.13");
  assert.equal(await total({ taxPercent: "10" }, { code: "TAX" }), "55.00");
});

test("where an explicit sum counts with automated sales tax, it does so alone or beside a tax code", async () => {
  const sum = { TxnTaxDetail: { TotalTax: "9.00" }, code: "TAX" };
  const coded = { ...sum, TxnTaxDetail: { TotalTax: "9.00", TxnTaxCodeRef: { value: "3" } } };
  assert.equal(await total({ explicitTax: "taken" }, sum), "59.00");
  assert.equal(await total({ explicitTax: "with-code" }, sum), "54.13");
  assert.equal(await total({ explicitTax: "with-code" }, coded), "59.00");
  await using world = await company({ explicitTax: "with-code" });
  // The engine puts its own code in the place of the one that was sent.
  assert.equal((await invoice(world, coded)).TxnTaxDetail?.TxnTaxCodeRef?.value, "2");
});

test("without automated sales tax a sum is taken as it is sent; without sales tax none is stored", async () => {
  const sum = { TxnTaxDetail: { TotalTax: "9.00" } };
  assert.equal(await total({ salesTax: "manual" }, sum), "59.00");
  await using world = await company({ salesTax: "off" });
  const { TotalAmt, TxnTaxDetail } = await invoice(world, sum);
  assert.deepEqual([TotalAmt, TxnTaxDetail], ["50.00", undefined]);
});

test("a tax that goes as a line of its own comes to the same total in every company of the US", async () => {
  for (const salesTax of US) {
    for (const explicitTax of ["taken", "with-code", "ignored"] as const) {
      assert.equal(await total({ salesTax, explicitTax }, { taxLine: "4.13" }), "54.13", `${salesTax}, ${explicitTax}`);
    }
  }
});

test("outside the US each line needs one of the company's tax codes, by its id, and the tax follows from them", async () => {
  const abroad = { salesTax: "by-line" } as const;
  for (const sent of [{}, { code: "NON" }, { code: "20.0% S" }, { TxnTaxDetail: { TotalTax: "10.00" } }]) {
    await using world = await company(abroad);
    const outcome = await failure(invoice(world, sent));
    assert.deepEqual([outcome.kind, outcome.code], ["invalid", "6000"], JSON.stringify(sent));
    assert.match(outcome.reason ?? "", /Make sure all your transactions have a VAT rate before you save/);
  }
  assert.equal(await total(abroad, { code: "6", GlobalTaxCalculation: "TaxExcluded" }), "60.00");
  assert.equal(await total(abroad, { code: "6", TxnTaxDetail: { TotalTax: "1.00" } }), "60.00");
  assert.equal(await total(abroad, { code: "4" }), "50.00");
  assert.equal(await total(abroad, { code: "6", GlobalTaxCalculation: "NotApplicable" }), "50.00");
});
