// Arithmetic with amounts of money, which are decimal text and never floating point.
import Big from "big.js";
import type { OrderRecord } from "../../connectors/shopify/order-record.ts";

/** "19.90" × 3 is "59.70". */
export function times(amount: string, quantity: number): string {
  return new Big(amount).times(quantity).toFixed(2);
}

/** The amount, or null when it is nothing at all: "0", "0.0", "0.00". */
export function something(amount: string | undefined): string | null {
  return amount === undefined || new Big(amount).eq(0) ? null : amount;
}

/**
 * The order's tax, if its invoice comes to what the order came to. Prices with tax in them, duties and fees would make wrong
 * books: such an order waits for a person.
 */
export function taxThatBalances(order: OrderRecord): string {
  const tax = order.totalTaxSet?.shopMoney.amount ?? "0";
  const lines = order.lineItems.map((line) => times(line.originalUnitPriceSet.shopMoney.amount, line.quantity));
  const invoice = [...lines, order.totalShippingPriceSet.shopMoney.amount, tax]
    .reduce((sum, amount) => sum.plus(amount), new Big(0))
    .minus(order.totalDiscountsSet?.shopMoney.amount ?? "0");
  const came = new Big(order.totalPriceSet.shopMoney.amount);
  if (!invoice.eq(came)) {
    const why = order.taxesIncluded ? "its prices include tax" : "it has duties, fees or other amounts of its own";
    throw new Error(`the invoice would come to ${invoice.toFixed(2)}, the order to ${came.toFixed(2)}: ${why}`);
  }
  return new Big(tax).toFixed(2);
}
