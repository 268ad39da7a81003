// Subscriptions with their items. Items are known by their price: one item for each price, as it should be.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import { allParts, type Kind } from "./kind.ts";
import { idOf, metadataOf, pick, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped } from "./stamp.ts";
import { cancelSubscription, updateSubscription } from "./subscription-steps.ts";
import { create, retire, SAFETY, type Saving } from "./writing.ts";

/** Stripe takes no more in one subscription. */
const ITEMS_MAX = 20;

const itemRecord = z.object({
  id: shape.id,
  quantity: z.int().optional(),
  price: z.object({ id: z.string(), unit_amount: shape.amount.nullish(), currency: z.string() }),
  current_period_start: shape.seconds,
  current_period_end: shape.seconds,
  metadata: shape.metadataRecord.nullish(),
});

const subscriptionRecord = z.object({
  ...shape.everyRecord("subscription"),
  created: shape.seconds,
  status: z.string(),
  customer: shape.reference,
  currency: z.string(),
  collection_method: z.string(),
  days_until_due: z.int().nullish(),
  description: shape.maybeText,
  default_payment_method: shape.reference.nullish(),
  start_date: shape.seconds,
  billing_cycle_anchor: shape.seconds,
  cancel_at: shape.seconds.nullish(),
  cancel_at_period_end: z.boolean(),
  canceled_at: shape.seconds.nullish(),
  ended_at: shape.seconds.nullish(),
  trial_start: shape.seconds.nullish(),
  trial_end: shape.seconds.nullish(),
  latest_invoice: shape.reference.nullish(),
  items: shape.listOf(itemRecord),
});

const subscriptionFields = z.strictObject({
  customer: shape.id,
  items: z
    .array(z.strictObject({ price: shape.id, quantity: z.int().min(0).optional() }))
    .min(1)
    .max(ITEMS_MAX)
    .refine((items) => new Set(items.map(({ price }) => price)).size === items.length, "each price stands in one item"),
  collection_method: z.enum(["charge_automatically", "send_invoice"]).optional(),
  days_until_due: z.int().min(0).optional(),
  default_payment_method: z.string().optional(),
  description: shape.text(500).optional(),
  cancel_at_period_end: z.boolean().optional(),
  trial_end: shape.seconds.optional(),
  /** What becomes of the first invoice when it is not paid at once. Stripe's default: "allow_incomplete". */
  payment_behavior: z.enum(["allow_incomplete", "default_incomplete", "error_if_incomplete"]).optional(),
  /** What becomes of a period that has begun when the items change. Stripe's default: "create_prorations". */
  proration_behavior: z.enum(["create_prorations", "none", "always_invoice"]).optional(),
  metadata: shape.metadata.optional(),
});

export type StripeSubscription = z.output<typeof subscriptionRecord>;
export type StripeSubscriptionFields = z.output<typeof subscriptionFields>;

const SUBSCRIPTION: Kind<StripeSubscription> = {
  name: "subscriptions",
  route: "/subscriptions",
  // Without this a list leaves canceled ones out.
  listing: { status: "all" },
  tellsDeletions: true,
  complete: async (api, subscription) => {
    if (!subscription.items.has_more) return subscription;
    type Item = StripeSubscription["items"]["data"][number];
    const data = await allParts<Item>(api, "/subscription_items", { form: { subscription: subscription.id } });
    return { ...subscription, items: { ...subscription.items, data: [...data], has_more: false } };
  },
};

const SAVING: Saving<StripeSubscriptionFields> = {
  changeable: [
    ...(["items", "collection_method", "days_until_due", "default_payment_method", "description"] as const),
    ...(["cancel_at_period_end", "trial_end", "proration_behavior", "metadata"] as const),
  ],
  narrowed: ({ customer }) => ({ customer }),
};

export const subscriptions = defineResource<
  StripeSubscription,
  StripeSubscriptionFields,
  "cancel" | "cancelAtPeriodEnd"
>({
  name: "subscriptions",
  schema: subscriptionRecord,
  ...readingOf(SUBSCRIPTION),
  title: ({ id, description }) => description ?? id,
  write: {
    fields: subscriptionFields,
    safety: SAFETY,
    create: (api, order) => create(api, SUBSCRIPTION, order, SAVING),
    update: (api, order) => updateSubscription(api, SUBSCRIPTION, order, SAVING),
    removals: {
      cancel: (api, order) => cancelSubscription(api, SUBSCRIPTION, order),
      cancelAtPeriodEnd: (api, order) =>
        retire(api, SUBSCRIPTION, order, {
          action: "",
          form: { cancel_at_period_end: true },
          isDone: ({ status, cancel_at_period_end: ends }) => ends || status === "canceled",
        }),
    },
    lookup: (api, { idempotencyKey, fields }) =>
      findStamped(api, SUBSCRIPTION, idempotencyKey, SAVING.narrowed(fields)),
    fieldsOf: (subscription) =>
      present({
        ...pick(subscription, ["description", "days_until_due", "cancel_at_period_end", "trial_end"]),
        customer: idOf(subscription.customer),
        items: subscription.items.data.map(({ price, quantity }) => present({ price: price.id, quantity })),
        collection_method: subscription.collection_method as StripeSubscriptionFields["collection_method"],
        default_payment_method: idOf(subscription.default_payment_method),
        metadata: metadataOf(subscription),
      }) as Partial<StripeSubscriptionFields>,
  },
});
