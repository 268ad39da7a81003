// Products without their variants, which are a resource of their own: a product may have two thousand of them.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Page, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, nodesOf, pageOf, updatedSince } from "./ask.ts";
import {
  PRODUCT_BY_IDENTIFIER,
  PRODUCT_DELETE,
  PRODUCT_SET,
  PRODUCT_UPDATE,
  PRODUCTS_BY_ID,
  PRODUCTS_PAGE,
} from "./documents/products.ts";
import { gone } from "./gone.ts";
import { OVERLAP_MS } from "./overlap.ts";
import { dateTime, gid, money, utcSeconds } from "./shapes.ts";

const PAGE_SIZE = 100;

const productStatus = z.enum(["ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"]);
const seo = z.object({ title: z.string().nullable(), description: z.string().nullable() });

export const productRecord = z.object({
  id: gid,
  legacyResourceId: z.string(),
  handle: z.string(),
  title: z.string(),
  descriptionHtml: z.string(),
  vendor: z.string(),
  productType: z.string(),
  status: productStatus,
  tags: z.array(z.string()),
  totalInventory: z.number().int(),
  hasOnlyDefaultVariant: z.boolean(),
  isGiftCard: z.boolean(),
  createdAt: dateTime,
  updatedAt: dateTime,
  publishedAt: dateTime.nullable(),
  variantsCount: z.object({ count: z.number().int() }).nullable(),
  options: z.array(z.object({ id: gid, name: z.string(), position: z.number().int(), values: z.array(z.string()) })),
  seo,
  priceRangeV2: z.object({ minVariantPrice: money, maxVariantPrice: money }),
});
export type ProductRecord = z.infer<typeof productRecord>;

const productFields = z.object({
  /** The product's name in its address, unique in the shop: what makes a repeated creation safe. */
  handle: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u, "a handle is wanted, such as blue-shirt"),
  title: z.string().min(1),
  descriptionHtml: z.string().optional(),
  vendor: z.string().optional(),
  productType: z.string().optional(),
  status: productStatus.optional(),
  tags: z.array(z.string()).optional(),
  seo: z.object({ title: z.string().nullish(), description: z.string().nullish() }).optional(),
});
export type ProductFields = z.infer<typeof productFields>;

export const products = defineResource<ProductRecord, ProductFields, "delete" | "archive">({
  name: "products",
  schema: productRecord,
  key: (product) => product.id,
  version: (product) => utcSeconds(product.updatedAt),
  title: (product) => product.title,
  read: {
    keysMax: PAGE_SIZE,
    records: async (api, keys) => (await nodesOf(api, PRODUCTS_BY_ID, keys)) as readonly ProductRecord[],
  },
  changes: {
    overlapMs: OVERLAP_MS,
    page: (api, { since, cursor }) => page(api, { query: updatedSince(since), sortKey: "UPDATED_AT" }, cursor),
  },
  everything: { page: (api, { cursor }) => page(api, { query: null, sortKey: "ID" }, cursor) },
  write: {
    fields: productFields,
    safety: { kind: "upsert" },
    create: async (api, { fields }) => {
      const data = await ask(api, PRODUCT_SET, { identifier: { handle: fields.handle }, input: fields });
      return written((data["productSet"] as { readonly product: ProductRecord }).product);
    },
    update: (api, { key, fields, changed }) =>
      update(api, { id: key, ...Object.fromEntries(changed.map((name) => [name, fields[name] ?? null])) }),
    removals: {
      archive: (api, { key }) => update(api, { id: key, status: "ARCHIVED" }),
      delete: (api, { key }) => gone(ask(api, PRODUCT_DELETE, { id: key })),
    },
    lookup,
    fieldsOf: ({ handle, title, descriptionHtml, vendor, productType, status, tags, seo: shown }) => ({
      handle,
      title,
      descriptionHtml,
      vendor,
      productType,
      status,
      tags: [...tags],
      seo: shown,
    }),
  },
});

async function page(
  api: Api,
  variables: { readonly query: string | null; readonly sortKey: string },
  cursor: string | undefined,
): Promise<Page<ProductRecord>> {
  const { nodes, next } = await pageOf(api, {
    document: PRODUCTS_PAGE,
    field: "products",
    variables,
    size: PAGE_SIZE,
    cursor,
  });
  const records = nodes as readonly ProductRecord[];
  return next === undefined ? { records } : { records, next };
}

async function update(api: Api, product: object): Promise<Written<ProductRecord>> {
  const data = await ask(api, PRODUCT_UPDATE, { product });
  return written((data["productUpdate"] as { readonly product: ProductRecord }).product);
}

async function lookup(api: Api, { fields }: WriteOrder<ProductFields>): Promise<readonly Written<ProductRecord>[]> {
  const data = await ask(api, PRODUCT_BY_IDENTIFIER, { identifier: { handle: fields.handle } });
  const found = data["productByIdentifier"] as ProductRecord | null;
  return found === null ? [] : [written(found)];
}

function written(record: ProductRecord): Written<ProductRecord> {
  return { key: record.id, version: utcSeconds(record.updatedAt), record };
}
