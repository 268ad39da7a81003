// Invoices: sales (ACCREC) and bills (ACCPAY) alike. Give each an InvoiceNumber: a sale's is unique, and by it one is found
// again once Xero has forgotten the idempotency key.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { isDeleted, PRICE_DIGITS, type Entity } from "./entity.ts";
import { creatingTogether } from "./creating-together.ts";
import { lineFields, lineRecord, fieldLines, withLineIds } from "./line-items.ts";
import { lookupInvoice } from "./invoice-lookup.ts";
import { filled, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { changeStatus, createOf, readOne, SAFETY, updateOf, type SavingOptions } from "./writing.ts";

const INVOICE: Entity = {
  name: "Invoices",
  idField: "InvoiceID",
  paged: true,
  readsByIds: true,
  query: PRICE_DIGITS,
  isGone: isDeleted,
};

const plainFields = {
  Date: shape.day.optional(),
  DueDate: shape.day.optional(),
  InvoiceNumber: shape.text(255).optional(),
  /** Sales only: what Xero shows as a bill's reference is its InvoiceNumber. */
  Reference: shape.text(255).optional(),
  BrandingThemeID: shape.id.optional(),
  Url: shape.text(2_000).optional(),
  CurrencyCode: shape.currency.optional(),
  CurrencyRate: shape.quantity.optional(),
  SentToContact: z.boolean().optional(),
  ExpectedPaymentDate: shape.day.optional(),
  PlannedPaymentDate: shape.day.optional(),
};

const LINE_AMOUNT_TYPES = ["Exclusive", "Inclusive", "NoTax"] as const;
/** PAID is what becomes of one by its payments; DELETED and VOIDED are removals. */
const WRITABLE_STATUSES = ["DRAFT", "SUBMITTED", "AUTHORISED"] as const;
const TYPES = ["ACCREC", "ACCPAY"] as const;

const invoiceRecord = z.object({
  ...plainFields,
  BrandingThemeID: z.string().optional(),
  CurrencyCode: z.string().optional(),
  InvoiceID: shape.id,
  Type: z.string(),
  Status: z.string(),
  Contact: z.object({ ContactID: z.string(), Name: z.string().optional() }),
  LineItems: z.array(lineRecord).optional(),
  LineAmountTypes: z.string().optional(),
  SubTotal: shape.money.optional(),
  TotalTax: shape.money.optional(),
  Total: shape.money.optional(),
  TotalDiscount: shape.money.optional(),
  AmountDue: shape.money.optional(),
  AmountPaid: shape.money.optional(),
  AmountCredited: shape.money.optional(),
  FullyPaidOnDate: shape.day.optional(),
  UpdatedDateUTC: shape.moment.optional(),
  HasAttachments: z.boolean().optional(),
  Payments: z
    .array(z.object({ PaymentID: z.string(), Date: shape.day.optional(), Amount: shape.money.optional() }))
    .optional(),
});

const invoiceFields = z
  .strictObject({
    ...plainFields,
    Type: z.enum(TYPES),
    /** By id alone: further fields would change the contact. */
    Contact: z.strictObject({ ContactID: shape.id }),
    LineItems: z.array(lineFields).min(1),
    LineAmountTypes: z.enum(LINE_AMOUNT_TYPES).optional(),
    Status: z.enum(WRITABLE_STATUSES).optional(),
  })
  .superRefine(({ Type, Status, DueDate, Reference, LineItems }, context) => {
    const say = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (Status === "AUTHORISED" && DueDate === undefined) say("DueDate", "an AUTHORISED invoice needs a DueDate");
    if (Type === "ACCREC") return;
    if (Reference !== undefined) say("Reference", "a bill has no Reference: Xero shows its InvoiceNumber as such");
    if (LineItems.some((line) => line.DiscountRate !== undefined))
      say("LineItems", "a bill's line has no DiscountRate");
  });

export type XeroInvoice = z.output<typeof invoiceRecord>;
export type XeroInvoiceFields = z.output<typeof invoiceFields>;

const PLAIN_NAMES = Object.keys(plainFields) as (keyof typeof plainFields)[];

const SAVING: SavingOptions<XeroInvoiceFields> = {
  cleared: { Reference: "", Url: "" },
  prepare: keepLineIds,
};

const create = createOf<XeroInvoice, XeroInvoiceFields>(INVOICE);

export const invoices = defineResource<XeroInvoice, XeroInvoiceFields, "void" | "delete">({
  name: "invoices",
  schema: invoiceRecord,
  ...readingOf<XeroInvoice>(INVOICE, { tellsDeletions: true }),
  title: ({ Type, InvoiceNumber, InvoiceID }) =>
    `${Type === "ACCPAY" ? "Bill" : "Invoice"} ${InvoiceNumber === undefined || InvoiceNumber === "" ? InvoiceID : InvoiceNumber}`,
  write: {
    fields: invoiceFields,
    safety: SAFETY,
    create,
    together: creatingTogether<XeroInvoice, XeroInvoiceFields, "void" | "delete">({
      entity: INVOICE,
      resource: "Invoices",
      isUnique: ({ Type, InvoiceNumber }) => Type === "ACCREC" && InvoiceNumber !== undefined && InvoiceNumber !== "",
      alone: create,
    }),
    update: updateOf<XeroInvoice, XeroInvoiceFields>(INVOICE, SAVING),
    removals: {
      void: (api, order) => changeStatus<XeroInvoice>(api, INVOICE, order, { Status: "VOIDED" }),
      delete: async (api, order) => {
        await changeStatus<XeroInvoice>(api, INVOICE, order, { Status: "DELETED" });
        return undefined;
      },
    },
    lookup: (api, order) => lookupInvoice<XeroInvoice>(api, INVOICE, order),
    fieldsOf,
  },
});

async function keepLineIds(
  api: Api,
  key: string,
  fields: Partial<XeroInvoiceFields>,
): Promise<Partial<XeroInvoiceFields>> {
  if (fields.LineItems === undefined) return fields;
  const now = await readOne<XeroInvoice>(api, INVOICE, key);
  if (INVOICE.isGone(now)) {
    const reason = `the invoice ${key} was deleted`;
    throw new CallFailed({ kind: "missing", reason }, `Could not change an invoice: ${reason}`);
  }
  return { ...fields, LineItems: [...withLineIds(fields.LineItems, now.LineItems ?? [])] };
}

function fieldsOf(invoice: XeroInvoice): Partial<XeroInvoiceFields> {
  const { Contact, LineItems, Type, Status, LineAmountTypes } = invoice;
  // A paid one was authorised, and is as far as anybody writes it.
  const status = Status === "PAID" ? "AUTHORISED" : Status;
  return present({
    ...filled(invoice, PLAIN_NAMES),
    Type: TYPES.find((type) => type === Type),
    Contact: { ContactID: Contact.ContactID },
    LineItems: LineItems === undefined ? undefined : fieldLines(LineItems),
    LineAmountTypes: LINE_AMOUNT_TYPES.find((type) => type === LineAmountTypes),
    Status: WRITABLE_STATUSES.find((known) => known === status),
  });
}
