// Stripe's API, as far as it is peculiar: where it is, how to sign in, what it limits, how it fails.
import { defineConnector } from "../../src/define/define-connector.ts";
import { about } from "./about.ts";
import { API_VERSION } from "./ask.ts";
import { charges } from "./charges.ts";
import { customers } from "./customers.ts";
import { invoiceItems } from "./invoice-items.ts";
import { invoices } from "./invoices.ts";
import { stripeLimits } from "./limits.ts";
import { stripeOutcome } from "./outcome.ts";
import { paymentIntents } from "./payment-intents.ts";
import { prices } from "./prices.ts";
import { products } from "./products.ts";
import { refunds } from "./refunds.ts";
import { apiUrl, stripeSettings } from "./settings.ts";
import { subscriptions } from "./subscriptions.ts";
import { OWN_ACCOUNT, webhook } from "./webhook.ts";
import { subscriptions as webhookEndpoints } from "./webhook-endpoints.ts";

export const stripe = defineConnector({
  name: "stripe",
  title: "Stripe",
  settings: stripeSettings,
  // Stripe keeps old versions working and publishes no day on which one ends.
  apiVersion: API_VERSION,
  baseUrl: apiUrl,
  auth: { kind: "header", header: "authorization", prefix: "Bearer ", setting: "apiKey" },
  account: ({ stripeAccount }) => stripeAccount ?? OWN_ACCOUNT,
  about,
  headers: { accept: "application/json", "stripe-version": API_VERSION },
  // Whoever has such a link sees the invoice or the receipt without signing in.
  secretFields: ["hosted_invoice_url", "invoice_pdf", "receipt_url"],
  limits: stripeLimits,
  outcome: stripeOutcome,
  webhook,
  subscriptions: webhookEndpoints,
  resources: {
    customers,
    products,
    prices,
    invoiceItems,
    invoices,
    paymentIntents,
    charges,
    refunds,
    subscriptions,
  },
});
