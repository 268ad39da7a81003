// QuickBooks Online's Accounting API, as far as it is peculiar: where it is, how to sign in, what it limits, how it fails.
import { z } from "zod";
import { defineConnector } from "../../src/define/define-connector.ts";
import { BATCH_LIMIT } from "./batch.ts";
import { creditMemos } from "./credit-memos.ts";
import { customers } from "./customers.ts";
import { outcome } from "./faults.ts";
import { invoices } from "./invoices.ts";
import { items } from "./items.ts";
import { payments } from "./payments.ts";
import { refundReceipts } from "./refund-receipts.ts";
import { webhook } from "./webhook.ts";

const HOSTS = {
  production: "https://quickbooks.api.intuit.com",
  sandbox: "https://sandbox-quickbooks.api.intuit.com",
} as const;
const TOKEN_URL = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer";
const AUTHORIZE_URL = "https://appcenter.intuit.com/connect/oauth2";
const REVOKE_URL = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke";

const settings = z.strictObject({
  /** The company's id, as it came back with the first authorization. */
  realmId: z.string().regex(/^\d{1,19}$/, "a realmId is made of digits"),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** The refresh token of a first authorization made elsewhere; `bowline connect` needs none. */
  refreshToken: z.string().min(1).optional(),
  /** From the app's page on webhooks. Without it no webhook is taken. */
  webhookVerifierToken: z.string().min(1).optional(),
  /** Default: production. */
  environment: z.enum(["production", "sandbox"]).optional(),
  /** Where the API is instead, such as a simulator: "http://127.0.0.1:4321". */
  baseUrl: z.url().optional(),
  /** Where tokens are refreshed instead. */
  tokenUrl: z.url().optional(),
  /** Where a person agrees, and where tokens are taken back, instead. */
  authorizeUrl: z.url().optional(),
  revokeUrl: z.url().optional(),
  /** Calls in any minute, in any second, and at once, where Intuit granted the app others. Default: 500, 10, 10. */
  callsPerMinute: z.number().int().positive().optional(),
  callsPerSecond: z.number().int().positive().optional(),
  callsAtOnce: z.number().int().positive().optional(),
});

export type QuickBooksSettings = z.output<typeof settings>;

export const quickbooks = defineConnector({
  name: "quickbooks",
  title: "QuickBooks Online",
  settings,
  apiVersion: "v3, minor version 75",
  baseUrl: ({ realmId, environment = "production", baseUrl = HOSTS[environment] }: QuickBooksSettings) =>
    `${baseUrl.replace(/\/$/, "")}/v3/company/${realmId}`,
  auth: {
    kind: "oauth2",
    tokenUrl: ({ tokenUrl }) => (typeof tokenUrl === "string" ? tokenUrl : TOKEN_URL),
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    refreshTokenSetting: "refreshToken",
    clientAuth: "basic",
    scopes: ["com.intuit.quickbooks.accounting"],
    authorize: {
      url: ({ authorizeUrl }) => (typeof authorizeUrl === "string" ? authorizeUrl : AUTHORIZE_URL),
      tells: ({ callback: { realmId } }) => (realmId === undefined ? {} : { realmId }),
    },
    revokeUrl: ({ revokeUrl }) => (typeof revokeUrl === "string" ? revokeUrl : REVOKE_URL),
    // Intuit gives the same refresh token back for about a day; that it punishes an old one it says nowhere.
    afterLostAnswer: "always",
  },
  account: ({ realmId }) => realmId,
  // Without this header QuickBooks answers in XML.
  headers: { accept: "application/json" },
  // Whoever has the link of an invoice sees and pays it; the others are a person's, and their card's.
  secretFields: ["InvoiceLink", "PrimaryTaxIdentifier", "SecondaryTaxIdentifier", "CreditChargeInfo"],
  limits: ({ callsPerMinute = 500, callsPerSecond = 10, callsAtOnce = 10 }) => [
    { kind: "rate", name: "minute", count: callsPerMinute, perMs: 60_000, every: true },
    { kind: "rate", name: "second", count: callsPerSecond, perMs: 1_000, every: true },
    { kind: "concurrency", name: "at once", count: callsAtOnce, every: true },
    { kind: "rate", name: BATCH_LIMIT, count: 120, perMs: 60_000, every: false },
  ],
  outcome,
  webhook,
  subscriptions: { how: "by-hand", where: "Webhooks, on the app's page at developer.intuit.com" },
  resources: { customers, items, invoices, payments, creditMemos, refundReceipts },
});
