// What a connection to an organisation of Xero needs to be told, checked when the project is loaded.
import { z } from "zod";

const HOST = "https://api.xero.com";

/** Apps made since March 2026 are granted these; older ones may keep the broad scopes until 13 September 2027. */
export const GRANULAR_SCOPES: readonly string[] = [
  "offline_access",
  "accounting.contacts",
  "accounting.invoices",
  "accounting.payments",
  "accounting.settings",
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const xeroSettings = z.strictObject({
  /** The organisation: its `tenantId` in the list of connections. Without it nothing but signing in works. */
  tenantId: z.string().regex(UUID, "a tenantId is a UUID: see `bowline connections`").optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** A refresh token from elsewhere; `bowline connect` needs none, a custom connection has none. */
  refreshToken: z.string().min(1).optional(),
  /** True: a custom connection of one organisation, which signs in without a person. */
  customConnection: z.boolean().optional(),
  /** Asked for instead of the granular ones, such as the broad ones of an older app. */
  scopes: z.array(z.string().min(1)).min(1).optional(),
  /** The webhooks' signing key from the app's page. Without it no webhook is taken. */
  webhookKey: z.string().min(1).optional(),
  /** The app's tier at Xero: Starter is allowed 1,000 calls a day for each organisation, all others 5,000. Default: core. */
  tier: z.enum(["starter", "core", "plus", "advanced", "enterprise"]).optional(),
  /** Where the API is instead, such as a simulator: "http://127.0.0.1:4321". */
  baseUrl: z.url().optional(),
  /** Where tokens are given, people agree, and tokens are revoked instead. */
  tokenUrl: z.url().optional(),
  authorizeUrl: z.url().optional(),
  revokeUrl: z.url().optional(),
});

export type XeroSettings = z.output<typeof xeroSettings>;

export function baseUrl({ baseUrl: given = HOST }: XeroSettings): string {
  return given.replace(/\/+$/, "");
}
