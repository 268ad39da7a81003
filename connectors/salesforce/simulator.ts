// A Salesforce org as its clients meet it on the wire: sessions, SOQL, rules, the recycle bin, jobs of the Bulk API, and the
// daily limit. Written from the provider's documents, not from our connector, so that the two can prove each other.
import type { Simulator } from "../../src/rehearse/simulator.ts";
import { WebhookSender } from "../../src/rehearse/webhook-sender.ts";
import { Bulk } from "./simulator/bulk.ts";
import { Gateway } from "./simulator/gateway.ts";
import { Meter } from "./simulator/meter.ts";
import { DEFAULT_SETTINGS, type SalesforceSimulatorOptions } from "./simulator/options.ts";
import { Org } from "./simulator/org.ts";
import { person, type Person } from "./simulator/person.ts";
import { Queries } from "./simulator/queries.ts";
import type { Sabotage } from "./simulator/sabotage.ts";
import { schemasOf } from "./simulator/schema.ts";
import { Service } from "./simulator/service.ts";
import { Tokens } from "./simulator/tokens.ts";
import { truthOf, type SalesforceTruth } from "./simulator/truth.ts";
import { Webhooks } from "./simulator/webhooks.ts";
import { Writes } from "./simulator/write.ts";

export type { SalesforceSimulatorOptions, SalesforceSimulatorSettings } from "./simulator/options.ts";
export type { FieldFacts, ObjectFacts } from "./simulator/schema.ts";
export type { SalesforceTruth } from "./simulator/truth.ts";
export type { Sabotage } from "./simulator/sabotage.ts";
export type { Person } from "./simulator/person.ts";
export type { Row as SalesforceRow } from "./simulator/org.ts";

export interface SalesforceSimulator extends Simulator {
  readonly truth: SalesforceTruth;
  /** Somebody at work in Salesforce itself: no token, no limits, the same rules. */
  readonly person: Person;
  readonly tokens: Tokens;
  readonly organizationId: string;
  /** Where webhooks go; may be set once the receiver is up. */
  webhookUrl: string | undefined;
  /** Spoils the next calls that match. */
  sabotage(sabotage: Sabotage): void;
  /** The next query jobs of the Bulk API fail; all jobs are forgotten. */
  failBulkJobs(count: number): void;
  forgetBulkJobs(): void;
  /** The log of deletions grew too large, and was purged now. */
  purgeDeleteLog(): void;
  /** Other integrations spend so many of the day's calls. */
  spendCalls(count: number): void;
  /** An access token that works now, for tests that are not about signing in. */
  accessToken(): string;
}

const ORGANIZATION_ID = "00D5e000000Simu";

export function createSalesforceSimulator(options: SalesforceSimulatorOptions): SalesforceSimulator {
  const { clock, random, objects = [], fields = {}, organizationId = ORGANIZATION_ID } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const org = new Org(clock, schemasOf(objects, fields), organizationId, settings);
  const writes = new Writes(org, options);
  const tokens = new Tokens(options, settings, org);
  const meter = new Meter(clock, settings);
  const bulk = new Bulk(org, writes, settings);
  const queries = new Queries(org, random, settings);
  const service = new Service({ org, writes, queries, bulk, meter, settings });
  const gateway = new Gateway({ clock, org, settings, tokens, meter, service });
  const sender = new WebhookSender({
    clock,
    random,
    send: options.send ?? (() => Promise.resolve(0)),
    retryDelaysMs: settings.webhookRetryDelaysMs,
    ...(options.webhookFaults && { faults: options.webhookFaults }),
  });
  const webhooks = new Webhooks({
    clock,
    random,
    organizationId: org.organizationId,
    secret: options.webhookSecret,
    url: options.send === undefined ? undefined : options.webhookUrl,
    gatherMs: settings.webhookBatchMs,
    sender,
  });
  org.onChange = (change) => webhooks.announce(change);
  return {
    name: "salesforce",
    fetch: (request) => gateway.fetch(request),
    webhooks: sender,
    truth: truthOf({ org, writes, service, gateway, meter, tokens, webhooks }),
    person: person(org, writes, clock),
    tokens,
    organizationId: org.organizationId,
    get webhookUrl() {
      return webhooks.url;
    },
    set webhookUrl(url) {
      webhooks.url = url;
    },
    sabotage: (sabotage) => gateway.sabotage(sabotage),
    failBulkJobs: (count) => {
      bulk.failNext = count;
    },
    forgetBulkJobs: () => bulk.forget(),
    purgeDeleteLog: () => {
      org.purgedAt = clock.now();
      org.deletions = [];
    },
    spendCalls: (count) => meter.spend(count),
    accessToken: () => tokens.hand(),
  };
}
