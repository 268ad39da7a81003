// Orders of the simulated shop: placed, edited, paid, refunded, cancelled and deleted.
import { bagOf, centsInBag, centsOf, moneyOf, taxOf, type Currencies } from "./cents.ts";
import { type AddressDraft, makeAddress, sortedTags } from "./customers.ts";
import { discountShares, lineCents, resetLine, sum, sumUp, taxLine, unitsShare } from "./order-sums.ts";
import type {
  FinancialStatus,
  SimulatedLineItem,
  SimulatedOrder,
  SimulatedRefundLine,
  SimulatedShippingLine,
} from "./records.ts";
import type { SimulatedShop } from "./shop.ts";

export interface TaxDraft {
  readonly title: string;
  /** Such as 0.0825. */
  readonly rate: number;
}

export interface LineDraft {
  readonly title?: string;
  readonly variantId?: string;
  readonly productId?: string;
  readonly sku?: string | null;
  readonly quantity?: number;
  /** Of one unit: "19.99". Default: the variant's price, or "10.00". */
  readonly unitPrice?: string;
  /** Taken off this line alone, for all units: "2.00". */
  readonly discount?: string;
  readonly taxes?: readonly TaxDraft[];
  readonly taxable?: boolean;
  readonly requiresShipping?: boolean;
}

export interface ShippingDraft {
  readonly title: string;
  readonly code?: string;
  readonly price: string;
  readonly taxes?: readonly TaxDraft[];
}

export interface OrderDraft {
  readonly customerId?: string | null;
  /** Default: the customer's. */
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly currencyCode?: string;
  /** What the customer pays in. Default: the shop's. */
  readonly presentmentCurrencyCode?: string;
  readonly lines?: readonly LineDraft[];
  readonly shipping?: readonly ShippingDraft[];
  /** A code for the whole order, spread over its lines. */
  readonly discount?: { readonly code: string; readonly amount: string };
  /** Default: PAID. */
  readonly financialStatus?: "AUTHORIZED" | "PAID" | "PENDING";
  readonly billingAddress?: AddressDraft | null;
  readonly shippingAddress?: AddressDraft | null;
  readonly tags?: readonly string[];
  readonly note?: string | null;
  readonly poNumber?: string | null;
  readonly sourceName?: string | null;
  readonly sourceIdentifier?: string | null;
  readonly name?: string;
  readonly test?: boolean;
  readonly createdAt?: string;
  readonly processedAt?: string;
}

export interface OrderPatch {
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly tags?: readonly string[];
  readonly note?: string | null;
  readonly poNumber?: string | null;
  readonly shippingAddress?: AddressDraft | null;
  readonly billingAddress?: AddressDraft | null;
  readonly displayFulfillmentStatus?: SimulatedOrder["displayFulfillmentStatus"];
  /** New quantities of lines: more is added to the order, less is removed from it. */
  readonly quantities?: Readonly<Record<string, number>>;
}

export interface RefundDraft {
  /** How many units of which lines; absent: all that is left of all lines. */
  readonly lines?: readonly { readonly lineItemId: string; readonly quantity: number }[];
  /** Give the shipping back too. */
  readonly shipping?: boolean;
  readonly note?: string | null;
}

export function addOrder(shop: SimulatedShop, draft: OrderDraft = {}): SimulatedOrder {
  const currencyCode = draft.currencyCode ?? shop.currencyCode;
  const currencies = { currencyCode, presentmentCurrencyCode: draft.presentmentCurrencyCode ?? currencyCode };
  const createdAt = draft.createdAt ?? shop.now();
  const customer = shop.resolve(shop.customers, draft.customerId ? { id: draft.customerId } : null);
  const number = shop.newOrderNumber();
  const nothing = bagOf(0, currencies);
  const order: SimulatedOrder = {
    id: shop.newId("Order"),
    name: draft.name ?? `#${number}`,
    number,
    createdAt,
    processedAt: draft.processedAt ?? createdAt,
    updatedAt: createdAt,
    cancelledAt: null,
    cancelReason: null,
    closedAt: null,
    email:
      (draft.email === undefined ? customer?.defaultEmailAddress?.emailAddress : draft.email?.toLowerCase()) ?? null,
    phone: draft.phone ?? null,
    ...currencies,
    taxesIncluded: false,
    test: draft.test ?? false,
    displayFinancialStatus: draft.financialStatus ?? "PAID",
    displayFulfillmentStatus: "UNFULFILLED",
    tags: sortedTags(draft.tags ?? []),
    note: draft.note ?? null,
    poNumber: draft.poNumber ?? null,
    sourceName: draft.sourceName === undefined ? "web" : draft.sourceName,
    sourceIdentifier: draft.sourceIdentifier ?? null,
    discountCodes: draft.discount === undefined ? [] : [draft.discount.code],
    customer: customer === null ? null : { id: customer.id },
    billingAddress: draft.billingAddress ? makeAddress(shop, draft.billingAddress) : null,
    shippingAddress: draft.shippingAddress ? makeAddress(shop, draft.shippingAddress) : null,
    lineItems: linesOf(shop, draft, currencies),
    shippingLines: (draft.shipping ?? []).map((line) => shippingLineOf(shop, line, currencies)),
    refunds: [],
    totalReceivedSet: nothing,
    subtotalPriceSet: nothing,
    totalPriceSet: nothing,
    totalTaxSet: nothing,
    totalShippingPriceSet: nothing,
    totalDiscountsSet: nothing,
    totalRefundedSet: nothing,
    totalOutstandingSet: nothing,
    netPaymentSet: nothing,
    currentSubtotalPriceSet: nothing,
    currentTotalPriceSet: nothing,
    currentTotalTaxSet: nothing,
    currentTotalDiscountsSet: nothing,
    currentShippingPriceSet: nothing,
    taxLines: [],
  };
  sumUp(order);
  if (order.displayFinancialStatus === "PAID") order.totalReceivedSet = order.totalPriceSet;
  sumUp(order);
  shop.orders.set(order.id, order);
  for (const line of order.lineItems) shop.lineItems.set(line.id, line);
  shop.touch(order, createdAt);
  countForCustomer(shop, order);
  shop.emit("orders/create", order);
  if (order.displayFinancialStatus === "PAID") shop.emit("orders/paid", order);
  return order;
}

function linesOf(shop: SimulatedShop, draft: OrderDraft, currencies: Currencies): SimulatedLineItem[] {
  const drafts = draft.lines ?? [{ title: "Thing" }];
  const priced = drafts.map((line) => {
    const variant = line.variantId === undefined ? undefined : shop.variants.get(line.variantId);
    const unit = centsOf(line.unitPrice ?? variant?.price ?? "10.00");
    const quantity = line.quantity ?? 1;
    const own = Math.min(centsOf(line.discount ?? "0"), unit * quantity);
    return { line, variant, unit, quantity, own, left: unit * quantity - own };
  });
  const shares = discountShares(
    centsOf(draft.discount?.amount ?? "0"),
    priced.map(({ left }) => left),
  );
  return priced.map(({ line, variant, unit, quantity, own }, index) => {
    const share = shares[index] ?? 0;
    const product = shop.products.get(variant?.product.id ?? line.productId ?? "");
    const title = line.title ?? product?.title ?? "Thing";
    const variantTitle = variant === undefined || variant.title === "Default Title" ? null : variant.title;
    const allocation = (cents: number, ofOrder: boolean): SimulatedLineItem["discountAllocations"] =>
      cents === 0 ? [] : [{ allocatedAmountSet: bagOf(cents, currencies), ofOrder }];
    const nothing = bagOf(0, currencies);
    const made: SimulatedLineItem = {
      id: shop.newId("LineItem"),
      title,
      name: variantTitle === null ? title : `${title} - ${variantTitle}`,
      variantTitle,
      sku: line.sku === undefined ? (variant?.sku ?? null) : line.sku,
      vendor: product?.vendor ?? null,
      quantity,
      currentQuantity: quantity,
      taxable: line.taxable ?? true,
      requiresShipping: line.requiresShipping ?? true,
      isGiftCard: false,
      variant: variant === undefined ? null : { id: variant.id },
      product: product === undefined ? null : { id: product.id },
      originalUnitPriceSet: bagOf(unit, currencies),
      originalTotalSet: nothing,
      discountedUnitPriceSet: nothing,
      discountedTotalSet: nothing,
      totalDiscountSet: nothing,
      discountAllocations: [...allocation(own, false), ...allocation(share, true)],
      taxLines: (line.taxes ?? []).map(({ title: name, rate }) => taxLine(name, rate, 0, currencies)),
    };
    resetLine(made, currencies);
    return made;
  });
}

function shippingLineOf(shop: SimulatedShop, draft: ShippingDraft, currencies: Currencies): SimulatedShippingLine {
  const cents = centsOf(draft.price);
  return {
    id: shop.newId("ShippingLine"),
    title: draft.title,
    code: draft.code ?? draft.title,
    originalPriceSet: bagOf(cents, currencies),
    discountedPriceSet: bagOf(cents, currencies),
    taxLines: (draft.taxes ?? []).map(({ title, rate }) => taxLine(title, rate, taxOf(cents, rate), currencies)),
  };
}

/** A customer shows how often they ordered; the order of another currency counts, but adds nothing to what they spent. */
function countForCustomer(shop: SimulatedShop, order: SimulatedOrder): void {
  const customer = shop.resolve(shop.customers, order.customer);
  if (customer === null) return;
  customer.numberOfOrders = String(Number(customer.numberOfOrders) + 1);
  if (order.currencyCode === customer.amountSpent.currencyCode) {
    const spent = centsOf(customer.amountSpent.amount) + centsInBag(order.totalPriceSet);
    customer.amountSpent = moneyOf(spent, customer.amountSpent.currencyCode);
  }
  shop.touch(customer, order.createdAt > customer.updatedAt ? order.createdAt : customer.updatedAt);
  shop.emit("customers/update", customer);
}

function found(shop: SimulatedShop, id: string): SimulatedOrder {
  const order = shop.orders.get(id);
  if (order === undefined) throw new Error(`Cannot change order ${id}: there is none`);
  return order;
}

function changed(shop: SimulatedShop, order: SimulatedOrder): SimulatedOrder {
  shop.touch(order);
  shop.emit("orders/updated", order);
  return order;
}

export function editOrder(shop: SimulatedShop, id: string, patch: OrderPatch): SimulatedOrder {
  const order = found(shop, id);
  if (patch.email !== undefined) order.email = patch.email?.toLowerCase() ?? null;
  if (patch.phone !== undefined) order.phone = patch.phone;
  if (patch.tags !== undefined) order.tags = sortedTags(patch.tags);
  if (patch.note !== undefined) order.note = patch.note;
  if (patch.poNumber !== undefined) order.poNumber = patch.poNumber;
  if (patch.shippingAddress !== undefined) {
    order.shippingAddress = patch.shippingAddress === null ? null : makeAddress(shop, patch.shippingAddress);
  }
  if (patch.billingAddress !== undefined) {
    order.billingAddress = patch.billingAddress === null ? null : makeAddress(shop, patch.billingAddress);
  }
  if (patch.displayFulfillmentStatus !== undefined) order.displayFulfillmentStatus = patch.displayFulfillmentStatus;
  if (patch.quantities !== undefined) setQuantities(order, patch.quantities);
  sumUp(order);
  if (patch.quantities !== undefined) order.displayFinancialStatus = financialStatusOf(order);
  changed(shop, order);
  if (patch.displayFulfillmentStatus === "FULFILLED") shop.emit("orders/fulfilled", order);
  if (patch.quantities !== undefined) shop.emit("orders/edited", order);
  return order;
}

function setQuantities(order: SimulatedOrder, quantities: Readonly<Record<string, number>>): void {
  for (const line of order.lineItems) {
    const wanted = quantities[line.id];
    if (wanted === undefined) continue;
    if (wanted > line.currentQuantity) {
      line.quantity += wanted - line.currentQuantity;
      line.currentQuantity = wanted;
      resetLine(line, order);
    } else line.currentQuantity = Math.max(0, wanted);
  }
}

/** Takes the payment of what is outstanding. */
export function payOrder(shop: SimulatedShop, id: string): SimulatedOrder {
  const order = found(shop, id);
  const outstanding = Math.max(0, centsInBag(order.totalOutstandingSet));
  order.totalReceivedSet = bagOf(centsInBag(order.totalReceivedSet) + outstanding, order);
  sumUp(order);
  order.displayFinancialStatus = financialStatusOf(order);
  changed(shop, order);
  shop.emit("orders/paid", order);
  return order;
}

function financialStatusOf(order: SimulatedOrder): FinancialStatus {
  const received = centsInBag(order.totalReceivedSet);
  const refunded = centsInBag(order.totalRefundedSet);
  if (received === 0 && centsInBag(order.totalPriceSet) > 0) {
    return order.displayFinancialStatus === "AUTHORIZED" ? "AUTHORIZED" : "PENDING";
  }
  if (refunded > 0) return refunded >= received ? "REFUNDED" : "PARTIALLY_REFUNDED";
  return centsInBag(order.totalOutstandingSet) > 0 ? "PARTIALLY_PAID" : "PAID";
}

export function refundOrder(shop: SimulatedShop, id: string, draft: RefundDraft = {}): SimulatedOrder {
  const order = found(shop, id);
  const wanted =
    draft.lines ?? order.lineItems.map((line) => ({ lineItemId: line.id, quantity: line.currentQuantity }));
  const refundLineItems = wanted
    .map(({ lineItemId, quantity }) => refundLine(shop, order, lineItemId, quantity))
    .filter((line) => line !== undefined);
  const shippingBack = draft.shipping === true;
  const shippingCents = shippingBack ? centsInBag(order.currentShippingPriceSet) : 0;
  const shippingTaxCents = shippingCents === 0 ? 0 : shippingTaxes(order);
  const lineTotals = refundLineItems.map((line) => centsInBag(line.subtotalSet) + centsInBag(line.totalTaxSet));
  const now = shop.now();
  const refund = {
    id: shop.newId("Refund"),
    order: { id: order.id },
    createdAt: now,
    processedAt: now,
    updatedAt: now,
    note: draft.note ?? null,
    refundLineItems,
    shippingCents,
    shippingTaxCents,
    totalRefundedSet: bagOf(sum(lineTotals) + shippingCents + shippingTaxCents, order),
  };
  order.refunds = [...order.refunds, refund];
  sumUp(order);
  order.displayFinancialStatus = financialStatusOf(order);
  shop.touch(order);
  shop.emit("refunds/create", order, refund.id);
  shop.emit("orders/updated", order);
  return order;
}

function refundLine(
  shop: SimulatedShop,
  order: SimulatedOrder,
  lineItemId: string,
  quantity: number,
): SimulatedRefundLine | undefined {
  const line = order.lineItems.find(({ id }) => id === lineItemId);
  if (line === undefined) throw new Error(`Cannot refund line ${lineItemId}: order ${order.name} has no such line`);
  const units = Math.min(quantity, line.currentQuantity);
  if (units === 0) return undefined;
  const removed = line.quantity - line.currentQuantity;
  const { subtotal, taxes } = lineCents(line);
  const share = (total: number): number => unitsShare(total, line.quantity, removed, removed + units);
  line.currentQuantity -= units;
  return {
    id: shop.newId("RefundLineItem"),
    quantity: units,
    restockType: "RETURN",
    lineItem: { id: line.id },
    subtotalSet: bagOf(share(subtotal), order),
    totalTaxSet: bagOf(share(taxes), order),
  };
}

function shippingTaxes(order: SimulatedOrder): number {
  return sum(order.shippingLines.flatMap(({ taxLines }) => taxLines.map(({ priceSet }) => centsInBag(priceSet))));
}

export function cancelOrder(
  shop: SimulatedShop,
  id: string,
  {
    reason = "CUSTOMER",
    refund = true,
  }: { readonly reason?: NonNullable<SimulatedOrder["cancelReason"]>; readonly refund?: boolean } = {},
): SimulatedOrder {
  const order = found(shop, id);
  if (refund && centsInBag(order.netPaymentSet) > 0) refundOrder(shop, id, { shipping: true });
  order.cancelledAt = shop.now();
  order.closedAt = order.cancelledAt;
  order.cancelReason = reason;
  for (const line of order.lineItems) line.currentQuantity = 0;
  sumUp(order);
  if (centsInBag(order.totalReceivedSet) === 0) order.displayFinancialStatus = "VOIDED";
  shop.touch(order);
  shop.emit("orders/cancelled", order);
  shop.emit("orders/updated", order);
  return order;
}

export function deleteOrder(shop: SimulatedShop, id: string): boolean {
  const order = shop.orders.get(id);
  if (order === undefined) return false;
  shop.orders.delete(id);
  for (const line of order.lineItems) shop.lineItems.delete(line.id);
  const customer = shop.resolve(shop.customers, order.customer);
  if (customer !== null) customer.numberOfOrders = String(Math.max(0, Number(customer.numberOfOrders) - 1));
  shop.emit("orders/delete", order);
  return true;
}
