// The project: two accounts, and what is kept in agreement between them.
import { decimal, defineConfig, defineOwner, defineSync, env, isoDate } from "bowline";
import { quickbooks } from "bowline/quickbooks";
import { shopify } from "bowline/shopify";

const finance = defineOwner({ name: "Finance", email: "finance@example.com" });

// Secrets are only named here; their values are in the environment, or in `.env`, which git ignores.
const shop = shopify.connect("shop", {
  shop: "demo",
  // An app of Shopify's Dev Dashboard has `clientId` and `clientSecret` in the place of both secrets.
  accessToken: env("SHOPIFY_ACCESS_TOKEN"),
  webhookSecret: env("SHOPIFY_WEBHOOK_SECRET"),
  // For a real shop, take this line away.
  baseUrl: env("SHOPIFY_URL"),
});

const books = quickbooks.connect("books", {
  realmId: "9341453908059321",
  clientId: env("QUICKBOOKS_CLIENT_ID"),
  clientSecret: env("QUICKBOOKS_CLIENT_SECRET"),
  refreshToken: env("QUICKBOOKS_REFRESH_TOKEN"),
  // For a real company, take these two lines away.
  baseUrl: env("QUICKBOOKS_URL"),
  tokenUrl: env("QUICKBOOKS_TOKEN_URL"),
});

/** The item of the books that sales are booked on; in the simulated books it is the first. */
const GOODS = { value: process.env["QUICKBOOKS_GOODS_ITEM"] ?? "1" };

const customers = defineSync({
  name: "customers",
  purpose: "Whoever buys in the shop is a customer in the books, under one name.",
  owner: finance,
  from: shop.customers,
  to: books.customers,
  freshWithin: "1m",
  // Webhooks tell of a change at once; this finds what they missed.
  pollEvery: "30s",
  map: ({ field }) => ({
    // QuickBooks wants each name once, so the shop's own number is added.
    DisplayName: field((customer) => `${customer.displayName} (${customer.legacyResourceId})`),
    GivenName: field((customer) => customer.firstName).orOmit(),
    FamilyName: field((customer) => customer.lastName).orOmit(),
  }),
  onDelete: "deactivate",
});

const invoices = defineSync({
  name: "orders-to-invoices",
  purpose: "Every paid order becomes an invoice, so that nobody types one in.",
  owner: finance,
  from: shop.orders,
  to: books.invoices,
  only: (order) => order.displayFinancialStatus === "PAID",
  freshWithin: "1m",
  pollEvery: "30s",
  map: ({ field, table, each, link }) => ({
    DocNumber: field((order) => order.name),
    TxnDate: field((order) => order.processedAt, isoDate("America/New_York")),
    CustomerRef: link(
      customers,
      (order) => order.customer?.id,
      (key) => ({ value: key }),
    ).orPark("the order has no customer"),
    CurrencyRef: table((order) => order.currencyCode, {
      USD: { value: "USD" },
    }).otherwise.park("the customers in the books are in dollars, and QuickBooks takes no other currency for them"),
    Line: each(
      (order) => order.lineItems,
      ({ field, constant, object }) => ({
        DetailType: constant("SalesItemLineDetail"),
        Description: field((line) => line.title),
        Amount: field((line) => line.discountedTotalSet.shopMoney.amount, decimal(2)),
        SalesItemLineDetail: object({
          ItemRef: constant(GOODS),
          Qty: field((line) => String(line.quantity)),
        }),
      }),
    ),
  }),
  onDelete: "void",
});

export default defineConfig({
  name: "demo",
  connections: [shop, books],
  syncs: [customers, invoices],
  data: ".data/bowline.db",
  port: 4600,
  // The simulators are on this machine. For real accounts, take this line away.
  network: { privateAddresses: ["loopback"] },
});
