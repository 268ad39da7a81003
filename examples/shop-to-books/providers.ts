// The two providers, simulated on this machine and served over real HTTP: a shop with a lifelike population, and a
// company's books. Their own records are the truth that the result is compared with.
import { createQuickBooksSimulator, type QuickBooksSimulator } from "../../connectors/quickbooks/simulator.ts";
import { populateShop } from "../../connectors/shopify/population.ts";
import { createShopifySimulator, type ShopifySimulator } from "../../connectors/shopify/simulator.ts";
import { serve, type Served } from "../../src/rehearse/serve.ts";
import type { SendWebhook, WebhookFaults } from "../../src/rehearse/webhook-sender.ts";
import type { Clock, Random } from "../../src/world/world.ts";

/** What the deliveries of both suffer; everything here happens to real receivers. */
const FAULTS: WebhookFaults = { lost: 0.06, duplicated: 0.08, late: 0.08, lateMs: 2_500 };

const SECRETS = {
  SHOPIFY_ACCESS_TOKEN: "shpat_example_only",
  SHOPIFY_WEBHOOK_SECRET: "shpss_example_only",
  QUICKBOOKS_CLIENT_ID: "example-client",
  QUICKBOOKS_CLIENT_SECRET: "example-secret",
  QUICKBOOKS_REFRESH_TOKEN: "RT1-example-only",
  QUICKBOOKS_VERIFIER_TOKEN: "example-verifier",
} as const;

export interface Providers {
  readonly shop: ShopifySimulator;
  readonly books: QuickBooksSimulator;
  /** What the project's `env(…)` references are read from. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface ProvidersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly customers: number;
  readonly orders: number;
}

export async function startProviders({ clock, random, customers, orders }: ProvidersOptions): Promise<Providers> {
  const shop = createShopifySimulator({
    clock,
    random,
    shop: "demo",
    plan: "enterprise",
    accessToken: SECRETS.SHOPIFY_ACCESS_TOKEN,
    webhookSecret: SECRETS.SHOPIFY_WEBHOOK_SECRET,
    send: post,
    webhookFaults: FAULTS,
  });
  const books = createQuickBooksSimulator({
    clock,
    random,
    realmId: "9341453908059321",
    clientId: SECRETS.QUICKBOOKS_CLIENT_ID,
    clientSecret: SECRETS.QUICKBOOKS_CLIENT_SECRET,
    refreshToken: SECRETS.QUICKBOOKS_REFRESH_TOKEN,
    webhookVerifierToken: SECRETS.QUICKBOOKS_VERIFIER_TOKEN,
    settings: { callsPerMinute: 60_000, callsPerSecond: 1_000 },
  });
  const guests = books.person.create("Customer", { DisplayName: "Guests of the shop" });
  const other = books.person.create("Item", {
    Name: "Other sales",
    Type: "Service",
    IncomeAccountRef: { value: "1" },
  });
  const tax = books.person.create("Item", {
    Name: "Sales tax of the shop",
    Type: "Service",
    IncomeAccountRef: { value: "82" },
  });
  // Everything was there long before Bowline came: no webhook told of it, and every search already shows it.
  populateShop(shop, { customers, orders, random, now: clock.now() - 60_000 });

  const served: Served[] = [
    await serve((request) => shop.fetch(request)),
    await serve((request) => books.fetch(request)),
  ];
  const [shopAt, booksAt] = served.map(({ url }) => url) as [string, string];
  return {
    shop,
    books,
    environment: {
      ...SECRETS,
      SHOPIFY_URL: shopAt,
      QUICKBOOKS_URL: booksAt,
      QUICKBOOKS_TOKEN_URL: `${booksAt}/oauth2/v1/tokens/bearer`,
      QUICKBOOKS_GUESTS_CUSTOMER: String(guests["Id"]),
      QUICKBOOKS_OTHER_SALES_ITEM: String(other["Id"]),
      QUICKBOOKS_SALES_TAX_ITEM: String(tax["Id"]),
    },
    close: async () => {
      shop.webhooks.stop();
      books.webhooks.stop();
      await Promise.all(served.map((one) => one.close()));
    },
  };
}

const post: SendWebhook = async ({ url, headers, body }) => {
  const response = await fetch(url, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.status;
};
