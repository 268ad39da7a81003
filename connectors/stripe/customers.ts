// Customers. Nothing of one is unique at Stripe, not even the e-mail address.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { addressOf, metadataOf, pick, present, shippingOf, withAddresses } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { create, remove, SAFETY, update, type Saving } from "./writing.ts";

const customerRecord = z.object({
  ...shape.everyRecord("customer"),
  created: shape.seconds,
  name: shape.maybeText,
  email: shape.maybeText,
  phone: shape.maybeText,
  description: shape.maybeText,
  address: shape.addressRecord.nullish(),
  shipping: shape.shippingRecord.nullish(),
  /** What the customer is owed (negative) or owes, in minor units of `currency`. */
  balance: shape.amount,
  currency: shape.maybeText,
  delinquent: z.boolean().nullish(),
  preferred_locales: z.array(z.string()).nullish(),
  tax_exempt: shape.maybeText,
  invoice_prefix: shape.maybeText,
});

const customerFields = z.strictObject({
  name: shape.text(256).optional(),
  email: shape.text(512).optional(),
  phone: shape.text(20).optional(),
  description: shape.text().optional(),
  address: shape.address.optional(),
  shipping: shape.shipping.optional(),
  preferred_locales: z.array(z.string()).optional(),
  tax_exempt: z.enum(["none", "exempt", "reverse"]).optional(),
  metadata: shape.metadata.optional(),
});

export type StripeCustomer = z.output<typeof customerRecord>;
export type StripeCustomerFields = z.output<typeof customerFields>;

const CUSTOMER: Kind<StripeCustomer> = { name: "customers", route: "/customers", tellsDeletions: true };

const SAVING: Saving<StripeCustomerFields> = {
  toForm: withAddresses,
  changeable: Object.keys(customerFields.shape) as (keyof StripeCustomerFields)[],
  narrowed: ({ email }) => (email === undefined ? undefined : { email }),
};

export const customers = defineResource<StripeCustomer, StripeCustomerFields, "delete">({
  name: "customers",
  schema: customerRecord,
  ...readingOf(CUSTOMER),
  title: ({ id, name, email }) => name ?? email ?? id,
  write: {
    fields: customerFields,
    safety: SAFETY,
    create: (api, order) => create(api, CUSTOMER, order, SAVING),
    update: (api, order) => update(api, CUSTOMER, order, SAVING),
    removals: { delete: (api, order) => remove(api, CUSTOMER, order) },
    lookup: (api, { idempotencyKey, fields }) => findStamped(api, CUSTOMER, idempotencyKey, SAVING.narrowed(fields)),
    fieldsOf: (customer) =>
      present({
        ...pick(customer, ["name", "email", "phone", "description", "preferred_locales"]),
        tax_exempt: taxExempt(customer.tax_exempt),
        address: addressOf(customer.address),
        shipping: shippingOf(customer.shipping),
        metadata: metadataOf(customer),
      }),
  },
});

function taxExempt(word: string | null | undefined): StripeCustomerFields["tax_exempt"] {
  return word === "none" || word === "exempt" || word === "reverse" ? word : undefined;
}
