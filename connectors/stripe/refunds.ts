// Refunds: money that was given back. Nothing of one can be changed but its metadata.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { idOf, metadataOf, pick, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { create, retire, SAFETY, update, type Saving } from "./writing.ts";

const refundRecord = z.object({
  ...shape.everyRecord("refund"),
  created: shape.seconds,
  status: shape.maybeText,
  amount: shape.amount,
  currency: z.string(),
  balance_transaction: shape.reference.nullish(),
  charge: shape.reference.nullish(),
  payment_intent: shape.reference.nullish(),
  reason: shape.maybeText,
  receipt_number: shape.maybeText,
  failure_reason: shape.maybeText,
});

const refundFields = z
  .strictObject({
    charge: shape.id.optional(),
    payment_intent: shape.id.optional(),
    /** In minor units. Default: all that is left. */
    amount: shape.amount.min(1).optional(),
    reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
    metadata: shape.metadata.optional(),
  })
  .refine(
    ({ charge, payment_intent: intent }) => (charge === undefined) !== (intent === undefined),
    "a refund is of either a charge or a payment_intent",
  );

export type StripeRefund = z.output<typeof refundRecord>;
export type StripeRefundFields = z.output<typeof refundFields>;

const REFUND: Kind<StripeRefund> = { name: "refunds", route: "/refunds", tellsDeletions: true };

const SAVING: Saving<StripeRefundFields> = {
  changeable: ["metadata"],
  narrowed: ({ charge, payment_intent }) => (charge === undefined ? { payment_intent } : { charge }),
};

export const refunds = defineResource<StripeRefund, StripeRefundFields, "cancel">({
  name: "refunds",
  schema: refundRecord,
  ...readingOf(REFUND),
  title: ({ id }) => id,
  write: {
    fields: refundFields,
    safety: SAFETY,
    create: (api, order) => create(api, REFUND, order, SAVING),
    update: (api, order) => update(api, REFUND, order, SAVING),
    removals: {
      cancel: (api, order) =>
        retire(api, REFUND, order, { action: "cancel", isDone: ({ status }) => status === "canceled" }),
    },
    lookup: (api, { idempotencyKey, fields }) => findStamped(api, REFUND, idempotencyKey, SAVING.narrowed(fields)),
    fieldsOf: (refund) =>
      present({
        ...pick(refund, ["amount"]),
        charge: idOf(refund.charge),
        payment_intent: idOf(refund.payment_intent),
        reason: (refund.reason ?? undefined) as StripeRefundFields["reason"],
        metadata: metadataOf(refund),
      }),
  },
});
