// What can be set about the simulated account. Where HubSpot's behaviour is not documented there is a setting, and the
// default is the harder case for a client.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { SendWebhook, WebhookFaults } from "../../../src/rehearse/webhook-sender.ts";
import type { Kind, PropertyDefinition } from "./kinds.ts";

export interface HubSpotSimulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Default: "49547190". */
  readonly portalId?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** As if somebody had just connected the app: without it nobody has. */
  readonly refreshToken?: string;
  /** The token of a private app of the account, besides the OAuth app. */
  readonly privateAppToken?: string;
  /** Without it, or without `webhookUrl`, no webhooks are sent. */
  readonly send?: SendWebhook;
  readonly webhookUrl?: string;
  readonly webhookFaults?: WebhookFaults;
  readonly settings?: Partial<HubSpotSimulatorSettings>;
}

export interface HubSpotSimulatorSettings {
  readonly accountType: "STANDARD" | "DEVELOPER_TEST" | "SANDBOX" | "APP_DEVELOPER";
  /** What both apps were granted. */
  readonly scopes: readonly string[];
  /** How long an access token lives, in milliseconds. */
  readonly accessTokenMs: number;
  /** Properties of the account's own. */
  readonly properties: Readonly<Partial<Record<Kind, readonly PropertyDefinition[]>>>;
  /** How late a search shows what was written, in milliseconds. */
  readonly searchLagMs: number;
  /** Does a merge leave a record with an id that is new? Else the primary one's stays. */
  readonly mergeMakesNewId: boolean;
  /** Calls in any ten seconds of one app, and in a day; searches in any second of the account. 0: not limited. */
  readonly callsPerTenSeconds: number;
  readonly callsPerDay: number;
  readonly searchesPerSecond: number;
  /** Sent with a 429, in seconds; undefined: no such header, as documented. */
  readonly retryAfterSeconds: number | undefined;
  /** The account's distance from UTC, in minutes: its day ends at its own midnight. */
  readonly utcOffsetMinutes: number;
  /** How long each answer takes, in milliseconds of the injected clock. */
  readonly latencyMs: number;
  /** How long changes are gathered into one webhook, in milliseconds. */
  readonly webhookGatherMs: number;
  /** How long after each failed try a webhook is sent again, in milliseconds. */
  readonly webhookRetryDelaysMs: readonly number[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const ALL_SCOPES: readonly string[] = [
  "oauth",
  "tickets",
  ...["contacts", "companies", "deals"].flatMap((name) => [`crm.objects.${name}.read`, `crm.objects.${name}.write`]),
  ...["contacts", "companies", "deals", "tickets"].map((name) => `crm.schemas.${name}.write`),
];

export const DEFAULT_SETTINGS: HubSpotSimulatorSettings = {
  accountType: "STANDARD",
  scopes: ALL_SCOPES,
  accessTokenMs: 30 * MINUTE_MS,
  properties: {},
  searchLagMs: 10_000,
  mergeMakesNewId: true,
  callsPerTenSeconds: 100,
  callsPerDay: 250_000,
  searchesPerSecond: 5,
  retryAfterSeconds: undefined,
  utcOffsetMinutes: -5 * 60,
  latencyMs: 0,
  webhookGatherMs: 1_000,
  // Ten tries over a day.
  webhookRetryDelaysMs: [
    MINUTE_MS,
    5 * MINUTE_MS,
    15 * MINUTE_MS,
    30 * MINUTE_MS,
    HOUR_MS,
    2 * HOUR_MS,
    4 * HOUR_MS,
    4 * HOUR_MS,
    6 * HOUR_MS,
    6 * HOUR_MS,
  ],
};
