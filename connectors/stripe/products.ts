// Products. Give one an `id` of your own, such as an article number: then making it twice is refused by Stripe itself.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Kind } from "./kind.ts";
import { metadataOf, pick, present } from "./normal.ts";
import { readingOf, readOne } from "./reading.ts";
import * as shape from "./shapes.ts";
import { findStamped, writtenOf } from "./stamp.ts";
import { create, remove, retire, SAFETY, update, type Saving } from "./writing.ts";

const productRecord = z.object({
  ...shape.everyRecord("product"),
  created: shape.seconds,
  updated: shape.seconds.optional(),
  name: z.string(),
  active: z.boolean(),
  description: shape.maybeText,
  default_price: shape.reference.nullish(),
  images: z.array(z.string()).optional(),
  shippable: z.boolean().nullish(),
  statement_descriptor: shape.maybeText,
  tax_code: shape.reference.nullish(),
  unit_label: shape.maybeText,
  url: shape.maybeText,
});

const productFields = z.strictObject({
  /** Chosen by you, and never changed. */
  id: shape.id.regex(/^[\w.-]+$/, "a product's id is made of letters, digits, points, _ and -").optional(),
  name: shape.text().min(1),
  active: z.boolean().optional(),
  description: shape.text(40_000).optional(),
  images: z.array(z.url()).max(8).optional(),
  shippable: z.boolean().optional(),
  statement_descriptor: shape.text(22).optional(),
  tax_code: z.string().optional(),
  unit_label: shape.text(12).optional(),
  url: z.url().optional(),
  metadata: shape.metadata.optional(),
});

export type StripeProduct = z.output<typeof productRecord>;
export type StripeProductFields = z.output<typeof productFields>;

const PRODUCT: Kind<StripeProduct> = { name: "products", route: "/products", tellsDeletions: true };

const SAVING: Saving<StripeProductFields> = {
  changeable: (Object.keys(productFields.shape) as (keyof StripeProductFields)[]).filter((name) => name !== "id"),
  narrowed: ({ id }) => (id === undefined ? undefined : { ids: [id] }),
};

export const products = defineResource<StripeProduct, StripeProductFields, "delete" | "archive">({
  name: "products",
  schema: productRecord,
  ...readingOf(PRODUCT),
  title: ({ name }) => name,
  write: {
    fields: productFields,
    safety: SAFETY,
    create: (api, order) => create(api, PRODUCT, order, SAVING),
    update: (api, order) => update(api, PRODUCT, order, SAVING),
    removals: {
      delete: (api, order) => remove(api, PRODUCT, order),
      archive: (api, order) =>
        retire(api, PRODUCT, order, { action: "", form: { active: false }, isDone: ({ active }) => !active }),
    },
    lookup: async (api, { idempotencyKey, fields }) => {
      if (fields.id === undefined) return findStamped(api, PRODUCT, idempotencyKey, undefined);
      const product = await readOne(api, PRODUCT, fields.id);
      return product === undefined ? [] : [writtenOf(product)];
    },
    fieldsOf: (product) =>
      present({
        ...pick(product, ["id", "name", "active", "description", "shippable", "statement_descriptor"]),
        ...pick(product, ["unit_label", "url"]),
        images: product.images?.length ? product.images : undefined,
        tax_code: typeof product.tax_code === "object" ? product.tax_code?.id : product.tax_code,
        metadata: metadataOf(product),
      }),
  },
});
