// A project for tests of the command line: customers of a simulated shop become customers of simulated books.
import { quickbooks } from "../../../connectors/quickbooks/index.ts";
import { shopify } from "../../../connectors/shopify/index.ts";
import { defineConfig, defineOwner, defineSync, env } from "../../index.ts";

const shop = shopify.connect("shop", {
  shop: "demo",
  accessToken: env("SHOPIFY_ACCESS_TOKEN"),
  webhookSecret: env("SHOPIFY_WEBHOOK_SECRET"),
  baseUrl: env("SHOPIFY_URL"),
});

const books = quickbooks.connect("books", {
  realmId: "9341453908059321",
  clientId: env("QUICKBOOKS_CLIENT_ID"),
  clientSecret: env("QUICKBOOKS_CLIENT_SECRET"),
  refreshToken: env("QUICKBOOKS_REFRESH_TOKEN"),
  baseUrl: env("QUICKBOOKS_URL"),
  tokenUrl: env("QUICKBOOKS_TOKEN_URL"),
});

const customers = defineSync({
  name: "customers",
  purpose: "Whoever buys in the shop is a customer in the books.",
  owner: defineOwner({ name: "Finance", email: "finance@example.com" }),
  from: shop.customers,
  to: books.customers,
  freshWithin: "1m",
  map: ({ field }) => ({
    DisplayName: field((customer) => `${customer.displayName} (${customer.legacyResourceId})`),
    GivenName: field((customer) => customer.firstName).orOmit(),
    FamilyName: field((customer) => customer.lastName).orPark("a customer in the books needs a family name"),
  }),
  onDelete: "deactivate",
});

export default defineConfig({
  name: "command-line",
  connections: [shop, books],
  syncs: [customers],
  alerts: { to: env("ALERTS_URL") },
  data: "state/bowline.db",
  port: 0,
  network: { privateAddresses: ["loopback"] },
});
