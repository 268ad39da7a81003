// A small shop and small books for tests of what people write: their types are all that matters, nobody calls them.
import { z } from "zod";
import type { Webhook } from "../connector.ts";
import { defineConnector, defineResource } from "../define-connector.ts";

const line = z.object({ title: z.string(), sku: z.string().nullable(), quantity: z.number(), total: z.string() });

const order = z.object({
  id: z.string(),
  name: z.string(),
  note: z.string().nullable(),
  currency: z.enum(["USD", "EUR", "GBP"]),
  status: z.enum(["paid", "open"]).nullable(),
  kind: z.string(),
  shipping: z.string(),
  total: z.number(),
  placedAt: z.string(),
  customer: z.object({ id: z.string() }).nullable(),
  lines: z.array(line),
});

const unread = (): never => {
  throw new Error("nobody reads this");
};

const orders = defineResource({
  name: "orders",
  schema: order,
  key: ({ id }) => id,
  changes: { page: unread, overlapMs: 0 },
});

const customers = defineResource({
  name: "customers",
  schema: z.object({ id: z.string(), name: z.string(), referrer: z.string().nullable() }),
  key: ({ id }) => id,
  everything: { page: unread },
});

/** Its records come from nowhere. */
const ghosts = defineResource({ name: "ghosts", schema: z.object({ id: z.string() }), key: ({ id }) => id });

const webhook: Webhook = {
  secretSettings: ["webhookSecret"],
  verify: () => ({ ok: false, reason: "nobody delivers" }),
  dedupeId: () => "",
  events: () => [],
  answerWithinMs: 5_000,
};

export const shopConnector = defineConnector({
  name: "small-shop",
  title: "Small Shop",
  settings: z.object({ token: z.string().min(1), webhookSecret: z.string().optional() }),
  baseUrl: () => "https://shop.invalid",
  auth: { kind: "header", header: "x-token", setting: "token" },
  limits: [{ kind: "rate", name: "calls", count: 10, perMs: 60_000, every: true }],
  webhook,
  resources: { orders, customers, ghosts },
});

const reference = z.strictObject({ value: z.string() });

const saleLine = z.strictObject({
  kind: z.literal("sale"),
  amount: z.string(),
  label: z.string().optional(),
  detail: z.strictObject({ item: reference.optional(), count: z.number().optional() }),
});

const discountLine = z.strictObject({ kind: z.literal("discount"), amount: z.string(), percent: z.literal(false) });

const invoiceFields = z.strictObject({
  number: z.string(),
  day: z.string().optional(),
  memo: z.string().optional(),
  currency: z.enum(["dollars", "euros"]),
  terms: z.enum(["now", "later"]).optional(),
  customer: reference,
  lines: z.array(z.discriminatedUnion("kind", [saleLine, discountLine])),
  tags: z.array(z.strictObject({ word: z.string(), weight: z.number().optional() })).optional(),
  tax: z.strictObject({ total: z.string().optional() }).optional(),
});

const invoices = defineResource({
  name: "invoices",
  schema: z.object({ id: z.string() }),
  key: ({ id }) => id,
  read: { keysMax: 1, records: unread },
  write: {
    fields: invoiceFields,
    safety: { kind: "none" },
    create: unread,
    update: unread,
    removals: { void: unread, delete: unread },
  },
});

const buyers = defineResource({
  name: "buyers",
  schema: z.object({ id: z.string() }),
  key: ({ id }) => id,
  write: {
    fields: z.object({ name: z.string(), referrer: z.string().optional() }),
    safety: { kind: "none" },
    create: unread,
    removals: { deactivate: unread },
  },
});

const reports = defineResource({ name: "reports", schema: z.object({ id: z.string() }), key: ({ id }) => id });

export const booksConnector = defineConnector({
  name: "small-books",
  title: "Small Books",
  settings: z.object({ token: z.string().min(1), company: z.string().regex(/^\d+$/, "expected the company's number") }),
  baseUrl: () => "https://books.invalid",
  auth: { kind: "header", header: "x-token", setting: "token" },
  limits: () => [],
  resources: { invoices, buyers, reports },
});
