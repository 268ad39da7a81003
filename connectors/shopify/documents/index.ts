// Every GraphQL document that this connector sends, so that a verifier can hold them all against Shopify's own schema.
import * as app from "./app.ts";
import * as customers from "./customers.ts";
import type { NamedDocument } from "./fragments.ts";
import * as orders from "./orders.ts";
import * as products from "./products.ts";
import * as subscriptions from "./subscriptions.ts";
import * as variants from "./variants.ts";

export type { NamedDocument } from "./fragments.ts";

export const documents: readonly NamedDocument[] = [app, orders, customers, products, variants, subscriptions].flatMap(
  (module) => Object.values(module),
);
