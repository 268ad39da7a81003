// Orders: read whole, searched by change, made with a name of ours so that they are found again, cancelled or deleted.
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Page, RemoveOrder, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, nodesOf, pageOf, quoted, updatedSince } from "./ask.ts";
import {
  ORDER_CANCEL,
  ORDER_CREATE,
  ORDER_DELETE,
  ORDER_UPDATE,
  ORDERS_BY_ID,
  ORDERS_PAGE,
} from "./documents/orders.ts";
import { gone } from "./gone.ts";
import { hiddenOrders } from "./installation.ts";
import { CHANGEABLE, isChangeable, orderFields, orderFieldsOf, type OrderFields } from "./order-fields.ts";
import { LINES_WITH_ORDER, orderRecord, type OrderRecord, wholeOrder, wholeOrders } from "./order-record.ts";
import { OVERLAP_MS, SEARCH_LAG_MS } from "./overlap.ts";
import { utcSeconds } from "./shapes.ts";

const PAGE_SIZE = 15;
const lines = LINES_WITH_ORDER;

export const orders = defineResource<OrderRecord, OrderFields, "cancel" | "delete">({
  name: "orders",
  schema: orderRecord,
  key: (order) => order.id,
  version: (order) => utcSeconds(order.updatedAt),
  title: (order) => order.name,
  read: {
    keysMax: PAGE_SIZE,
    records: async (api, keys) => wholeOrders(api, await nodesOf(api, ORDERS_BY_ID, keys, { lines })),
    hidden: hiddenOrders,
  },
  changes: {
    overlapMs: OVERLAP_MS,
    page: (api, { since, cursor }) => page(api, { query: updatedSince(since), sortKey: "UPDATED_AT" }, cursor),
  },
  everything: { page: (api, { cursor }) => page(api, { query: null, sortKey: "ID" }, cursor) },
  write: {
    fields: orderFields,
    safety: { kind: "lookup", lagMs: SEARCH_LAG_MS },
    create,
    update,
    removals: {
      cancel,
      delete: (api, { key }) => gone(ask(api, ORDER_DELETE, { orderId: key })),
    },
    lookup,
    fieldsOf: orderFieldsOf,
  },
});

async function page(
  api: Api,
  variables: { readonly query: string | null; readonly sortKey: string },
  cursor: string | undefined,
): Promise<Page<OrderRecord>> {
  const { nodes, next } = await pageOf(api, {
    document: ORDERS_PAGE,
    field: "orders",
    variables: { ...variables, lines },
    size: PAGE_SIZE,
    cursor,
  });
  const records = await wholeOrders(api, nodes);
  return next === undefined ? { records } : { records, next };
}

async function create(api: Api, order: WriteOrder<OrderFields>): Promise<Written<OrderRecord>> {
  const { customerId, ...fields } = order.fields;
  const input = {
    ...fields,
    sourceIdentifier: markOf(order),
    ...(customerId === undefined ? {} : { customer: { toAssociate: { id: customerId } } }),
  };
  const data = await ask(api, ORDER_CREATE, { order: input, options: { sendReceipt: false }, lines });
  return written(api, (data["orderCreate"] as { readonly order: unknown }).order);
}

/** By what an order that we made is found again. */
function markOf({ idempotencyKey, fields }: WriteOrder<OrderFields>): string {
  return fields.sourceIdentifier ?? idempotencyKey;
}

async function lookup(api: Api, order: WriteOrder<OrderFields>): Promise<readonly Written<OrderRecord>[]> {
  const { nodes } = await pageOf(api, {
    document: ORDERS_PAGE,
    field: "orders",
    variables: { query: `source_identifier:${quoted(markOf(order))}`, sortKey: "ID", lines },
    size: PAGE_SIZE,
  });
  const found = await Promise.all(nodes.map((node) => written(api, node)));
  // A search matches words; only the whole mark is ours.
  return found.filter(({ record }) => record?.sourceIdentifier === markOf(order));
}

async function update(
  api: Api,
  { key, fields, changed }: UpdateOrder<OrderFields, OrderRecord>,
): Promise<Written<OrderRecord>> {
  const fixed = changed.filter((field) => !isChangeable(field));
  if (fixed.length > 0) {
    throw new CallFailed(
      { kind: "invalid", reason: `${fixed.join(", ")} cannot be changed once the order is there` },
      `Cannot update order ${key}: wanted only ${CHANGEABLE.join(", ")}, got ${fixed.join(", ")} too; edit the order in Shopify`,
    );
  }
  const input = { id: key, ...Object.fromEntries(changed.map((field) => [field, fields[field] ?? null])) };
  const data = await ask(api, ORDER_UPDATE, { input, lines });
  return written(api, (data["orderUpdate"] as { readonly order: unknown }).order);
}

/** Cancels and restocks, but gives no money back: that is for a person to decide. Shopify does it in a job of its own. */
async function cancel(api: Api, { key }: RemoveOrder): Promise<Written<OrderRecord> | undefined> {
  const refundMethod = { originalPaymentMethodsRefund: false };
  try {
    await ask(api, ORDER_CANCEL, { orderId: key, reason: "OTHER", restock: true, refundMethod });
  } catch (error) {
    const refused = error instanceof CallFailed && ["invalid", "conflict"].includes(error.outcome.kind);
    const already = refused ? await cancelled(api, key) : undefined;
    if (already === undefined) throw error;
    return already;
  }
  const done = await cancelled(api, key);
  if (done !== undefined) return done;
  const reason = "Shopify has not cancelled it yet: it does so in a job of its own, which may fail";
  throw new CallFailed({ kind: "unknown", reason }, `Cannot tell whether order ${key} is cancelled: ${reason}`);
}

/** The order, if it is cancelled already: cancelling twice is an error that means success. */
async function cancelled(api: Api, key: string): Promise<Written<OrderRecord> | undefined> {
  const [node] = await nodesOf(api, ORDERS_BY_ID, [key], { lines });
  if (node === undefined) return undefined;
  const found = await written(api, node);
  return found.record?.cancelledAt == null ? undefined : found;
}

async function written(api: Api, node: unknown): Promise<Written<OrderRecord>> {
  const record = await wholeOrder(api, node);
  return { key: record.id, version: utcSeconds(record.updatedAt), record };
}
