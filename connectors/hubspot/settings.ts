// What a connection to HubSpot is told: who signs in, what the account's plan allows, and which of its own properties are read.
import { z } from "zod";

/** What every `HubSpot` object has; each may be given properties of the account's own. */
const OBJECT_NAMES = ["contacts", "companies", "deals", "tickets"] as const;
export type ObjectName = (typeof OBJECT_NAMES)[number];

/** Internal names, as HubSpot's settings show them. */
const propertyName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/, "an internal name has lower case letters, digits and _");
const ownProperties = z.array(propertyName).max(500).optional();

export const DEFAULT_KEY_PROPERTY = "bowline_key";

const shape = z.strictObject({
  /** The account's id ("portal" or "hub" id). With it, webhooks of the app's other accounts are left aside. */
  portalId: z
    .string()
    .regex(/^\d{1,19}$/, "a portalId is made of digits")
    .optional(),
  /** Of a private app or a service key. Without it the connection signs in with OAuth. */
  accessToken: z.string().min(1).optional(),
  clientId: z.string().min(1).optional(),
  /** Signs the app's webhooks too, whichever way the calls are signed in. */
  clientSecret: z.string().min(1).optional(),
  /** The client secret before it was replaced: webhooks signed with it are still taken. */
  previousClientSecret: z.string().min(1).optional(),
  /** From an authorization made elsewhere; `bowline connect` needs none. */
  refreshToken: z.string().min(1).optional(),
  /** Default: all that the connector's resources need. */
  scopes: z.array(z.string().min(1)).optional(),
  /** Where the account's data is. Only the page where a person agrees depends on it. Default: "na1". */
  region: z.enum(["na1", "na2", "na3", "eu1", "ap1"]).optional(),
  /** Decides what is allowed in ten seconds and in a day. Default: "free", the least. */
  plan: z.enum(["free", "starter", "professional", "enterprise"]).optional(),
  /** How many API limit increases the account has bought. */
  limitIncreases: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  /** The account's own, such as "America/New_York": its day of calls ends at midnight there. Default: any 24 hours count. */
  timeZone: z
    .string()
    .regex(/^[A-Z][\w+-]*(\/[\w+-]+)*$/, "a zone such as Europe/Berlin")
    .optional(),
  /** Fewer calls than HubSpot allows, where other apps use the same account. */
  callsPerTenSeconds: z.number().int().positive().optional(),
  callsPerDay: z.number().int().positive().optional(),
  searchesPerSecond: z.number().int().positive().optional(),
  /** The account's own properties that are read besides ours, by their internal names. */
  customProperties: z
    .strictObject({ contacts: ownProperties, companies: ownProperties, deals: ownProperties, tickets: ownProperties })
    .optional(),
  /** The property with unique values that names what we make of companies, deals and tickets. Default: "bowline_key". */
  keyProperty: propertyName.optional(),
  /** Read which records each one is associated with: one call a page for each kind. Default: true. */
  associations: z.boolean().optional(),
  /** Where the API is instead, such as a simulator: "http://127.0.0.1:4321". */
  baseUrl: z.url().optional(),
  /** Where tokens are given instead. */
  tokenUrl: z.url().optional(),
});

export type HubSpotSettings = z.output<typeof shape>;

export const settings = shape.superRefine((given, context) => {
  if (given.accessToken !== undefined || (given.clientId !== undefined && given.clientSecret !== undefined)) return;
  context.addIssue(
    "Could not tell how to sign in: expected accessToken, or clientId and clientSecret, and got neither",
  );
});
