// Xero's Accounting API, as far as it is peculiar: where it is, how to sign in, what it limits, how it fails.
import type { OAuth2 } from "../../src/define/auth.ts";
import { defineConnector } from "../../src/define/define-connector.ts";
import { about } from "./about.ts";
import { contacts } from "./contacts.ts";
import { creditNotes } from "./credit-notes.ts";
import { invoices } from "./invoices.ts";
import { items } from "./items.ts";
import { limitsOf, readLimits } from "./limits.ts";
import { outcome } from "./outcome.ts";
import { payments } from "./payments.ts";
import { baseUrl, GRANULAR_SCOPES, xeroSettings, type XeroSettings } from "./settings.ts";
import { webhook } from "./webhook.ts";

const TOKEN_URL = "https://identity.xero.com/connect/token";
const AUTHORIZE_URL = "https://login.xero.com/identity/connect/authorize";
const REVOKE_URL = "https://identity.xero.com/connect/revocation";
const MINUTE_MS = 60_000;

export const xero = defineConnector({
  name: "xero",
  title: "Xero",
  settings: xeroSettings,
  apiVersion: "2.0",
  baseUrl,
  auth: ({ customConnection = false }: XeroSettings): OAuth2 => ({
    kind: "oauth2",
    grant: customConnection ? "client-credentials" : "authorization-code",
    tokenUrl: ({ tokenUrl }) => (typeof tokenUrl === "string" ? tokenUrl : TOKEN_URL),
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    refreshTokenSetting: "refreshToken",
    clientAuth: "basic",
    scopes: (settings) => scopesOf(settings as XeroSettings),
    authorize: { url: ({ authorizeUrl }) => (typeof authorizeUrl === "string" ? authorizeUrl : AUTHORIZE_URL) },
    revokeUrl: ({ revokeUrl }) => (typeof revokeUrl === "string" ? revokeUrl : REVOKE_URL),
    lifetimeMs: 30 * MINUTE_MS,
    // An answer that was lost may be asked for again with the token before.
    graceMs: 30 * MINUTE_MS,
  }),
  account: ({ tenantId }) => tenantId,
  about,
  // Without this header Xero answers in XML.
  headers: { accept: "application/json" },
  // The number of a contact's bank account, under the names that Xero gives it.
  secretFields: ["BankAccountDetails", "BankAccountNumber"],
  limits: limitsOf,
  readLimits,
  outcome,
  webhook,
  subscriptions: { how: "by-hand", where: "Webhooks, on the app's page at developer.xero.com" },
  resources: { contacts, invoices, payments, items, creditNotes },
});

/** A custom connection is given no refresh token, and may not ask for one. */
function scopesOf({ scopes, customConnection = false }: XeroSettings): readonly string[] {
  const wanted: readonly string[] = scopes ?? GRANULAR_SCOPES;
  return customConnection ? wanted.filter((scope) => scope !== "offline_access") : wanted;
}
