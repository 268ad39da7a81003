// Invoices. Give each a DocNumber: it is how one is found again when nobody remembers its `requestid` any more.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Entity } from "./entity.ts";
import { pick } from "./normal.ts";
import { readingOf } from "./reading.ts";
import { fieldsOfSale, lookupSale, salesFields, salesRecord, salesToWire } from "./sales.ts";
import * as shape from "./shapes.ts";
import { deleteTransaction, SAFETY, savingOf, voidTransaction } from "./writing.ts";

const INVOICE: Entity = { name: "Invoice", path: "/invoice", list: false };

const ownFields = {
  DueDate: shape.date.optional(),
  Deposit: shape.money.optional(),
  AllowOnlineCreditCardPayment: z.boolean().optional(),
  AllowOnlineACHPayment: z.boolean().optional(),
};

const OWN_NAMES = Object.keys(ownFields) as (keyof typeof ownFields)[];

const invoiceRecord = z.object({
  ...salesRecord,
  ...ownFields,
  Balance: shape.money,
  InvoiceLink: z.string().optional(),
});
const invoiceFields = z.strictObject({ ...salesFields, ...ownFields });

export type QuickBooksInvoice = z.output<typeof invoiceRecord>;
export type QuickBooksInvoiceFields = z.output<typeof invoiceFields>;

export const invoices = defineResource<QuickBooksInvoice, QuickBooksInvoiceFields, "void" | "delete">({
  name: "invoices",
  schema: invoiceRecord,
  ...readingOf<QuickBooksInvoice>(INVOICE),
  title: ({ DocNumber, Id }) => (DocNumber === undefined ? `Invoice with Id ${Id}` : `Invoice ${DocNumber}`),
  write: {
    fields: invoiceFields,
    safety: SAFETY,
    guarded: true,
    ...savingOf<QuickBooksInvoice, QuickBooksInvoiceFields>(INVOICE, salesToWire),
    removals: {
      void: (api, order) => voidTransaction<QuickBooksInvoice>(api, INVOICE, order, { operation: "void" }),
      delete: (api, order) => deleteTransaction(api, INVOICE, order),
    },
    lookup: (api, order) => lookupSale<QuickBooksInvoice>(api, INVOICE, order),
    fieldsOf: (invoice) => ({ ...fieldsOfSale(invoice), ...pick(invoice, OWN_NAMES) }),
  },
});
