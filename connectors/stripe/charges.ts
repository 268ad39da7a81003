// Charges: money that was taken. New integrations make payment intents, and charges follow from those.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { idOf, metadataOf, pick, present, shippingOf, withAddresses } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { create, SAFETY, update, type Saving } from "./writing.ts";

const chargeRecord = z.object({
  ...shape.everyRecord("charge"),
  created: shape.seconds,
  status: z.string(),
  amount: shape.amount,
  amount_captured: shape.amount,
  amount_refunded: shape.amount,
  currency: z.string(),
  captured: z.boolean(),
  disputed: z.boolean(),
  paid: z.boolean(),
  refunded: z.boolean(),
  balance_transaction: shape.reference.nullish(),
  billing_details: z.object({ name: shape.maybeText, email: shape.maybeText, address: shape.addressRecord.nullish() }),
  customer: shape.reference.nullish(),
  description: shape.maybeText,
  failure_code: shape.maybeText,
  failure_message: shape.maybeText,
  payment_intent: shape.reference.nullish(),
  payment_method: shape.maybeText,
  receipt_email: shape.maybeText,
  receipt_url: shape.maybeText,
  shipping: shape.shippingRecord.nullish(),
  transfer_group: shape.maybeText,
});

const chargeFields = z
  .strictObject({
    amount: shape.amount.min(1),
    currency: shape.currency,
    source: z.string().optional(),
    customer: shape.id.optional(),
    /** Default: true. */
    capture: z.boolean().optional(),
    description: shape.text(1_000).optional(),
    receipt_email: shape.text(512).optional(),
    shipping: shape.shipping.optional(),
    transfer_group: z.string().optional(),
    metadata: shape.metadata.optional(),
  })
  .refine(
    ({ source, customer }) => source !== undefined || customer !== undefined,
    "a charge needs a source or a customer",
  );

export type StripeCharge = z.output<typeof chargeRecord>;
export type StripeChargeFields = z.output<typeof chargeFields>;

const CHARGE: Kind<StripeCharge> = { name: "charges", route: "/charges", tellsDeletions: true };

const SAVING: Saving<StripeChargeFields> = {
  toForm: withAddresses,
  changeable: ["customer", "description", "receipt_email", "shipping", "transfer_group", "metadata"],
  narrowed: ({ customer }) => (customer === undefined ? undefined : { customer }),
};

export const charges = defineResource<StripeCharge, StripeChargeFields>({
  name: "charges",
  schema: chargeRecord,
  ...readingOf(CHARGE),
  title: ({ id, description }) => description ?? id,
  write: {
    fields: chargeFields,
    safety: SAFETY,
    create: (api, order) => create(api, CHARGE, order, SAVING),
    update: (api, order) => update(api, CHARGE, order, SAVING),
    lookup: (api, { idempotencyKey, fields }) => findStamped(api, CHARGE, idempotencyKey, SAVING.narrowed(fields)),
    fieldsOf: (charge) =>
      present({
        ...pick(charge, ["amount", "currency", "description", "receipt_email", "transfer_group"]),
        customer: idOf(charge.customer),
        shipping: shippingOf(charge.shipping),
        metadata: metadataOf(charge),
      }),
  },
});
