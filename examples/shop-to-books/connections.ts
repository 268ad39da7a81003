// The two accounts. Secrets are only referred to; where the provider is comes from the environment too, because in this
// example it is a simulator on this machine.
import { env, defineOwner } from "../../src/index.ts";
import { quickbooks } from "../../connectors/quickbooks/index.ts";
import { shopify } from "../../connectors/shopify/index.ts";

export const finance = defineOwner({ name: "Finance", email: "finance@example.com" });

export const shop = shopify.connect("shop", {
  shop: "demo",
  plan: "plus",
  accessToken: env("SHOPIFY_ACCESS_TOKEN"),
  webhookSecret: env("SHOPIFY_WEBHOOK_SECRET"),
  baseUrl: env("SHOPIFY_URL"),
});

export const books = quickbooks.connect("books", {
  realmId: "9341453908059321",
  clientId: env("QUICKBOOKS_CLIENT_ID"),
  clientSecret: env("QUICKBOOKS_CLIENT_SECRET"),
  refreshToken: env("QUICKBOOKS_REFRESH_TOKEN"),
  webhookVerifierToken: env("QUICKBOOKS_VERIFIER_TOKEN"),
  baseUrl: env("QUICKBOOKS_URL"),
  tokenUrl: env("QUICKBOOKS_TOKEN_URL"),
  // The simulated company is granted more than the usual 500 a minute, so that the example does not take six minutes.
  callsPerMinute: 60_000,
  callsPerSecond: 1_000,
  callsAtOnce: 10,
});
