// Product variants. Shopify writes them only through their product, and knows them within it by their option values.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Page, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, type Connection, nodesOf, pageOf, restOf, updatedSince } from "./ask.ts";
import {
  PRODUCT_VARIANTS,
  VARIANT_PRODUCT,
  VARIANTS_BY_ID,
  VARIANTS_CREATE,
  VARIANTS_DELETE,
  VARIANTS_PAGE,
  VARIANTS_UPDATE,
} from "./documents/variants.ts";
import { gone } from "./gone.ts";
import { OVERLAP_MS } from "./overlap.ts";
import { dateTime, decimal, gid, money, utcSeconds } from "./shapes.ts";

const PAGE_SIZE = 100;
/** Variants of a product are read from the product itself, not from the search index. */
const LOOKUP_LAG_MS = 1_000;

const inventoryPolicy = z.enum(["CONTINUE", "DENY"]);

export const variantRecord = z.object({
  id: gid,
  legacyResourceId: z.string(),
  title: z.string(),
  displayName: z.string(),
  sku: z.string().nullable(),
  barcode: z.string().nullable(),
  /** In the shop's currency. */
  price: decimal,
  compareAtPrice: decimal.nullable(),
  position: z.number().int(),
  taxable: z.boolean(),
  availableForSale: z.boolean(),
  inventoryQuantity: z.number().int().nullable(),
  inventoryPolicy,
  createdAt: dateTime,
  updatedAt: dateTime,
  selectedOptions: z.array(z.object({ name: z.string(), value: z.string() })),
  inventoryItem: z.object({
    id: gid,
    tracked: z.boolean(),
    requiresShipping: z.boolean(),
    unitCost: money.nullable(),
  }),
  product: z.object({
    id: gid,
    title: z.string(),
    handle: z.string(),
    status: z.enum(["ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"]),
  }),
});
export type VariantRecord = z.infer<typeof variantRecord>;

const variantFields = z.object({
  /** The product it belongs to; cannot be changed later. */
  productId: gid,
  /** Which of the product's options it is, such as Size: L. Unique within the product. */
  optionValues: z.array(z.object({ optionName: z.string(), name: z.string() })).min(1),
  price: decimal.optional(),
  compareAtPrice: decimal.nullish(),
  sku: z.string().nullish(),
  barcode: z.string().nullish(),
  taxable: z.boolean().optional(),
  inventoryPolicy: inventoryPolicy.optional(),
});
export type VariantFields = z.infer<typeof variantFields>;

export const variants = defineResource<VariantRecord, VariantFields, "delete">({
  name: "variants",
  schema: variantRecord,
  key: (variant) => variant.id,
  version: (variant) => utcSeconds(variant.updatedAt),
  title: (variant) => variant.sku ?? variant.displayName,
  read: {
    keysMax: PAGE_SIZE,
    records: async (api, keys) => (await nodesOf(api, VARIANTS_BY_ID, keys)) as readonly VariantRecord[],
  },
  // Shopify cannot sort variants by their change; by key a page is as stable, and no record moves while we read.
  changes: { overlapMs: OVERLAP_MS, page: (api, { since, cursor }) => page(api, updatedSince(since), cursor) },
  everything: { page: (api, { cursor }) => page(api, null, cursor) },
  write: {
    fields: variantFields,
    safety: { kind: "lookup", lagMs: LOOKUP_LAG_MS },
    create,
    update,
    removals: {
      delete: async (api, { key }) => {
        const productId = await productOf(api, key);
        return productId === undefined ? undefined : gone(ask(api, VARIANTS_DELETE, { productId, variantsIds: [key] }));
      },
    },
    lookup,
    fieldsOf: variantFieldsOf,
  },
});

async function page(api: Api, query: string | null, cursor: string | undefined): Promise<Page<VariantRecord>> {
  const { nodes, next } = await pageOf(api, {
    document: VARIANTS_PAGE,
    field: "productVariants",
    variables: { query },
    size: PAGE_SIZE,
    cursor,
  });
  const records = nodes as readonly VariantRecord[];
  return next === undefined ? { records } : { records, next };
}

async function create(api: Api, { fields }: WriteOrder<VariantFields>): Promise<Written<VariantRecord>> {
  const { productId, ...rest } = fields;
  const data = await ask(api, VARIANTS_CREATE, { productId, variants: [inputOf(rest)] });
  return writtenFirst(data["productVariantsBulkCreate"]);
}

async function update(
  api: Api,
  { key, fields, changed, record }: UpdateOrder<VariantFields, VariantRecord>,
): Promise<Written<VariantRecord>> {
  if (changed.includes("productId")) {
    throw new CallFailed(
      { kind: "invalid", reason: "a variant cannot be moved to another product" },
      `Cannot update variant ${key}: wanted its product unchanged, got another productId; delete it and make it anew there`,
    );
  }
  const productId = record?.product.id ?? (await productOf(api, key)) ?? fields.productId;
  const differing = Object.fromEntries(changed.map((name) => [name, fields[name] ?? null]));
  const data = await ask(api, VARIANTS_UPDATE, { productId, variants: [{ id: key, ...inputOf(differing) }] });
  return writtenFirst(data["productVariantsBulkUpdate"]);
}

/** The sku is kept on the inventory item. */
function inputOf({ sku, ...rest }: Partial<Omit<VariantFields, "productId">>): object {
  return sku === undefined ? rest : { ...rest, inventoryItem: { sku } };
}

async function productOf(api: Api, key: string): Promise<string | undefined> {
  const data = await ask(api, VARIANT_PRODUCT, { id: key });
  return (data["productVariant"] as { readonly product: { readonly id: string } } | null)?.product.id;
}

async function lookup(api: Api, { fields }: WriteOrder<VariantFields>): Promise<readonly Written<VariantRecord>[]> {
  const data = await ask(api, PRODUCT_VARIANTS, { id: fields.productId, first: PAGE_SIZE, after: null });
  const product = data["product"] as { readonly variants: Connection } | null;
  if (product === null) return [];
  const all = (await restOf(api, product.variants, {
    document: PRODUCT_VARIANTS,
    owner: "product",
    field: "variants",
    id: fields.productId,
  })) as readonly VariantRecord[];
  const wanted = optionsKey(fields.optionValues.map(({ optionName, name }) => ({ name: optionName, value: name })));
  return all.filter((variant) => optionsKey(variant.selectedOptions) === wanted).map(written);
}

const BY_TEXT = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function optionsKey(options: readonly { readonly name: string; readonly value: string }[]): string {
  return JSON.stringify(options.map(({ name, value }) => `${name}\n${value}`.toLowerCase()).toSorted(BY_TEXT));
}

function variantFieldsOf(record: VariantRecord): Partial<VariantFields> {
  return {
    productId: record.product.id,
    optionValues: record.selectedOptions.map(({ name, value }) => ({ optionName: name, name: value })),
    price: record.price,
    compareAtPrice: record.compareAtPrice,
    sku: record.sku,
    barcode: record.barcode,
    taxable: record.taxable,
    inventoryPolicy: record.inventoryPolicy,
  };
}

function writtenFirst(payload: unknown): Written<VariantRecord> {
  const [record] = (payload as { readonly productVariants: readonly VariantRecord[] }).productVariants;
  if (record === undefined) {
    throw new CallFailed(
      { kind: "unknown", reason: "the answer names no variant" },
      "Cannot tell what became of the variant: wanted it in the answer, got none; look it up before writing again",
    );
  }
  return written(record);
}

function written(record: VariantRecord): Written<VariantRecord> {
  return { key: record.id, version: utcSeconds(record.updatedAt), record };
}
