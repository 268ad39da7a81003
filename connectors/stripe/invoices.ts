// Invoices with their lines. An invoice is a draft until it is finalized; after that only words on it can change, and it
// leaves by being paid, voided or given up.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import { createInvoice, updateInvoice, voidInvoice } from "./invoice-steps.ts";
import { invoiceLine, lineRecord, type StripeInvoiceLine } from "./lines.ts";
import { allParts, type Kind } from "./kind.ts";
import { idOf, metadataOf, pick, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { remove, retire, SAFETY, type Saving } from "./writing.ts";

/** Stripe takes no more on one invoice. */
const LINES_MAX = 250;

const invoiceRecord = z.object({
  ...shape.everyRecord("invoice"),
  created: shape.seconds,
  status: shape.maybeText,
  number: shape.maybeText,
  customer: shape.reference.nullish(),
  customer_email: shape.maybeText,
  customer_name: shape.maybeText,
  currency: z.string(),
  collection_method: shape.maybeText,
  billing_reason: shape.maybeText,
  description: shape.maybeText,
  footer: shape.maybeText,
  statement_descriptor: shape.maybeText,
  custom_fields: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  auto_advance: z.boolean().optional(),
  default_payment_method: shape.reference.nullish(),
  due_date: shape.seconds.nullish(),
  effective_at: shape.seconds.nullish(),
  period_start: shape.seconds,
  period_end: shape.seconds,
  subtotal: shape.amount,
  total: shape.amount,
  amount_due: shape.amount,
  amount_paid: shape.amount,
  amount_remaining: shape.amount,
  total_taxes: z.array(z.object({ amount: shape.amount, tax_behavior: shape.maybeText })).nullish(),
  hosted_invoice_url: shape.maybeText,
  invoice_pdf: shape.maybeText,
  status_transitions: z.object({
    finalized_at: shape.seconds.nullish(),
    paid_at: shape.seconds.nullish(),
    voided_at: shape.seconds.nullish(),
    marked_uncollectible_at: shape.seconds.nullish(),
  }),
  parent: z
    .object({
      type: z.string(),
      subscription_details: z.object({ subscription: shape.reference.nullish() }).nullish(),
    })
    .nullish(),
  /** All of them, also beyond the first ten that Stripe shows. */
  lines: shape.listOf(lineRecord),
  /** What paid it: `payment.payment_intent` leads on. */
  payments: shape
    .listOf(
      z.object({
        id: shape.id,
        status: z.string(),
        amount_paid: shape.amount.nullish(),
        payment: z.object({ type: z.string(), payment_intent: shape.reference.nullish() }).optional(),
      }),
    )
    .optional(),
});

const invoiceFields = z.strictObject({
  customer: shape.id,
  currency: shape.currency.optional(),
  lines: z.array(invoiceLine).max(LINES_MAX).optional(),
  /**
   * How far to bring it: "open" finalizes it, "paid" also notes that it was paid elsewhere. No card is ever charged by
   * this. Default: it stays a draft.
   */
  status: z.enum(["draft", "open", "paid"]).optional(),
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  /** "send_invoice" needs one of these two. */
  days_until_due: z.int().min(0).optional(),
  due_date: shape.seconds.optional(),
  effective_at: shape.seconds.optional(),
  /** Default: Stripe's own row of numbers. */
  number: shape.text(26).optional(),
  description: shape.text(1_500).optional(),
  footer: shape.text().optional(),
  statement_descriptor: shape.text(22).optional(),
  custom_fields: z
    .array(z.strictObject({ name: shape.text(40), value: shape.text(140) }))
    .max(4)
    .optional(),
  /** Let Stripe finalize it and collect the money by itself. Default: false. */
  auto_advance: z.boolean().optional(),
  default_payment_method: z.string().optional(),
  metadata: shape.metadata.optional(),
});

export type StripeInvoice = z.output<typeof invoiceRecord>;
export type StripeInvoiceFields = z.output<typeof invoiceFields>;

const INVOICE: Kind<StripeInvoice> = {
  name: "invoices",
  route: "/invoices",
  expand: ["payments"],
  tellsDeletions: true,
  complete: async (api, invoice) => {
    if (!invoice.lines.has_more) return invoice;
    const lines = await allParts<StripeInvoiceLine>(api, "/invoices/{id}/lines", { id: invoice.id });
    return { ...invoice, lines: { ...invoice.lines, data: [...lines], has_more: false } };
  },
};

const SAVING: Saving<StripeInvoiceFields> = {
  changeable: [
    ...(["lines", "status", "collection_method", "days_until_due", "due_date", "effective_at", "number"] as const),
    ...(["description", "footer", "statement_descriptor", "custom_fields", "auto_advance"] as const),
    ...(["default_payment_method", "metadata"] as const),
  ],
  narrowed: ({ customer }) => ({ customer }),
};

export const invoices = defineResource<StripeInvoice, StripeInvoiceFields, "void" | "delete" | "markUncollectible">({
  name: "invoices",
  schema: invoiceRecord,
  ...readingOf(INVOICE),
  title: ({ id, number }) => (number ? `Invoice ${number}` : `Draft ${id}`),
  write: {
    fields: invoiceFields,
    safety: SAFETY,
    create: (api, order) => createInvoice(api, INVOICE, order, SAVING),
    update: (api, order) => updateInvoice(api, INVOICE, order, SAVING),
    removals: {
      void: (api, order) => voidInvoice(api, INVOICE, order),
      delete: (api, order) => remove(api, INVOICE, order),
      markUncollectible: (api, order) =>
        retire(api, INVOICE, order, {
          action: "mark_uncollectible",
          isDone: ({ status }) => status === "uncollectible",
        }),
    },
    lookup: (api, { idempotencyKey, fields }) => findStamped(api, INVOICE, idempotencyKey, SAVING.narrowed(fields)),
    // Lines are left out: what Stripe shows of one does not tell in which way it was written.
    fieldsOf: (invoice) =>
      present({
        ...pick(invoice, ["currency", "number", "description", "footer", "statement_descriptor", "custom_fields"]),
        ...pick(invoice, ["auto_advance", "due_date", "effective_at"]),
        customer: idOf(invoice.customer),
        collection_method: invoice.collection_method as StripeInvoiceFields["collection_method"],
        status: reached(invoice.status),
        default_payment_method: idOf(invoice.default_payment_method),
        metadata: metadataOf(invoice),
      }) as Partial<StripeInvoiceFields>,
  },
});

function reached(status: string | null | undefined): StripeInvoiceFields["status"] {
  return status === "draft" || status === "open" || status === "paid" ? status : undefined;
}
