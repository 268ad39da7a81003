// Refund receipts: money paid back to a customer at once.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Entity } from "./entity.ts";
import { bareReference, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import { fieldsOfSale, lookupSale, salesFields, salesRecord, salesToWire } from "./sales.ts";
import * as shape from "./shapes.ts";
import { deleteTransaction, SAFETY, savingOf } from "./writing.ts";

const REFUND_RECEIPT: Entity = { name: "RefundReceipt", path: "/refundreceipt", list: false };

const refundReceiptRecord = z.object({
  ...salesRecord,
  DepositToAccountRef: shape.namedReference,
  PaymentMethodRef: shape.namedReference.optional(),
  PaymentRefNum: z.string().optional(),
});
const refundReceiptFields = z.strictObject({
  ...salesFields,
  /** The account the money leaves from. */
  DepositToAccountRef: shape.reference,
  PaymentMethodRef: shape.reference.optional(),
  PaymentRefNum: shape.text(21).optional(),
});

export type QuickBooksRefundReceipt = z.output<typeof refundReceiptRecord>;
export type QuickBooksRefundReceiptFields = z.output<typeof refundReceiptFields>;

export const refundReceipts = defineResource<QuickBooksRefundReceipt, QuickBooksRefundReceiptFields, "delete">({
  name: "refundReceipts",
  schema: refundReceiptRecord,
  ...readingOf<QuickBooksRefundReceipt>(REFUND_RECEIPT),
  title: ({ DocNumber, Id }) => (DocNumber === undefined ? `Refund with Id ${Id}` : `Refund ${DocNumber}`),
  write: {
    fields: refundReceiptFields,
    safety: SAFETY,
    guarded: true,
    ...savingOf<QuickBooksRefundReceipt, QuickBooksRefundReceiptFields>(REFUND_RECEIPT, salesToWire),
    removals: { delete: (api, order) => deleteTransaction(api, REFUND_RECEIPT, order) },
    lookup: (api, order) => lookupSale<QuickBooksRefundReceipt>(api, REFUND_RECEIPT, order),
    fieldsOf: (refund) => ({
      ...fieldsOfSale(refund),
      ...present({
        DepositToAccountRef: bareReference(refund.DepositToAccountRef),
        PaymentMethodRef: bareReference(refund.PaymentMethodRef),
        PaymentRefNum: refund.PaymentRefNum,
      }),
    }),
  },
});
