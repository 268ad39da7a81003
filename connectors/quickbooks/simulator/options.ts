// What can be set about the simulated company. Where QuickBooks' behaviour is not documented there is a setting, and the
// default is the harder case for a client.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { SendWebhook, WebhookFaults } from "../../../src/rehearse/webhook-sender.ts";
import type { SalesTaxRules } from "./sales-tax.ts";

export interface QuickBooksSimulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly realmId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The first refresh token, as if somebody had just connected. */
  readonly refreshToken: string;
  readonly webhookVerifierToken: string;
  /** Without it, or without `webhookUrl`, no webhooks are sent. */
  readonly send?: SendWebhook;
  readonly webhookUrl?: string;
  readonly webhookFaults?: WebhookFaults;
  readonly settings?: Partial<QuickBooksSimulatorSettings>;
}

export interface QuickBooksSimulatorSettings extends SalesTaxRules {
  /** How long an access token lives, in milliseconds. */
  readonly accessTokenMs: number;
  /** Each refresh gives a new refresh token ("always"), or only one older than a day does ("daily"). */
  readonly refreshTokenRotation: "always" | "daily";
  /** How long a superseded refresh token still works, in milliseconds. */
  readonly refreshTokenGraceMs: number;
  /** How long a `requestid` is remembered, in milliseconds; undocumented. */
  readonly requestIdRetentionMs: number;
  /** Does a repeated `requestid` give the first answer again when that was a fault? Undocumented. */
  readonly requestIdReplaysFaults: boolean;
  /** Does `requestid` work for customers and items? Reports differ; their unique names protect them anyway. */
  readonly requestIdCoversLists: boolean;
  /** The company's preference: refuse a document number that is in use. */
  readonly warnDuplicateDocNumbers: boolean;
  /** Which changes are left out when change data capture finds more than 1,000. Undocumented. */
  readonly cdcKeeps: "oldest" | "newest";
  /** Calls in any minute, any second, and at the same time; batch calls in any minute. 0: not limited. */
  readonly callsPerMinute: number;
  readonly callsPerSecond: number;
  readonly callsAtOnce: number;
  readonly batchesPerMinute: number;
  /** Sent with a 429, in seconds; undefined: no such header, as documented. */
  readonly retryAfterSeconds: number | undefined;
  /** How long each answer takes, in milliseconds of the injected clock. */
  readonly latencyMs: number;
  /** How long changes are gathered into one webhook, in milliseconds. */
  readonly webhookBatchMs: number;
  readonly webhookFormat: "cloudevents" | "legacy";
  /** How long after each failed try a webhook is sent again, in milliseconds. */
  readonly webhookRetryDelaysMs: readonly number[];
  /** The company's distance from UTC, in minutes: Pacific daylight time. */
  readonly utcOffsetMinutes: number;
}

const MINUTE_MS = 60_000;

export const DEFAULT_SETTINGS: QuickBooksSimulatorSettings = {
  accessTokenMs: 60 * MINUTE_MS,
  refreshTokenRotation: "always",
  refreshTokenGraceMs: 0,
  requestIdRetentionMs: 24 * 60 * MINUTE_MS,
  requestIdReplaysFaults: true,
  requestIdCoversLists: true,
  warnDuplicateDocNumbers: false,
  cdcKeeps: "oldest",
  callsPerMinute: 500,
  callsPerSecond: 10,
  callsAtOnce: 10,
  batchesPerMinute: 120,
  retryAfterSeconds: undefined,
  latencyMs: 0,
  webhookBatchMs: 2_000,
  webhookFormat: "cloudevents",
  webhookRetryDelaysMs: [20 * MINUTE_MS, 30 * MINUTE_MS, 50 * MINUTE_MS],
  utcOffsetMinutes: -7 * 60,
  salesTax: "automated",
  explicitTax: "ignored",
  taxPercent: "8.25",
  taxCodes: { "4": "0", "6": "20" },
};
