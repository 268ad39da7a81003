// Shopify, through the Admin API in GraphQL.
import { defineConnector } from "../../src/define/define-connector.ts";
import { customers } from "./customers.ts";
import { about } from "./installation.ts";
import { readShopifyLimits, shopifyLimits } from "./limits.ts";
import { orders } from "./orders.ts";
import { shopifyOutcome } from "./outcome.ts";
import { products } from "./products.ts";
import { adminUrl, API_VERSION, API_VERSION_ENDS, shopifySettings } from "./settings.ts";
import { deprecations } from "./deprecations.ts";
import { signIn } from "./sign-in.ts";
import { subscriptions } from "./subscriptions.ts";
import { variants } from "./variants.ts";
import { shopifyWebhook } from "./webhook.ts";

export const shopify = defineConnector({
  name: "shopify",
  title: "Shopify",
  settings: shopifySettings,
  apiVersion: API_VERSION,
  apiVersionEnds: API_VERSION_ENDS,
  baseUrl: adminUrl,
  auth: signIn,
  about,
  headers: { accept: "application/json" },
  limits: shopifyLimits,
  readLimits: readShopifyLimits,
  outcome: shopifyOutcome,
  webhook: shopifyWebhook,
  subscriptions,
  deprecations,
  resources: { orders, customers, products, variants },
});
