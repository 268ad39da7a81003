// The public names of the Shopify connector.
export { shopify } from "./connector.ts";
export type { CustomerFields, CustomerRecord } from "./customers.ts";
export { documents, type NamedDocument } from "./documents/index.ts";
export type { OrderFields } from "./order-fields.ts";
export type { LineItem, OrderRecord } from "./order-record.ts";
export type { ProductFields, ProductRecord } from "./products.ts";
export { shopifySettings, type ShopifySettings } from "./settings.ts";
export type { Address, Money, TaxLine } from "./shapes.ts";
export {
  createSubscription,
  deleteSubscription,
  ensureSubscriptions,
  listSubscriptions,
  type Subscription,
  WANTED_TOPICS,
} from "./subscriptions.ts";
export type { VariantFields, VariantRecord } from "./variants.ts";
