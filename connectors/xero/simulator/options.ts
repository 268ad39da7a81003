// What can be set about the simulated organisation and the app that is connected to it. Where Xero's behaviour is not
// documented there is a setting, and the default is the harder case for a client.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { SendWebhook, WebhookFaults } from "../../../src/rehearse/webhook-sender.ts";

export interface XeroSimulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first refresh token, as if somebody had just connected. */
  readonly refreshToken: string;
  readonly webhookKey: string;
  /** What the person who connected agreed to. Default: all granular scopes that are served here. */
  readonly scopes?: readonly string[];
  /** Without it, or without `webhookUrl`, no webhooks are sent. */
  readonly send?: SendWebhook;
  readonly webhookUrl?: string;
  readonly webhookFaults?: WebhookFaults;
  readonly settings?: Partial<XeroSimulatorSettings>;
}

export interface XeroSimulatorSettings {
  readonly organisationName: string;
  readonly isDemoCompany: boolean;
  readonly baseCurrency: string;
  /** Documents of this day or before are closed: "2026-03-31". */
  readonly periodLockDate: string | undefined;
  /** How long an access token lives, a superseded refresh token still works, and an unused one lives, in milliseconds. */
  readonly accessTokenMs: number;
  readonly refreshTokenGraceMs: number;
  readonly refreshTokenUnusedMs: number;
  readonly idempotencyRetentionMs: number;
  /** 0: not limited. The windows of minutes and days begin at their own times. */
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
  readonly callsAtOnce: number;
  readonly appCallsPerMinute: number;
  /** Calls that the app makes in other organisations in each minute. */
  readonly appCallsElsewhere: number;
  /** Does `If-Modified-Since` show what changed in that very second? Undocumented. */
  readonly modifiedSinceIncludesItself: boolean;
  /** How long each answer takes, in milliseconds of the injected clock. */
  readonly latencyMs: number;
  /** How long changes are gathered into one webhook, in milliseconds. */
  readonly webhookBatchMs: number;
  /** How long after each failed try a webhook is sent again, in milliseconds. */
  readonly webhookRetryDelaysMs: readonly number[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const RETRIES = 96;

export const ALL_SCOPES: readonly string[] = [
  "offline_access",
  "accounting.contacts",
  "accounting.invoices",
  "accounting.payments",
  "accounting.settings",
];

export const DEFAULT_SETTINGS: XeroSimulatorSettings = {
  organisationName: "Simulated Limited",
  isDemoCompany: true,
  baseCurrency: "NZD",
  periodLockDate: undefined,
  accessTokenMs: 30 * MINUTE_MS,
  refreshTokenGraceMs: 30 * MINUTE_MS,
  refreshTokenUnusedMs: 60 * DAY_MS,
  idempotencyRetentionMs: 6 * MINUTE_MS,
  callsPerMinute: 60,
  callsPerDay: 5_000,
  callsAtOnce: 5,
  appCallsPerMinute: 10_000,
  appCallsElsewhere: 0,
  modifiedSinceIncludesItself: false,
  latencyMs: 0,
  webhookBatchMs: 1_000,
  // At once, then every quarter of an hour for a day.
  webhookRetryDelaysMs: [0, ...Array.from({ length: RETRIES }, () => 15 * MINUTE_MS)],
};
