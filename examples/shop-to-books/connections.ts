// The two accounts. Secrets are only referred to; where the provider is comes from the environment too, because in this
// example it is a simulator on this machine.
import { env, defineOwner } from "../../src/index.ts";
import { quickbooks } from "../../connectors/quickbooks/index.ts";
import { shopify } from "../../connectors/shopify/index.ts";

const booksUrl = process.env["QUICKBOOKS_URL"] ?? "http://127.0.0.1:4602";

export const finance = defineOwner({ name: "Finance", email: "finance@example.com" });

export const shop = shopify.connect("shop", {
  shop: "demo",
  plan: "plus",
  accessToken: env("SHOPIFY_ACCESS_TOKEN"),
  webhookSecret: env("SHOPIFY_WEBHOOK_SECRET"),
  baseUrl: process.env["SHOPIFY_URL"] ?? "http://127.0.0.1:4601",
});

export const books = quickbooks.connect("books", {
  realmId: "9341453908059321",
  clientId: env("QUICKBOOKS_CLIENT_ID"),
  clientSecret: env("QUICKBOOKS_CLIENT_SECRET"),
  refreshToken: env("QUICKBOOKS_REFRESH_TOKEN"),
  webhookVerifierToken: env("QUICKBOOKS_VERIFIER_TOKEN"),
  baseUrl: booksUrl,
  tokenUrl: `${booksUrl}/oauth2/v1/tokens/bearer`,
  // The simulated company is granted more than the usual 500 a minute, so that the example does not take six minutes.
  callsPerMinute: 60_000,
  callsPerSecond: 1_000,
  callsAtOnce: 10,
});
