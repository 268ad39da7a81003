// Every GraphQL document about product variants.
import { document, repeatable } from "./fragments.ts";

const VARIANT = `fragment WholeVariant on ProductVariant {
  id legacyResourceId title displayName sku barcode price compareAtPrice position taxable
  availableForSale inventoryQuantity inventoryPolicy createdAt updatedAt
  selectedOptions { name value }
  inventoryItem { id tracked requiresShipping unitCost { amount currencyCode } }
  product { id title handle status }
}`;

export const VARIANTS_BY_ID = document(
  "VariantsById",
  `query VariantsById($ids: [ID!]!) {
  nodes(ids: $ids) { ...WholeVariant }
}`,
  VARIANT,
);

export const VARIANTS_PAGE = document(
  "VariantsPage",
  `query VariantsPage($first: Int!, $after: String, $query: String) {
  productVariants(first: $first, after: $after, query: $query, sortKey: ID) {
    nodes { ...WholeVariant }
    pageInfo { hasNextPage endCursor }
  }
}`,
  VARIANT,
);

export const PRODUCT_VARIANTS = document(
  "ProductVariants",
  `query ProductVariants($id: ID!, $first: Int!, $after: String) {
  product(id: $id) { variants(first: $first, after: $after) { nodes { ...WholeVariant } pageInfo { hasNextPage endCursor } } }
}`,
  VARIANT,
);

export const VARIANT_PRODUCT = document(
  "VariantProduct",
  `query VariantProduct($id: ID!) {
  productVariant(id: $id) { id product { id } }
}`,
);

export const VARIANTS_CREATE = document(
  "VariantsCreate",
  `mutation VariantsCreate($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkCreate(productId: $productId, variants: $variants) {
    productVariants { ...WholeVariant }
    userErrors { code field message }
  }
}`,
  VARIANT,
);

export const VARIANTS_UPDATE = repeatable(
  "VariantsUpdate",
  `mutation VariantsUpdate($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants) {
    productVariants { ...WholeVariant }
    userErrors { code field message }
  }
}`,
  VARIANT,
);

export const VARIANTS_DELETE = repeatable(
  "VariantsDelete",
  `mutation VariantsDelete($productId: ID!, $variantsIds: [ID!]!) {
  productVariantsBulkDelete(productId: $productId, variantsIds: $variantsIds) { userErrors { code field message } }
}`,
);
