// Payment intents: one for each payment that is to be made, and what became of it.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { idOf, metadataOf, pick, present, shippingOf, withAddresses } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { create, retire, SAFETY, update, type Saving } from "./writing.ts";

const paymentIntentRecord = z.object({
  ...shape.everyRecord("payment_intent"),
  created: shape.seconds,
  status: z.string(),
  amount: shape.amount,
  amount_received: shape.amount.optional(),
  amount_capturable: shape.amount.optional(),
  currency: z.string(),
  capture_method: z.string().optional(),
  customer: shape.reference.nullish(),
  description: shape.maybeText,
  latest_charge: shape.reference.nullish(),
  payment_method: shape.reference.nullish(),
  payment_method_types: z.array(z.string()).optional(),
  receipt_email: shape.maybeText,
  setup_future_usage: shape.maybeText,
  shipping: shape.shippingRecord.nullish(),
  statement_descriptor: shape.maybeText,
  statement_descriptor_suffix: shape.maybeText,
  transfer_group: shape.maybeText,
  canceled_at: shape.seconds.nullish(),
  cancellation_reason: shape.maybeText,
  last_payment_error: z.object({ code: z.string().optional(), message: z.string().optional() }).nullish(),
});

const paymentIntentFields = z.strictObject({
  amount: shape.amount.min(1),
  currency: shape.currency,
  customer: shape.id.optional(),
  description: shape.text(1_000).optional(),
  receipt_email: shape.text(512).optional(),
  payment_method: z.string().optional(),
  payment_method_types: z.array(z.string()).min(1).optional(),
  capture_method: z.enum(["automatic", "automatic_async", "manual"]).optional(),
  /** Take the money at once, by `payment_method`, with nobody there to be asked. Default: false. */
  confirm: z.boolean().optional(),
  off_session: z.boolean().optional(),
  setup_future_usage: z.enum(["off_session", "on_session"]).optional(),
  shipping: shape.shipping.optional(),
  statement_descriptor: shape.text(22).optional(),
  statement_descriptor_suffix: shape.text(22).optional(),
  transfer_group: z.string().optional(),
  metadata: shape.metadata.optional(),
});

export type StripePaymentIntent = z.output<typeof paymentIntentRecord>;
export type StripePaymentIntentFields = z.output<typeof paymentIntentFields>;

const PAYMENT_INTENT: Kind<StripePaymentIntent> = {
  name: "paymentIntents",
  route: "/payment_intents",
  tellsDeletions: true,
};

const SAVING: Saving<StripePaymentIntentFields> = {
  toForm: withAddresses,
  changeable: [
    ...(["amount", "currency", "customer", "description", "receipt_email", "payment_method"] as const),
    ...(["setup_future_usage", "shipping", "statement_descriptor", "statement_descriptor_suffix"] as const),
    ...(["transfer_group", "metadata"] as const),
  ],
  narrowed: ({ customer }) => (customer === undefined ? undefined : { customer }),
};

export const paymentIntents = defineResource<StripePaymentIntent, StripePaymentIntentFields, "cancel">({
  name: "paymentIntents",
  schema: paymentIntentRecord,
  ...readingOf(PAYMENT_INTENT),
  title: ({ id, description }) => description ?? id,
  write: {
    fields: paymentIntentFields,
    safety: SAFETY,
    create: (api, order) => create(api, PAYMENT_INTENT, order, SAVING),
    update: (api, order) => update(api, PAYMENT_INTENT, order, SAVING),
    removals: {
      cancel: (api, order) =>
        retire(api, PAYMENT_INTENT, order, { action: "cancel", isDone: ({ status }) => status === "canceled" }),
    },
    lookup: (api, { idempotencyKey, fields }) =>
      findStamped(api, PAYMENT_INTENT, idempotencyKey, SAVING.narrowed(fields)),
    fieldsOf: (intent) =>
      present({
        ...pick(intent, ["amount", "currency", "description", "receipt_email", "statement_descriptor"]),
        ...pick(intent, ["statement_descriptor_suffix", "transfer_group"]),
        customer: idOf(intent.customer),
        payment_method: idOf(intent.payment_method),
        shipping: shippingOf(intent.shipping),
        metadata: metadataOf(intent),
      }),
  },
});
