// Payments of invoices and bills. One cannot be changed: it is deleted and made anew. Xero refuses one that is larger than
// what is owed, so a full payment cannot be made twice.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import type { WriteOrder, Written } from "../../src/define/resource.ts";
import { isDeleted, type Entity } from "./entity.ts";
import { filled, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { whereId } from "./where.ts";
import { changeStatus, createOf, found, SAFETY, written } from "./writing.ts";

const PAYMENT: Entity = {
  name: "Payments",
  idField: "PaymentID",
  paged: true,
  readsByIds: false,
  query: {},
  isGone: isDeleted,
};

const plainFields = {
  Date: shape.day,
  Amount: shape.money,
  CurrencyRate: shape.quantity.optional(),
  Reference: shape.text(255).optional(),
  IsReconciled: z.boolean().optional(),
};

const paymentRecord = z.object({
  ...plainFields,
  PaymentID: shape.id,
  Status: z.string(),
  PaymentType: z.string().optional(),
  BankAmount: shape.money.optional(),
  UpdatedDateUTC: shape.moment.optional(),
  Account: z.object({ AccountID: z.string().optional(), Code: z.string().optional() }).optional(),
  Invoice: z
    .object({ InvoiceID: z.string(), InvoiceNumber: z.string().optional(), Type: z.string().optional() })
    .optional(),
  BatchPaymentID: z.string().optional(),
});

const paymentFields = z.strictObject({
  ...plainFields,
  Invoice: z.strictObject({ InvoiceID: shape.id }),
  /** A bank account, or one that payments are enabled for; not all have a Code. */
  Account: z.union([z.strictObject({ Code: shape.text(10) }), z.strictObject({ AccountID: shape.id })]),
});

export type XeroPayment = z.output<typeof paymentRecord>;
export type XeroPaymentFields = z.output<typeof paymentFields>;

const PLAIN_NAMES = Object.keys(plainFields) as (keyof typeof plainFields)[];

export const payments = defineResource<XeroPayment, XeroPaymentFields, "delete">({
  name: "payments",
  schema: paymentRecord,
  ...readingOf<XeroPayment>(PAYMENT, { tellsDeletions: true }),
  title: ({ Amount, Invoice, PaymentID }) =>
    `Payment of ${Amount} for ${Invoice?.InvoiceNumber === undefined || Invoice.InvoiceNumber === "" ? PaymentID : Invoice.InvoiceNumber}`,
  write: {
    fields: paymentFields,
    safety: SAFETY,
    create: createOf<XeroPayment, XeroPaymentFields>(PAYMENT),
    removals: {
      delete: async (api, order) => {
        await changeStatus<XeroPayment>(api, PAYMENT, order, { Status: "DELETED" });
        return undefined;
      },
    },
    lookup,
    fieldsOf,
  },
});

/** Payments have no number of their own: those of the same invoice with the same day, amount and reference are candidates. */
async function lookup(api: Api, { fields }: WriteOrder<XeroPaymentFields>): Promise<readonly Written<XeroPayment>[]> {
  const { Invoice, Date, Amount, Reference = "" } = fields;
  const paid = await found<XeroPayment>(api, PAYMENT, { where: whereId("Invoice.InvoiceID", Invoice.InvoiceID) });
  return paid
    .filter((one) => one.Date === Date && one.Amount === Amount && (one.Reference ?? "") === Reference)
    .map((payment) => written(PAYMENT, payment));
}

function fieldsOf(payment: XeroPayment): Partial<XeroPaymentFields> {
  const { Invoice, Account } = payment;
  const { Code = "", AccountID } = Account ?? {};
  return present({
    ...filled(payment, PLAIN_NAMES),
    Invoice: Invoice === undefined ? undefined : { InvoiceID: Invoice.InvoiceID },
    Account: Code !== "" ? { Code } : AccountID === undefined ? undefined : { AccountID },
  });
}
