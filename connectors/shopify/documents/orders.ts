// Every GraphQL document about orders.
import { ADDRESS, BOTH_MONEYS, document, SHOP_MONEY, TAX, repeatable } from "./fragments.ts";

const LINE = `fragment Line on LineItem {
  id title variantTitle sku quantity currentQuantity taxable requiresShipping isGiftCard
  variant { id }
  product { id }
  originalUnitPriceSet { ...ShopMoney }
  discountedUnitPriceSet { ...ShopMoney }
  discountedTotalSet { ...ShopMoney }
  discountAllocations { allocatedAmountSet { ...ShopMoney } }
  taxLines { ...Tax }
}`;

const SHIPPING = `fragment Shipping on ShippingLine {
  id title code
  originalPriceSet { ...ShopMoney }
  discountedPriceSet { ...ShopMoney }
  taxLines { ...Tax }
}`;

const REFUND_LINE = `fragment RefundLine on RefundLineItem {
  quantity restockType
  lineItem { id }
  subtotalSet { ...ShopMoney }
  totalTaxSet { ...ShopMoney }
}`;

const ORDER = `fragment WholeOrder on Order {
  id name createdAt processedAt updatedAt cancelledAt cancelReason closedAt
  email phone currencyCode presentmentCurrencyCode taxesIncluded test
  displayFinancialStatus displayFulfillmentStatus
  tags note poNumber sourceName sourceIdentifier discountCodes
  customer { id displayName firstName lastName defaultEmailAddress { emailAddress } }
  subtotalPriceSet { ...ShopMoney }
  totalPriceSet { ...BothMoneys }
  totalTaxSet { ...ShopMoney }
  totalShippingPriceSet { ...ShopMoney }
  totalDiscountsSet { ...ShopMoney }
  totalRefundedSet { ...ShopMoney }
  totalOutstandingSet { ...ShopMoney }
  currentSubtotalPriceSet { ...ShopMoney }
  currentTotalPriceSet { ...BothMoneys }
  currentTotalTaxSet { ...ShopMoney }
  currentTotalDiscountsSet { ...ShopMoney }
  taxLines { ...Tax }
  billingAddress { ...Address }
  shippingAddress { ...Address }
  lineItems(first: $lines) { nodes { ...Line } pageInfo { hasNextPage endCursor } }
  shippingLines(first: 3) { nodes { ...Shipping } pageInfo { hasNextPage endCursor } }
  refunds {
    id createdAt processedAt note
    totalRefundedSet { ...ShopMoney }
    refundLineItems(first: 3) { nodes { ...RefundLine } pageInfo { hasNextPage endCursor } }
  }
}`;

const WHOLE = [ORDER, LINE, SHIPPING, REFUND_LINE, TAX, ADDRESS, SHOP_MONEY, BOTH_MONEYS] as const;

export const ORDERS_BY_ID = document(
  "OrdersById",
  `query OrdersById($ids: [ID!]!, $lines: Int!) {
  nodes(ids: $ids) { ...WholeOrder }
}`,
  ...WHOLE,
);

export const ORDERS_PAGE = document(
  "OrdersPage",
  `query OrdersPage($first: Int!, $after: String, $query: String, $sortKey: OrderSortKeys!, $lines: Int!) {
  orders(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    nodes { ...WholeOrder }
    pageInfo { hasNextPage endCursor }
  }
}`,
  ...WHOLE,
);

export const ORDER_LINES = document(
  "OrderLines",
  `query OrderLines($id: ID!, $first: Int!, $after: String) {
  order(id: $id) { updatedAt lineItems(first: $first, after: $after) { nodes { ...Line } pageInfo { hasNextPage endCursor } } }
}`,
  LINE,
  TAX,
  SHOP_MONEY,
);

export const ORDER_SHIPPING_LINES = document(
  "OrderShippingLines",
  `query OrderShippingLines($id: ID!, $first: Int!, $after: String) {
  order(id: $id) { updatedAt shippingLines(first: $first, after: $after) { nodes { ...Shipping } pageInfo { hasNextPage endCursor } } }
}`,
  SHIPPING,
  TAX,
  SHOP_MONEY,
);

export const REFUND_LINES = document(
  "RefundLines",
  `query RefundLines($id: ID!, $first: Int!, $after: String) {
  refund(id: $id) { refundLineItems(first: $first, after: $after) { nodes { ...RefundLine } pageInfo { hasNextPage endCursor } } }
}`,
  REFUND_LINE,
  SHOP_MONEY,
);

export const ORDER_CREATE = document(
  "OrderCreate",
  `mutation OrderCreate($order: OrderCreateOrderInput!, $options: OrderCreateOptionsInput, $lines: Int!) {
  orderCreate(order: $order, options: $options) { order { ...WholeOrder } userErrors { code field message } }
}`,
  ...WHOLE,
);

export const ORDER_UPDATE = repeatable(
  "OrderUpdate",
  `mutation OrderUpdate($input: OrderInput!, $lines: Int!) {
  orderUpdate(input: $input) { order { ...WholeOrder } userErrors { field message } }
}`,
  ...WHOLE,
);

export const ORDER_CANCEL = repeatable(
  "OrderCancel",
  `mutation OrderCancel($orderId: ID!, $reason: OrderCancelReason!, $restock: Boolean!, $refundMethod: OrderCancelRefundMethodInput!) {
  orderCancel(orderId: $orderId, reason: $reason, restock: $restock, refundMethod: $refundMethod, notifyCustomer: false) {
    job { id done }
    orderCancelUserErrors { code field message }
  }
}`,
);

export const ORDER_DELETE = repeatable(
  "OrderDelete",
  `mutation OrderDelete($orderId: ID!) {
  orderDelete(orderId: $orderId) { deletedId userErrors { code field message } }
}`,
);
