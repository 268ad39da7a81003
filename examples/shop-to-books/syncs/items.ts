// What the shop sells: each variant is an item that invoices can name.
import { decimal, defineSync } from "../../../src/index.ts";
import { books, finance, shop } from "../connections.ts";
import { itemName } from "../names.ts";

/** The income account of the books that sales go to. */
const SALES_ACCOUNT = { value: "1" };

export default defineSync({
  name: "variants-to-items",
  purpose: "Everything that is sold has an item in the books, with its price.",
  owner: finance,
  from: shop.variants,
  to: books.items,
  freshWithin: "1m",
  pollEvery: "5s",
  map: ({ field, constant }) => ({
    Name: field((variant) => itemName(variant.displayName, variant.legacyResourceId)),
    Type: constant("Service"),
    Sku: field((variant) => variant.sku).orOmit(),
    UnitPrice: field((variant) => variant.price, decimal(2)),
    IncomeAccountRef: constant(SALES_ACCOUNT),
  }),
  onDelete: "deactivate",
});
