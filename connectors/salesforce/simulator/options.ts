// What can be set about the simulated org. Where Salesforce's behaviour is not documented there is a setting, and the default
// is the harder case for a client.
import type { Clock, Random } from "../../../src/world/world.ts";
import type { SendWebhook, WebhookFaults } from "../../../src/rehearse/webhook-sender.ts";
import type { FieldFacts, ObjectFacts } from "./schema.ts";
import type { Row } from "./org.ts";

export interface SalesforceSimulatorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly clientId: string;
  readonly clientSecret: string;
  /** 15 or 18 characters. Default: "00D5e000000SimuEAC". */
  readonly organizationId?: string;
  readonly username?: string;
  /** The public key (PEM) of the certificate that the app knows; without it no JWT is taken. */
  readonly publicKey?: string;
  /** The first refresh token, as if somebody had just connected. */
  readonly refreshToken?: string;
  /** Custom objects. */
  readonly objects?: readonly ObjectFacts[];
  /** Custom fields of standard objects. */
  readonly fields?: Readonly<Record<string, readonly FieldFacts[]>>;
  /** Rules of the org: an answer is what a person is told when the record is refused. */
  readonly validationRules?: Readonly<Record<string, (row: Row) => string | undefined>>;
  /** Objects in which a second record with the same text in this field is refused by a duplicate rule. */
  readonly duplicateRules?: Readonly<Record<string, string>>;
  /** Without it, or without `webhookUrl`, nothing is sent. */
  readonly send?: SendWebhook;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly webhookFaults?: WebhookFaults;
  readonly settings?: Partial<SalesforceSimulatorSettings>;
}

export interface SalesforceSimulatorSettings {
  /** How long a session lasts unused, in milliseconds; use makes it last anew. */
  readonly sessionMs: number;
  /** Each refresh gives a new refresh token, and ends the old one. */
  readonly refreshTokenRotation: boolean;
  /** API requests in any 24 hours. */
  readonly callsPerDay: number;
  /** Calls of twenty seconds and more at the same time. */
  readonly longCallsMax: number;
  /** How long each answer takes, in milliseconds of the injected clock. */
  readonly latencyMs: number;
  /** The most records in one answer to a query, whatever the client asks for. */
  readonly queryBatchMax: number;
  /** How long a query's next pages can be asked for, in milliseconds. */
  readonly locatorMs: number;
  /** The most ids of one replication answer. */
  readonly replicationIdsMax: number;
  /** How far behind `latestDateCovered` stays because of transactions under way, in milliseconds. */
  readonly coveredLagMs: number;
  /** How long the recycle bin and the log of deletions keep a record, in milliseconds. */
  readonly recycleBinMs: number;
  /** How long a job of the Bulk API takes, in milliseconds. */
  readonly bulkJobMs: number;
  /** The most rows of one page of a bulk query's results. */
  readonly bulkPageMax: number;
  /** How long changes are gathered into one webhook, in milliseconds. */
  readonly webhookBatchMs: number;
  /** How long after each failed try a webhook is sent again, in milliseconds. */
  readonly webhookRetryDelaysMs: readonly number[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const DEFAULT_SETTINGS: SalesforceSimulatorSettings = {
  sessionMs: 120 * MINUTE_MS,
  refreshTokenRotation: false,
  callsPerDay: 100_000,
  longCallsMax: 25,
  latencyMs: 0,
  queryBatchMax: 2_000,
  locatorMs: 2 * DAY_MS,
  replicationIdsMax: 600_000,
  coveredLagMs: 0,
  recycleBinMs: 15 * DAY_MS,
  bulkJobMs: 5_000,
  bulkPageMax: 50_000,
  webhookBatchMs: 1_000,
  webhookRetryDelaysMs: [1 * MINUTE_MS, 5 * MINUTE_MS],
};
