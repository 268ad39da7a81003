// Every sum of an order, from its lines, shipping, refunds and payments; called after anything of them changed.
import { allocate, bagOf, centsInBag, shareOf, taxOf, type Currencies, type SimulatedMoneyBag } from "./cents.ts";
import type { SimulatedLineItem, SimulatedOrder, SimulatedTaxLine } from "./records.ts";

/** What one line comes to, for all of its units. */
export interface LineCents {
  readonly subtotal: number;
  readonly discounts: number;
  readonly taxes: number;
}

export function lineCents(line: SimulatedLineItem): LineCents {
  const discounts = sum(line.discountAllocations.map(({ allocatedAmountSet }) => centsInBag(allocatedAmountSet)));
  return {
    subtotal: centsInBag(line.originalUnitPriceSet) * line.quantity - discounts,
    discounts,
    taxes: sum(line.taxLines.map(({ priceSet }) => centsInBag(priceSet))),
  };
}

/** Shares of a total for units `from` up to `to`, such that all units together have exactly the total. */
export function unitsShare(total: number, quantity: number, from: number, to: number): number {
  return shareOf(total, to, quantity) - shareOf(total, from, quantity);
}

/** What is left of a line's total once `removed` of its units are taken away, the first ones first. */
function remaining(total: number, { quantity, currentQuantity }: SimulatedLineItem): number {
  return total - unitsShare(total, quantity, 0, quantity - currentQuantity);
}

/** Sets the totals of a line again, after its quantity grew. Discounts stay as they were given. */
export function resetLine(line: SimulatedLineItem, currencies: Currencies): void {
  const unit = centsInBag(line.originalUnitPriceSet);
  const own = line.discountAllocations.filter(({ ofOrder }) => !ofOrder);
  const ownDiscount = sum(own.map(({ allocatedAmountSet }) => centsInBag(allocatedAmountSet)));
  const discountedTotal = unit * line.quantity - ownDiscount;
  line.originalTotalSet = bagOf(unit * line.quantity, currencies);
  line.totalDiscountSet = bagOf(ownDiscount, currencies);
  line.discountedTotalSet = bagOf(discountedTotal, currencies);
  line.discountedUnitPriceSet = bagOf(shareOf(discountedTotal, 1, line.quantity), currencies);
  const { subtotal } = lineCents({ ...line, taxLines: [] });
  line.taxLines = line.taxLines.map(({ title, rate }) => taxLine(title, rate, taxOf(subtotal, rate), currencies));
}

export function taxLine(title: string, rate: number, cents: number, currencies: Currencies): SimulatedTaxLine {
  return { title, rate, ratePercentage: Math.round(rate * 1e6) / 1e4, priceSet: bagOf(cents, currencies) };
}

export function sumUp(order: SimulatedOrder): void {
  const bag = (cents: number): SimulatedMoneyBag => bagOf(cents, order);
  const lines = order.lineItems.map((line) => ({ line, ...lineCents(line) }));
  const shipping = sum(order.shippingLines.map((line) => centsInBag(line.discountedPriceSet)));
  const shippingTaxes = sum(
    order.shippingLines.flatMap((line) => line.taxLines.map((tax) => centsInBag(tax.priceSet))),
  );
  const subtotal = sum(lines.map((line) => line.subtotal));
  const taxes = sum(lines.map((line) => line.taxes)) + shippingTaxes;
  const total = subtotal + shipping + taxes;
  order.subtotalPriceSet = bag(subtotal);
  order.totalDiscountsSet = bag(sum(lines.map((line) => line.discounts)));
  order.totalShippingPriceSet = bag(shipping);
  order.totalTaxSet = bag(taxes);
  order.totalPriceSet = bag(total);
  order.taxLines = taxesByRate(order);

  const cancelled = order.cancelledAt !== null;
  const shippingLeft = cancelled ? 0 : shipping - sum(order.refunds.map((refund) => refund.shippingCents));
  const shippingTaxLeft = cancelled ? 0 : shippingTaxes - sum(order.refunds.map((refund) => refund.shippingTaxCents));
  const currentSubtotal = sum(lines.map(({ line, subtotal: all }) => remaining(all, line)));
  const currentTaxes = sum(lines.map(({ line, taxes: all }) => remaining(all, line))) + shippingTaxLeft;
  const currentTotal = currentSubtotal + shippingLeft + currentTaxes;
  order.currentSubtotalPriceSet = bag(currentSubtotal);
  order.currentTotalDiscountsSet = bag(sum(lines.map(({ line, discounts: all }) => remaining(all, line))));
  order.currentShippingPriceSet = bag(shippingLeft);
  order.currentTotalTaxSet = bag(currentTaxes);
  order.currentTotalPriceSet = bag(currentTotal);

  const received = centsInBag(order.totalReceivedSet);
  const refunded = sum(order.refunds.map(({ totalRefundedSet }) => centsInBag(totalRefundedSet)));
  order.totalRefundedSet = bag(refunded);
  order.netPaymentSet = bag(received - refunded);
  order.totalOutstandingSet = bag(currentTotal - (received - refunded));
}

/** The order's taxes: those of its lines and shipping with the same name and rate together. */
function taxesByRate(order: SimulatedOrder): readonly SimulatedTaxLine[] {
  const cents = new Map<string, { readonly title: string; readonly rate: number; cents: number }>();
  for (const { taxLines } of [...order.lineItems, ...order.shippingLines]) {
    for (const { title, rate, priceSet } of taxLines) {
      const known = cents.get(`${title} ${rate}`) ?? { title, rate, cents: 0 };
      known.cents += centsInBag(priceSet);
      cents.set(`${title} ${rate}`, known);
    }
  }
  return [...cents.values()].map((tax) => taxLine(tax.title, tax.rate, tax.cents, order));
}

/** Shares of a discount of the whole order, one for each line. */
export function discountShares(discount: number, lineTotals: readonly number[]): number[] {
  return allocate(Math.min(discount, sum(lineTotals)), lineTotals);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
