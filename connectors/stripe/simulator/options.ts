// What can be set about the simulated account. Where Stripe's behaviour is not documented there is a setting, and the
// default is the harder case for a client.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { SendWebhook, WebhookFaults } from "../../../src/rehearse/webhook-sender.ts";

export interface StripeSimulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** May do everything: "sk_test_…" or "sk_live_…". */
  readonly secretKey: string;
  /** Restricted keys and what each may do, such as `{ rk_test_1: ["customer_read", "event_read"] }`. */
  readonly restrictedKeys?: Readonly<Record<string, readonly string[]>>;
  readonly accountId?: string;
  /** Accounts that are connected to this one and are called by the header `Stripe-Account`. */
  readonly connectedAccounts?: readonly string[];
  /** Without `send`, or without `webhookUrl`, no webhooks are sent. */
  readonly webhookSecret?: string;
  readonly webhookUrl?: string;
  readonly send?: SendWebhook;
  readonly webhookFaults?: WebhookFaults;
  readonly settings?: Partial<StripeSimulatorSettings>;
}

export interface StripeSimulatorSettings {
  /** Calls in any second to the account, to one endpoint, and to search; and at the same time. 0: not limited. */
  readonly callsPerSecond: number;
  readonly callsPerSecondPerEndpoint: number;
  readonly searchesPerSecond: number;
  readonly callsAtOnce: number;
  /** How long the first answer to an idempotency key is kept, in milliseconds. */
  readonly idempotencyRetentionMs: number;
  /** How long what changed is not found by search, in milliseconds. */
  readonly searchLagMs: number;
  /** How long an event is not listed after it happened, in milliseconds; undocumented. */
  readonly eventLagMs: number;
  /** How far back events are listed, in milliseconds. */
  readonly eventRetentionMs: number;
  /** Does `starting_after` an object that was deleted meanwhile fail, as it was reported to? */
  readonly startingAfterDeletedFails: boolean;
  /** The version in which webhooks and events are rendered. */
  readonly apiVersion: string;
  /** How long each answer takes, in milliseconds of the injected clock. */
  readonly latencyMs: number;
  /** How long after each failed try a webhook is sent again, in milliseconds. */
  readonly webhookRetryDelaysMs: readonly number[];
  /** The account's own currency. */
  readonly currency: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const DEFAULT_SETTINGS: StripeSimulatorSettings = {
  callsPerSecond: 25,
  callsPerSecondPerEndpoint: 25,
  searchesPerSecond: 20,
  callsAtOnce: 25,
  idempotencyRetentionMs: 24 * HOUR_MS,
  searchLagMs: MINUTE_MS,
  eventLagMs: 2_000,
  eventRetentionMs: 30 * 24 * HOUR_MS,
  startingAfterDeletedFails: true,
  apiVersion: "2026-10-28.endive",
  latencyMs: 0,
  webhookRetryDelaysMs: [5 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS],
  currency: "usd",
};
