// Every GraphQL document about products.
import { document, repeatable } from "./fragments.ts";

const PRODUCT = `fragment WholeProduct on Product {
  id legacyResourceId handle title descriptionHtml vendor productType status tags totalInventory
  hasOnlyDefaultVariant isGiftCard createdAt updatedAt publishedAt
  variantsCount { count }
  options { id name position values }
  seo { title description }
  priceRangeV2 { minVariantPrice { amount currencyCode } maxVariantPrice { amount currencyCode } }
}`;

export const PRODUCTS_BY_ID = document(
  "ProductsById",
  `query ProductsById($ids: [ID!]!) {
  nodes(ids: $ids) { ...WholeProduct }
}`,
  PRODUCT,
);

export const PRODUCTS_PAGE = document(
  "ProductsPage",
  `query ProductsPage($first: Int!, $after: String, $query: String, $sortKey: ProductSortKeys!) {
  products(first: $first, after: $after, query: $query, sortKey: $sortKey) {
    nodes { ...WholeProduct }
    pageInfo { hasNextPage endCursor }
  }
}`,
  PRODUCT,
);

export const PRODUCT_BY_IDENTIFIER = document(
  "ProductByIdentifier",
  `query ProductByIdentifier($identifier: ProductIdentifierInput!) {
  productByIdentifier(identifier: $identifier) { ...WholeProduct }
}`,
  PRODUCT,
);

export const PRODUCT_SET = repeatable(
  "ProductSet",
  `mutation ProductSet($identifier: ProductSetIdentifiers!, $input: ProductSetInput!) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product { ...WholeProduct }
    userErrors { code field message }
  }
}`,
  PRODUCT,
);

export const PRODUCT_UPDATE = repeatable(
  "ProductUpdate",
  `mutation ProductUpdate($product: ProductUpdateInput!) {
  productUpdate(product: $product) { product { ...WholeProduct } userErrors { field message } }
}`,
  PRODUCT,
);

export const PRODUCT_DELETE = repeatable(
  "ProductDelete",
  `mutation ProductDelete($id: ID!) {
  productDelete(input: { id: $id }, synchronous: true) { deletedProductId userErrors { field message } }
}`,
);
