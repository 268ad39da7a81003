// Invoice items: what waits for a customer's next invoice, or stands on a draft.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { isSoldOneWay, ONE_WAY, soldFields, soldRecord } from "./lines.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { create, remove, SAFETY, update, type Saving } from "./writing.ts";

const invoiceItemRecord = z.object({
  ...shape.everyRecord("invoiceitem"),
  ...soldRecord,
  date: shape.seconds,
  customer: shape.reference,
  invoice: shape.reference.nullish(),
  proration: z.boolean(),
});

const invoiceItemFields = z
  .strictObject({
    ...soldFields,
    customer: shape.id,
    /** A draft; without it the item waits for the next invoice. */
    invoice: shape.id.optional(),
    currency: shape.currency.optional(),
  })
  .refine(isSoldOneWay, `an invoice item ${ONE_WAY}`);

export type StripeInvoiceItem = z.output<typeof invoiceItemRecord>;
export type StripeInvoiceItemFields = z.output<typeof invoiceItemFields>;

const INVOICE_ITEM: Kind<StripeInvoiceItem> = { name: "invoiceItems", route: "/invoiceitems", tellsDeletions: true };

const SAVING: Saving<StripeInvoiceItemFields> = {
  changeable: Object.keys(soldFields) as (keyof typeof soldFields)[],
  narrowed: ({ customer, invoice }) => (invoice === undefined ? { customer } : { invoice }),
};

export const invoiceItems = defineResource<StripeInvoiceItem, StripeInvoiceItemFields, "delete">({
  name: "invoiceItems",
  schema: invoiceItemRecord,
  ...readingOf(INVOICE_ITEM),
  title: ({ id, description }) => description ?? id,
  write: {
    fields: invoiceItemFields,
    safety: SAFETY,
    create: (api, order) => create(api, INVOICE_ITEM, order, SAVING),
    update: (api, order) => {
      // A quantity means nothing to Stripe without the price that it multiplies.
      const changed = order.changed.includes("quantity")
        ? [...new Set([...order.changed, ...priced(order.fields)])]
        : order.changed;
      return update(api, INVOICE_ITEM, { ...order, changed }, SAVING);
    },
    removals: { delete: (api, order) => remove(api, INVOICE_ITEM, order) },
    lookup: (api, { idempotencyKey, fields }) =>
      findStamped(api, INVOICE_ITEM, idempotencyKey, SAVING.narrowed(fields)),
  },
});

function priced({ pricing, price_data: data }: StripeInvoiceItemFields): readonly ("pricing" | "price_data")[] {
  return pricing !== undefined ? ["pricing"] : data !== undefined ? ["price_data"] : [];
}
