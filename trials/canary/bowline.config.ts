// The project of the trial: each probe copies its things to itself, and a simulated shop's customers go to simulated books.
import { quickbooks } from "../../connectors/quickbooks/index.ts";
import { shopify } from "../../connectors/shopify/index.ts";
import { defineConfig, defineSync, env } from "../../src/index.ts";
import { ACCOUNTS } from "./canaries.ts";
import { probe } from "./connector.ts";

const probes = ACCOUNTS.map(probe);

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
  webhookVerifierToken: env("QUICKBOOKS_VERIFIER_TOKEN"),
  baseUrl: env("QUICKBOOKS_URL"),
  tokenUrl: env("QUICKBOOKS_TOKEN_URL"),
});

const copying = probes.map((one) =>
  defineSync({
    name: one.connectionName,
    purpose: "Secrets are used and never shown.",
    owner: "trial",
    from: one.things,
    to: one.copies,
    freshWithin: "1m",
    pollEvery: "2s",
    map: ({ field }) => ({
      note: field((thing) => {
        // A mapping that fails tells which record it failed on.
        if (thing.note === "mapping") throw new Error(`cannot map ${JSON.stringify(thing)}`);
        return thing.note;
      }),
      trouble: field((thing) => thing.note),
    }),
    onDelete: "keep",
  }),
);

const customers = defineSync({
  name: "customers",
  purpose: "Whoever buys in the shop is a customer in the books.",
  owner: "trial",
  from: shop.customers,
  to: books.customers,
  freshWithin: "1m",
  pollEvery: "2s",
  map: ({ field }) => ({
    DisplayName: field((customer) => `${customer.displayName} (${customer.legacyResourceId})`),
    FamilyName: field((customer) => customer.lastName).orPark("a customer in the books needs a family name"),
  }),
  onDelete: "deactivate",
});

export default defineConfig({
  name: "canary",
  connections: [...probes, shop, books],
  syncs: [...copying, customers],
  port: 0,
  network: { privateAddresses: ["loopback"] },
});
