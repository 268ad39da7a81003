// An order as it is read: GraphQL's own names, with the connections flattened to arrays.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { type Connection, restOf } from "./ask.ts";
import { ORDER_LINES, ORDER_SHIPPING_LINES, REFUND_LINES } from "./documents/orders.ts";
import { address, currencyCode, dateTime, gid, moneyBag, shopMoneyBag, taxLine } from "./shapes.ts";

/** How many line items come with an order; the rest is read by further queries. */
export const LINES_WITH_ORDER = 10;

const lineItem = z.object({
  id: gid,
  title: z.string(),
  variantTitle: z.string().nullable(),
  sku: z.string().nullable(),
  /** As ordered, with what was refunded or removed. */
  quantity: z.number().int(),
  /** Without what was refunded or removed. */
  currentQuantity: z.number().int(),
  taxable: z.boolean(),
  requiresShipping: z.boolean(),
  isGiftCard: z.boolean(),
  /** Null for custom items, and once the variant or product was deleted. */
  variant: z.object({ id: gid }).nullable(),
  product: z.object({ id: gid }).nullable(),
  originalUnitPriceSet: shopMoneyBag,
  /** After discounts of this line; those of the whole order and of codes are only in `discountAllocations`. */
  discountedUnitPriceSet: shopMoneyBag,
  discountedTotalSet: shopMoneyBag,
  /** Every discount's share in this line, the whole order's included. */
  discountAllocations: z.array(z.object({ allocatedAmountSet: shopMoneyBag })),
  taxLines: z.array(taxLine),
});
export type LineItem = z.infer<typeof lineItem>;

const shippingLine = z.object({
  id: gid.nullable(),
  title: z.string(),
  code: z.string().nullable(),
  originalPriceSet: shopMoneyBag,
  discountedPriceSet: shopMoneyBag,
  taxLines: z.array(taxLine),
});

const refund = z.object({
  id: gid,
  createdAt: dateTime.nullable(),
  processedAt: dateTime,
  note: z.string().nullable(),
  totalRefundedSet: shopMoneyBag,
  refundLineItems: z.array(
    z.object({
      quantity: z.number().int(),
      restockType: z.enum(["CANCEL", "LEGACY_RESTOCK", "NO_RESTOCK", "RETURN"]),
      lineItem: z.object({ id: gid }),
      subtotalSet: shopMoneyBag,
      totalTaxSet: shopMoneyBag,
    }),
  ),
});

const financialStatus = z.enum([
  "AUTHORIZED",
  "EXPIRED",
  "PAID",
  "PARTIALLY_PAID",
  "PARTIALLY_REFUNDED",
  "PENDING",
  "REFUNDED",
  "VOIDED",
]);

const fulfillmentStatus = z.enum([
  "FULFILLED",
  "IN_PROGRESS",
  "ON_HOLD",
  "OPEN",
  "PARTIALLY_FULFILLED",
  "PENDING_FULFILLMENT",
  "REQUEST_DECLINED",
  "RESTOCKED",
  "SCHEDULED",
  "UNFULFILLED",
]);

export const orderRecord = z.object({
  id: gid,
  /** "#1001" */
  name: z.string(),
  createdAt: dateTime,
  processedAt: dateTime,
  updatedAt: dateTime,
  cancelledAt: dateTime.nullable(),
  cancelReason: z.enum(["CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"]).nullable(),
  closedAt: dateTime.nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  /** The shop's currency when the order was placed: that of every `shopMoney`. */
  currencyCode,
  presentmentCurrencyCode: currencyCode,
  taxesIncluded: z.boolean(),
  test: z.boolean(),
  displayFinancialStatus: financialStatus.nullable(),
  displayFulfillmentStatus: fulfillmentStatus,
  tags: z.array(z.string()),
  note: z.string().nullable(),
  poNumber: z.string().nullable(),
  sourceName: z.string().nullable(),
  sourceIdentifier: z.string().nullable(),
  discountCodes: z.array(z.string()),
  /** Null for a guest without an account, and without access to protected customer data. */
  customer: z
    .object({
      id: gid,
      displayName: z.string(),
      firstName: z.string().nullable(),
      lastName: z.string().nullable(),
      defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
    })
    .nullable(),
  subtotalPriceSet: shopMoneyBag.nullable(),
  totalPriceSet: moneyBag,
  totalTaxSet: shopMoneyBag.nullable(),
  totalShippingPriceSet: shopMoneyBag,
  totalDiscountsSet: shopMoneyBag.nullable(),
  totalRefundedSet: shopMoneyBag,
  totalOutstandingSet: shopMoneyBag,
  currentSubtotalPriceSet: shopMoneyBag,
  currentTotalPriceSet: moneyBag,
  currentTotalTaxSet: shopMoneyBag,
  currentTotalDiscountsSet: shopMoneyBag,
  taxLines: z.array(taxLine),
  billingAddress: address.nullable(),
  shippingAddress: address.nullable(),
  /** All of them, flattened from the connection; so are the two below. */
  lineItems: z.array(lineItem),
  shippingLines: z.array(shippingLine),
  refunds: z.array(refund),
});
export type OrderRecord = z.infer<typeof orderRecord>;

type RefundNode = Omit<z.infer<typeof refund>, "refundLineItems"> & { readonly refundLineItems: Connection };
type OrderNode = Omit<OrderRecord, "lineItems" | "shippingLines" | "refunds"> & {
  readonly lineItems: Connection;
  readonly shippingLines: Connection;
  readonly refunds: readonly RefundNode[];
};

/** Flattens an order's connections, reading on where they do not end on their first page. */
export async function wholeOrder(api: Api, node: unknown): Promise<OrderRecord> {
  const order = node as OrderNode;
  const { id, updatedAt } = order;
  const lines = { document: ORDER_LINES, owner: "order", field: "lineItems", id, updatedAt };
  const shipping = { document: ORDER_SHIPPING_LINES, owner: "order", field: "shippingLines", id, updatedAt };
  const refunds: OrderRecord["refunds"] = [];
  for (const one of order.refunds) {
    const refunded = { document: REFUND_LINES, owner: "refund", field: "refundLineItems", id: one.id };
    const refundLineItems = await restOf(api, one.refundLineItems, refunded);
    refunds.push({ ...one, refundLineItems: refundLineItems as OrderRecord["refunds"][number]["refundLineItems"] });
  }
  return {
    ...order,
    lineItems: (await restOf(api, order.lineItems, lines)) as LineItem[],
    shippingLines: (await restOf(api, order.shippingLines, shipping)) as OrderRecord["shippingLines"],
    refunds,
  };
}

export async function wholeOrders(api: Api, nodes: readonly unknown[]): Promise<readonly OrderRecord[]> {
  const records: OrderRecord[] = [];
  for (const node of nodes) records.push(await wholeOrder(api, node));
  return records;
}
