// Prices. What one costs never changes: a new amount is a new price. `lookup_key` is its natural key.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { idOf, metadataOf, pick, present } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped, writtenOf } from "./stamp.ts";
import { ask } from "./ask.ts";
import type { Shown } from "./kind.ts";
import { create, retire, SAFETY, update, type Saving } from "./writing.ts";

const priceRecord = z.object({
  ...shape.everyRecord("price"),
  created: shape.seconds,
  active: z.boolean(),
  billing_scheme: z.string(),
  currency: z.string(),
  lookup_key: shape.maybeText,
  nickname: shape.maybeText,
  product: shape.reference,
  recurring: z.object({ interval: z.string(), interval_count: z.int(), usage_type: z.string().optional() }).nullish(),
  tax_behavior: shape.maybeText,
  type: z.string(),
  /** In minor units; null where it has digits behind the point, or tiers. */
  unit_amount: shape.amount.nullish(),
  /** In minor units, as decimal text. */
  unit_amount_decimal: shape.maybeText,
});

const priceFields = z
  .strictObject({
    currency: shape.currency,
    product: shape.id,
    unit_amount: shape.amount.min(0).optional(),
    unit_amount_decimal: shape.decimal.optional(),
    recurring: shape.recurring.optional(),
    nickname: shape.text().optional(),
    lookup_key: shape.text(200).min(1).optional(),
    /** Take the lookup key over from the price that has it. Default: that is a conflict. */
    transfer_lookup_key: z.boolean().optional(),
    tax_behavior: z.enum(["exclusive", "inclusive", "unspecified"]).optional(),
    active: z.boolean().optional(),
    metadata: shape.metadata.optional(),
  })
  .refine(
    ({ unit_amount, unit_amount_decimal }) => (unit_amount === undefined) !== (unit_amount_decimal === undefined),
    "a price has either unit_amount or unit_amount_decimal",
  );

export type StripePrice = z.output<typeof priceRecord>;
export type StripePriceFields = z.output<typeof priceFields>;

const PRICE: Kind<StripePrice> = { name: "prices", route: "/prices", tellsDeletions: true };

const SAVING: Saving<StripePriceFields> = {
  changeable: ["nickname", "lookup_key", "transfer_lookup_key", "tax_behavior", "active", "metadata"],
  narrowed: ({ product }) => ({ product }),
};

export const prices = defineResource<StripePrice, StripePriceFields, "archive">({
  name: "prices",
  schema: priceRecord,
  ...readingOf(PRICE),
  title: ({ id, nickname, lookup_key: key }) => nickname ?? key ?? id,
  write: {
    fields: priceFields,
    safety: SAFETY,
    create: (api, order) => create(api, PRICE, order, SAVING),
    update: (api, order) => update(api, PRICE, order, SAVING),
    removals: {
      archive: (api, order) =>
        retire(api, PRICE, order, { action: "", form: { active: false }, isDone: ({ active }) => !active }),
    },
    lookup: async (api, { idempotencyKey, fields: { lookup_key: key, product } }) => {
      if (key === undefined) return findStamped(api, PRICE, idempotencyKey, { product });
      const page = await ask<Shown<StripePrice>>(api, {
        method: "GET",
        route: "/prices",
        form: { lookup_keys: [key] },
      });
      return page.data.map((price) => writtenOf(price));
    },
    fieldsOf,
  },
});

function fieldsOf(price: StripePrice): Partial<StripePriceFields> {
  const { unit_amount: whole, unit_amount_decimal: decimal, recurring, tax_behavior: tax } = price;
  return present({
    ...pick(price, ["currency", "nickname", "lookup_key", "active"]),
    product: idOf(price.product),
    unit_amount: whole ?? undefined,
    unit_amount_decimal: typeof whole === "number" ? undefined : (decimal ?? undefined),
    recurring: recurring === null ? undefined : (recurring as StripePriceFields["recurring"]),
    tax_behavior: (tax ?? undefined) as StripePriceFields["tax_behavior"],
    metadata: metadataOf(price),
  });
}
