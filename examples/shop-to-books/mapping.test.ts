import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { QuickBooksInvoiceFields } from "../../connectors/quickbooks/invoices.ts";
import type { OrderRecord } from "../../connectors/shopify/order-record.ts";
import { orders } from "../../connectors/shopify/orders.ts";
import { testShop } from "../../connectors/shopify/test-shop.ts";
import { itemName } from "./names.ts";
import invoices from "./syncs/invoices.ts";

async function orderOf(change: (order: OrderRecord) => Partial<OrderRecord> = () => ({})): Promise<OrderRecord> {
  await using shop = await testShop();
  const { id } = shop.simulator.addOrder({
    lines: [{ title: "Kettle", quantity: 2, unitPrice: "60.00", taxes: [{ title: "VAT", rate: 0.2 }] }],
  });
  shop.simulator.refundOrder(id);
  const [order] = await orders.read!.records(shop.api, [id]);
  assert(order !== undefined);
  return { ...order, ...change(order) };
}

function reasons(order: OrderRecord): readonly string[] {
  const mapped = invoices.mapping.apply(order, () => undefined);
  return mapped.kind === "park" ? mapped.problems.map(({ field, reason }) => `${field}: ${reason}`) : [mapped.kind];
}

function fieldsOf(order: OrderRecord): QuickBooksInvoiceFields {
  const mapped = invoices.mapping.apply(order, () => undefined);
  assert(mapped.kind === "mapped");
  return mapped.fields as QuickBooksInvoiceFields;
}

test("the tax goes as a line of its own, to the item that is owed for it, and QuickBooks is told no other", async () => {
  const { Line, TxnTaxDetail } = fieldsOf(await orderOf());
  assert.deepEqual(Line.at(-1), {
    DetailType: "SalesItemLineDetail",
    Description: "Sales tax",
    Amount: "24.00",
    SalesItemLineDetail: { ItemRef: { value: "2" } },
  });
  assert.equal(TxnTaxDetail, undefined);
  const untaxed = await orderOf(({ totalPriceSet, subtotalPriceSet }) => ({
    totalTaxSet: null,
    totalPriceSet: { ...totalPriceSet, shopMoney: subtotalPriceSet!.shopMoney },
  }));
  assert.equal(fieldsOf(untaxed).Line.length, 1);
});

test("an order of another currency than the customers' is parked, and not sent to be refused", async () => {
  const order = await orderOf(() => ({ currencyCode: "EUR" }));
  assert.match(reasons(order).join(), /CurrencyRef: the customers in the books are in dollars/);
});

describe("an invoice comes to what the order came to, or is left to a person", () => {
  test("an order is invoiced as it was sold, whatever is refunded later", async () => {
    assert.deepEqual(reasons(await orderOf()), ["mapped"]);
  });

  test("prices with tax in them are not booked with the tax on top", async () => {
    const order = await orderOf(({ totalPriceSet, subtotalPriceSet }) => ({
      taxesIncluded: true,
      totalPriceSet: { ...totalPriceSet, shopMoney: subtotalPriceSet!.shopMoney },
    }));
    assert.match(reasons(order).join(), /Line: .*come to \d+\.\d\d, the order to \d+\.\d\d: its prices include tax/);
  });

  test("duties and fees are not lost", async () => {
    const order = await orderOf(({ totalPriceSet }) => ({
      totalPriceSet: { ...totalPriceSet, shopMoney: { ...totalPriceSet.shopMoney, amount: "1000.0" } },
    }));
    assert.match(reasons(order).join(), /the order to 1000\.00: it has duties, fees or other amounts/);
  });
});

test("items of wares with long titles have names of their own, of a hundred characters at the most", () => {
  const title = `${"A travel mug with a lid that does not leak ".repeat(4)}🫖`;
  assert.equal(itemName("Kettle: red", "7"), "Kettle  red (7)");
  const names = ["4005", "4006"].map((number) => itemName(title, number));
  assert.deepEqual(
    names.map((name) => [name.length <= 100, /\((\d+)\)$/.exec(name)?.[1]]),
    [
      [true, "4005"],
      [true, "4006"],
    ],
  );
  assert.equal(itemName(`${"x".repeat(92)}🫖`, "4005"), `${"x".repeat(92)} (4005)`);
});
