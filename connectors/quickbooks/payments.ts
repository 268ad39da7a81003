// Payments of customers, and which invoices they settle.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { WriteOrder, Written } from "../../src/define/resource.ts";
import type { Entity } from "./entity.ts";
import { bareReference, pick, present } from "./normal.ts";
import { query, quoted, RESULTS_MAX, where } from "./query.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { deleteTransaction, SAFETY, savingOf, voidTransaction, written } from "./writing.ts";

const PAYMENT: Entity = { name: "Payment", path: "/payment", list: false };

const plainFields = {
  TotalAmt: shape.money,
  TxnDate: shape.date.optional(),
  PaymentRefNum: shape.text(21).optional(),
  PrivateNote: shape.text(4_000).optional(),
  ExchangeRate: shape.quantity.optional(),
  ProcessPayment: z.boolean().optional(),
};

const PLAIN_NAMES = Object.keys(plainFields) as (keyof typeof plainFields)[];
const linked = { TxnId: z.string(), TxnType: z.string() };

const paymentRecord = z.object({
  ...shape.everyRecord,
  ...plainFields,
  TxnDate: shape.date,
  CustomerRef: shape.namedReference,
  UnappliedAmt: shape.money.optional(),
  Line: z
    .array(z.object({ Amount: shape.money.optional(), LinkedTxn: z.array(z.object(linked)).optional() }))
    .optional(),
  PaymentMethodRef: shape.namedReference.optional(),
  DepositToAccountRef: shape.namedReference.optional(),
  CurrencyRef: shape.namedReference.optional(),
});

const paymentFields = z.strictObject({
  ...plainFields,
  CustomerRef: shape.reference,
  /** How much of which invoice it settles; what is left over stays unapplied. */
  Line: z
    .array(
      z.strictObject({
        Amount: shape.money,
        LinkedTxn: z.array(z.strictObject({ TxnId: z.string(), TxnType: z.enum(["Invoice", "CreditMemo"]) })).min(1),
      }),
    )
    .optional(),
  PaymentMethodRef: shape.reference.optional(),
  DepositToAccountRef: shape.reference.optional(),
  CurrencyRef: shape.reference.optional(),
});

export type QuickBooksPayment = z.output<typeof paymentRecord>;
export type QuickBooksPaymentFields = z.output<typeof paymentFields>;

export const payments = defineResource<QuickBooksPayment, QuickBooksPaymentFields, "void" | "delete">({
  name: "payments",
  schema: paymentRecord,
  ...readingOf<QuickBooksPayment>(PAYMENT),
  title: ({ PaymentRefNum, TotalAmt, Id }) =>
    PaymentRefNum === undefined ? `Payment of ${TotalAmt} with Id ${Id}` : `Payment ${PaymentRefNum}`,
  write: {
    fields: paymentFields,
    safety: SAFETY,
    guarded: true,
    ...savingOf<QuickBooksPayment, QuickBooksPaymentFields>(PAYMENT),
    removals: {
      void: (api, order) =>
        voidTransaction<QuickBooksPayment>(api, PAYMENT, order, { operation: "update", include: "void" }),
      delete: (api, order) => deleteTransaction(api, PAYMENT, order),
    },
    lookup,
    fieldsOf,
  },
});

/** Payments have no number of their own: the customer's with the same reference, date and amount are candidates. */
async function lookup(
  api: Api,
  { fields }: WriteOrder<QuickBooksPaymentFields>,
): Promise<readonly Written<QuickBooksPayment>[]> {
  const { PaymentRefNum, TxnDate, CustomerRef, TotalAmt } = fields;
  if (PaymentRefNum === undefined && TxnDate === undefined) {
    const message = "Could not look up a Payment: it has neither PaymentRefNum nor TxnDate; give it a PaymentRefNum";
    throw new CallFailed({ kind: "unknown", reason: message }, message);
  }
  const conditions = [`CustomerRef = ${quoted(CustomerRef.value)}`];
  if (TxnDate !== undefined) conditions.push(`TxnDate = ${quoted(TxnDate)}`);
  const order = `orderby Id desc maxresults ${RESULTS_MAX}`;
  const found = await query<QuickBooksPayment>(api, PAYMENT, `${where(PAYMENT, conditions)}${order}`);
  return found
    .filter((payment) => payment.PaymentRefNum === PaymentRefNum && payment.TotalAmt === TotalAmt)
    .map((payment) => written(payment));
}

function fieldsOf(payment: QuickBooksPayment): Partial<QuickBooksPaymentFields> {
  return present({
    ...pick(payment, PLAIN_NAMES),
    CustomerRef: { value: payment.CustomerRef.value },
    Line: appliedLines(payment),
    PaymentMethodRef: bareReference(payment.PaymentMethodRef),
    DepositToAccountRef: bareReference(payment.DepositToAccountRef),
    CurrencyRef: bareReference(payment.CurrencyRef),
  });
}

type FieldLine = NonNullable<QuickBooksPaymentFields["Line"]>[number];

function appliedLines({ Line }: QuickBooksPayment): FieldLine[] | undefined {
  const lines = (Line ?? []).flatMap(({ Amount, LinkedTxn = [] }): FieldLine[] => {
    const links = LinkedTxn.flatMap(({ TxnId, TxnType }) =>
      TxnType === "Invoice" || TxnType === "CreditMemo" ? [{ TxnId, TxnType } as const] : [],
    );
    return Amount === undefined || links.length === 0 ? [] : [{ Amount, LinkedTxn: links }];
  });
  return lines.length === 0 ? undefined : lines;
}
