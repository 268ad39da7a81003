// Bowline's side of the bench: the fake source and the fake target as connectors, with all that a real one has.
import { z } from "zod";
import type { Answer, Api, Webhook } from "../src/define/connector.ts";
import { defineConnector, defineResource } from "../src/define/define-connector.ts";
import type { Page, Written } from "../src/define/resource.ts";
import type { Invoice } from "./invoice.ts";
import type { Order } from "./order.ts";
import { invoiceShape, orderShape, receiptShape, type Receipt } from "./shapes.ts";
import { EVENT_HEADER, SIGNATURE_HEADER, isSigned } from "./signature.ts";

const DAY_MS = 86_400_000;

/** A page of the fake source. */
export async function orderPage(api: Api, cursor: string | undefined): Promise<Page<Order>> {
  const { json } = await api.request({ method: "GET", path: "/orders", query: { cursor: cursor ?? "0" } });
  // The engine checks each record against the resource's schema.
  return json as Page<Order>;
}

const orders = defineResource<Order>({
  name: "orders",
  schema: orderShape,
  key: (order) => order.id,
  version: (order) => order.updatedAt,
  versionExact: true,
  title: (order) => order.name,
  everything: { page: (api, { cursor }) => orderPage(api, cursor) },
  changes: { page: (api, { cursor }) => orderPage(api, cursor), overlapMs: 0 },
});

const webhook: Webhook = {
  secretSettings: ["secret"],
  answerWithinMs: 5_000,
  verify({ headers, body }, secrets) {
    const fits = secrets.some((secret) => secret !== "" && isSigned(body, headers[SIGNATURE_HEADER], secret));
    return fits ? { ok: true } : { ok: false, reason: "the signature does not fit" };
  },
  dedupeId: ({ headers }) => headers[EVENT_HEADER] ?? "",
  events({ json }) {
    const order = json as Order;
    return [{ resource: "orders", key: order.id, version: order.updatedAt, record: order }];
  },
};

/** In W1 and W2 orders only come by webhook; in W3 they are listed. */
function sourceOf<R extends typeof orders>(resource: R) {
  return defineConnector({
    name: "benchsource",
    title: "Bench source",
    settings: z.object({ baseUrl: z.string(), secret: z.string() }),
    baseUrl: ({ baseUrl }) => baseUrl,
    auth: { kind: "none" },
    limits: [],
    webhook,
    resources: { orders: resource },
  });
}

export const benchSource = sourceOf(orders);
const { everything: _everything, changes: _changes, ...told } = orders;
/** The webhooks bring the whole record, so this is never called; but a resource must be readable. */
const read = {
  keysMax: 1,
  records: () =>
    Promise.reject(new Error("could not read an order: the bench's webhooks are whole, nothing is to be read")),
};
export const benchWebhooks = sourceOf({ ...told, read });

const writtenIn = ({ json }: Answer): Written<Receipt> => {
  const receipt = json as Receipt;
  return { key: receipt.id, record: receipt };
};

const invoices = defineResource<Receipt, Invoice>({
  name: "invoices",
  schema: receiptShape,
  key: ({ id }) => id,
  write: {
    fields: invoiceShape,
    safety: { kind: "idempotency-key", retentionMs: DAY_MS },
    async create(api, { idempotencyKey, fields }) {
      const headers = { "idempotency-key": idempotencyKey };
      return writtenIn(await api.request({ method: "POST", path: "/invoices", headers, body: fields }));
    },
    async update(api, { key, idempotencyKey, fields }) {
      const headers = { "idempotency-key": idempotencyKey };
      return writtenIn(await api.request({ method: "PUT", path: `/invoices/${key}`, headers, body: fields }));
    },
  },
});

export const benchTarget = defineConnector({
  name: "benchtarget",
  title: "Bench target",
  settings: z.object({ baseUrl: z.string(), concurrency: z.number() }),
  baseUrl: ({ baseUrl }) => baseUrl,
  auth: { kind: "none" },
  limits: ({ concurrency }) => [{ kind: "concurrency", name: "calls", count: concurrency, every: true }],
  resources: { invoices },
});
