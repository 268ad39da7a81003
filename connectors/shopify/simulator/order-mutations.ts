// Mutations of orders.
import { amountOfInput, addressOf, given, type Input, inputOf, Refused } from "./inputs.ts";
import type { Mutation } from "./mutations.ts";
import {
  addOrder,
  cancelOrder,
  deleteOrder,
  editOrder,
  type LineDraft,
  type OrderDraft,
  payOrder,
  refundOrder,
  type ShippingDraft,
} from "./orders.ts";
import type { SimulatedOrder } from "./records.ts";
import type { SimulatedShop } from "./shop.ts";

const CREATE_FIELDS =
  "billingAddress buyerAcceptsMarketing closedAt companyLocationId currency customAttributes customer customerId discountCode email financialStatus fulfillment fulfillmentStatus lineItems metafields name note phone poNumber presentmentCurrency processedAt referringSite shippingAddress shippingLines sourceIdentifier sourceName sourceUrl tags taxLines taxesIncluded test transactions userId";
const LINE_FIELDS =
  "fulfillmentService giftCard priceSet productId properties quantity requiresShipping sku taxLines taxable title variantId variantTitle vendor weight";

function shopAmount(priceSet: unknown, field: readonly string[]): string {
  return amountOfInput((priceSet as { readonly shopMoney?: Input } | undefined)?.shopMoney?.["amount"], field);
}

function taxesOf(value: unknown): LineDraft["taxes"] {
  return Array.isArray(value)
    ? (value as readonly Input[]).map(({ title, rate }) => ({ title: String(title), rate: Number(rate) }))
    : [];
}

function lineOf(value: unknown): LineDraft {
  const line = inputOf(value, "OrderCreateLineItemInput", LINE_FIELDS);
  if (line["title"] === undefined && line["variantId"] === undefined) {
    throw new Refused("Line items title or variant must be present", ["order", "lineItems"], "INVALID");
  }
  return {
    ...given(line, ["title", "variantId", "productId", "sku", "quantity", "taxable", "requiresShipping"]),
    ...(line["priceSet"] === undefined
      ? {}
      : { unitPrice: shopAmount(line["priceSet"], ["order", "lineItems", "priceSet"]) }),
    ...(line["taxLines"] === undefined ? {} : { taxes: taxesOf(line["taxLines"]) ?? [] }),
  };
}

function shippingOf(value: unknown): ShippingDraft {
  const line = value as Input;
  return {
    title: String(line["title"]),
    ...given(line, ["code"]),
    price: shopAmount(line["priceSet"], ["order", "shippingLines", "priceSet"]),
    taxes: taxesOf(line["taxLines"]) ?? [],
  };
}

function customerOf(shop: SimulatedShop, input: Input): string | undefined {
  const associate = (input["customer"] as { readonly toAssociate?: { readonly id?: string } } | undefined)?.toAssociate;
  const id = associate?.id ?? (input["customerId"] as string | undefined);
  if (id !== undefined && !shop.customers.has(id)) {
    throw new Refused("Customer does not exist", ["order", "customer"], "INVALID");
  }
  return id;
}

function draftOf(shop: SimulatedShop, input: Input): OrderDraft {
  const lines = input["lineItems"];
  if (!Array.isArray(lines) || lines.length === 0) {
    throw new Refused("Line items must have at least one line item", ["order", "lineItems"], "INVALID");
  }
  const { currency, billingAddress, shippingAddress, shippingLines } = input;
  const customerId = customerOf(shop, input);
  return {
    ...given(input, ["email", "phone", "note", "poNumber", "tags", "financialStatus", "processedAt", "test", "name"]),
    ...given(input, ["sourceName", "sourceIdentifier"]),
    ...(typeof currency === "string" ? { currencyCode: currency } : {}),
    ...(customerId === undefined ? {} : { customerId }),
    ...(billingAddress ? { billingAddress: addressOf(billingAddress) } : {}),
    ...(shippingAddress ? { shippingAddress: addressOf(shippingAddress) } : {}),
    lines: lines.map(lineOf),
    shipping: Array.isArray(shippingLines) ? shippingLines.map(shippingOf) : [],
  };
}

function found(shop: SimulatedShop, id: unknown, field: string): SimulatedOrder {
  const order = shop.orders.get(String(id));
  if (order === undefined) throw new Refused("Order does not exist", [field], "NOT_FOUND");
  return order;
}

function update(shop: SimulatedShop, args: Input): object {
  const names = "customAttributes email id localizedFields metafields note phone poNumber shippingAddress tags";
  const input = inputOf(args["input"], "OrderInput", names);
  const order = found(shop, input["id"], "id");
  const { shippingAddress } = input;
  const patch = {
    ...given(input, ["email", "phone", "note", "poNumber", "tags"]),
    ...(shippingAddress ? { shippingAddress: addressOf(shippingAddress) } : {}),
  };
  return { order: editOrder(shop, order.id, patch) };
}

function cancel(shop: SimulatedShop, args: Input): object {
  const order = found(shop, args["orderId"], "orderId");
  if (order.cancelledAt !== null)
    throw new Refused("Cannot cancel an order that has already been canceled", ["orderId"], "INVALID");
  const refundMethod = args["refundMethod"] as Input | undefined;
  const givesBack = args["refund"] === true || refundMethod?.["originalPaymentMethodsRefund"] === true;
  const run = (): unknown =>
    cancelOrder(shop, order.id, {
      reason: args["reason"] as NonNullable<SimulatedOrder["cancelReason"]>,
      refund: givesBack,
    });
  if (shop.cancelLagMs === 0) run();
  else shop.clock.timer(shop.cancelLagMs, run);
  return { job: { id: `gid://shopify/Job/${shop.newId("Job").split("/").at(-1)}`, done: false } };
}

function remove(shop: SimulatedShop, args: Input): object {
  const order = found(shop, args["orderId"], "orderId");
  deleteOrder(shop, order.id);
  return { deletedId: order.id };
}

function refund(shop: SimulatedShop, args: Input): object {
  const input = args["input"] as Input;
  const order = found(shop, input["orderId"], "orderId");
  const lines = input["refundLineItems"] as
    | readonly { readonly lineItemId: string; readonly quantity: number }[]
    | undefined;
  for (const { lineItemId, quantity } of lines ?? []) {
    const line = order.lineItems.find(({ id }) => id === lineItemId);
    if (line === undefined || quantity > line.currentQuantity) {
      throw new Refused("Quantity cannot refund more items than were purchased", ["refundLineItems", "quantity"], null);
    }
  }
  const shipping = (input["shipping"] as Input | undefined)?.["fullRefund"] === true;
  refundOrder(shop, order.id, { lines: lines ?? [], shipping, ...given(input, ["note"]) });
  return { order, refund: order.refunds.at(-1) };
}

const ORDER = { order: "Order" };

export const orderMutations: Readonly<Record<string, Mutation>> = {
  orderCreate: {
    returns: ORDER,
    run: (shop, args) => {
      const input = inputOf(args["order"], "OrderCreateOrderInput", CREATE_FIELDS);
      return { order: addOrder(shop, draftOf(shop, input)) };
    },
  },
  orderUpdate: { returns: ORDER, run: update },
  orderMarkAsPaid: {
    returns: ORDER,
    run: (shop, args) => ({ order: payOrder(shop, found(shop, (args["input"] as Input)["id"], "id").id) }),
  },
  orderCancel: { returns: { job: "Job" }, errors: "orderCancelUserErrors", run: cancel },
  orderDelete: { returns: { deletedId: "" }, run: remove },
  refundCreate: { returns: { order: "Order", refund: "Refund" }, run: refund },
};
