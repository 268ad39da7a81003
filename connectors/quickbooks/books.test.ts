import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import { SeededRandom } from "../../src/world/virtual.ts";
import { customers } from "./customers.ts";
import { invoices, type QuickBooksInvoiceFields } from "./invoices.ts";
import { payments } from "./payments.ts";
import type { QuickBooksBody, Sabotage } from "./simulator.ts";
import { setup, type Setup } from "./test-api.ts";

const WAYS: readonly Sabotage["how"][] = [
  "cut-before",
  "cut-after",
  "fault-before",
  "fault-after",
  "html-before",
  "html-after",
  "truncated",
];
const SEEDS = [1, 2, 3];
const INVOICES = 60;

/** Repeats one order until its outcome is known; counts how often it was not. */
async function untilKnown<Answer>(order: () => Promise<Answer>): Promise<{ answer: Answer; unknown: number }> {
  for (let unknown = 0; ; unknown += 1) {
    try {
      return { answer: await order(), unknown };
    } catch (error) {
      if (!(error instanceof CallFailed) || error.outcome.kind !== "unknown") throw error;
    }
  }
}

function saleOf(customer: string, number: number): QuickBooksInvoiceFields {
  const detail = { ItemRef: { value: "SHIPPING_ITEM_ID" }, UnitPrice: "0.10", Qty: String(number + 1) };
  const cents = (number + 1) * 10;
  const Amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
  return {
    CustomerRef: { value: customer },
    DocNumber: `N-${number}`,
    Line: [{ DetailType: "SalesItemLineDetail", Amount, SalesItemLineDetail: detail }],
  };
}

const cents = (body: QuickBooksBody | undefined, field: string): bigint =>
  BigInt(String(body?.[field]).replace(".", ""));

/** What a customer owes is the sum of what is open, less what was paid on account. */
function checkBalances({ simulator: { truth } }: Setup): void {
  for (const [id, customer] of truth.customers) {
    const isOf = (body: QuickBooksBody): boolean => (body["CustomerRef"] as { value: string }).value === id;
    let owed = 0n;
    for (const invoice of truth.invoices.values()) if (isOf(invoice)) owed += cents(invoice, "Balance");
    for (const payment of truth.payments.values()) if (isOf(payment)) owed -= cents(payment, "UnappliedAmt");
    assert.equal(cents(customer, "Balance"), owed);
  }
}

for (const seed of SEEDS) {
  test(`each invoice and payment is in the books once, however badly the calls went (seed ${seed})`, async () => {
    await using world = await setup();
    const random = new SeededRandom(seed);
    const amy = await customers.write!.create(world.api, { idempotencyKey: "c", fields: { DisplayName: "Amy" } });
    let unknown = 0;
    for (let number = 0; number < INVOICES; number += 1) {
      const how = WAYS[Math.floor(random.next() * WAYS.length)]!;
      world.simulator.sabotage({ how, method: "POST", times: 1 + Math.floor(random.next() * 3) });
      const fields = saleOf(amy.key, number);
      const sale = await untilKnown(() => invoices.write!.create(world.api, { idempotencyKey: `i${number}`, fields }));
      const Line = [
        { Amount: fields.Line[0]!.Amount!, LinkedTxn: [{ TxnId: sale.answer.key, TxnType: "Invoice" as const }] },
      ];
      const paid = await untilKnown(() =>
        payments.write!.create(world.api, {
          idempotencyKey: `p${number}`,
          fields: { CustomerRef: { value: amy.key }, TotalAmt: "100.00", Line },
        }),
      );
      if (random.next() < 0.3) {
        const removal = { idempotencyKey: `d${number}`, key: paid.answer.key, version: paid.answer.version! };
        await untilKnown(() => payments.write!.removals!.delete(world.api, removal));
      }
      unknown += sale.unknown + paid.unknown;
      checkBalances(world);
    }
    const { truth } = world.simulator;
    assert.equal(truth.invoices.size, INVOICES);
    assert.equal(truth.created.Payment, INVOICES);
    assert.equal(truth.duplicates("Invoice", "DocNumber"), 0);
    assert.ok(unknown > INVOICES / 2 && truth.replays > INVOICES / 4, "the calls must really have gone badly");
  });
}
