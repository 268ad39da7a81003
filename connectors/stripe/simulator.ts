// Stripe as its clients meet it on the wire: keys, limits, idempotency, expanding, pages, search that lags, events, and
// signed webhooks. Written from the provider's documents, not from our connector, so that the two can prove each other.
import type { Simulator } from "../../src/rehearse/simulator.ts";
import { WebhookSender } from "../../src/rehearse/webhook-sender.ts";
import { endpointBody } from "./simulator/account.ts";
import { Gateway } from "./simulator/gateway.ts";
import { Idempotency } from "./simulator/idempotency.ts";
import { Keys } from "./simulator/keys.ts";
import { Ledger } from "./simulator/ledger.ts";
import { Meter } from "./simulator/meter.ts";
import { OAuth } from "./simulator/oauth.ts";
import { DEFAULT_SETTINGS, type StripeSimulatorOptions } from "./simulator/options.ts";
import { person, type Person } from "./simulator/person.ts";
import { routesOf } from "./simulator/routes.ts";
import type { Sabotage } from "./simulator/sabotage.ts";
import { truthOf, type StripeTruth } from "./simulator/truth.ts";
import { signing, Webhooks } from "./simulator/webhooks.ts";

export type { Body as StripeBody } from "./simulator/body.ts";
export type { StripeSimulatorOptions, StripeSimulatorSettings } from "./simulator/options.ts";
export type { StripeTruth } from "./simulator/truth.ts";
export type { Sabotage } from "./simulator/sabotage.ts";
export type { Person } from "./simulator/person.ts";
export type { Kind as StripeKind } from "./simulator/ledger.ts";

export interface StripeSimulator extends Simulator {
  readonly truth: StripeTruth;
  readonly accountId: string;
  /** Somebody at work in the dashboard: no key, no limits, the same rules. */
  readonly person: Person;
  /** The same, in a connected account. */
  personOf(account: string): Person;
  readonly keys: Keys;
  readonly oauth: OAuth;
  /** Spoils the next calls that match. */
  sabotage(sabotage: Sabotage): void;
}

const ACCOUNT = "acct_1SimulatedCompany";

export function createStripeSimulator(options: StripeSimulatorOptions): StripeSimulator {
  const { clock, random, accountId = ACCOUNT, connectedAccounts = [] } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const livemode = options.secretKey.startsWith("sk_live_");
  const { currency, apiVersion, searchLagMs } = settings;
  const ledgers = new Map(
    [accountId, ...connectedAccounts].map((id) => [
      id,
      new Ledger({ accountId: id, livemode, currency, apiVersion, searchLagMs, clock, random }),
    ]),
  );
  const own = ledgers.get(accountId)!;
  const send = options.send ?? (() => Promise.resolve(0));
  const sender = new WebhookSender({
    clock,
    random,
    send: signing(clock, send),
    retryDelaysMs: settings.webhookRetryDelaysMs,
    ...(options.webhookFaults && { faults: options.webhookFaults }),
  });
  const webhooks = new Webhooks(own, sender);
  for (const ledger of ledgers.values()) ledger.onEvent = (event) => webhooks.announce(event, ledger);
  if (options.send !== undefined && options.webhookUrl !== undefined) {
    const secret = options.webhookSecret ?? "";
    for (const isConnect of [false, true]) {
      const endpoint = { url: options.webhookUrl, events: ["*"], version: apiVersion, isConnect, secret };
      own.add("webhook_endpoint", endpointBody(own, endpoint));
    }
  }
  const keys = new Keys(options);
  const meter = new Meter(clock, settings);
  const idempotency = new Idempotency(clock, settings.idempotencyRetentionMs);
  const route = routesOf(settings);
  const oauth = new OAuth(random, keys);
  const gateway = new Gateway({ clock, random, settings, keys, meter, idempotency, ledgers, accountId, route, oauth });
  return {
    name: "stripe",
    accountId,
    fetch: (request) => gateway.fetch(request),
    webhooks: sender,
    truth: truthOf({ ledger: own, gateway, meter, idempotency, webhooks }),
    person: person(own, route),
    personOf: (account) => person(ledgers.get(account)!, route),
    keys,
    oauth,
    sabotage: (sabotage) => gateway.sabotage(sabotage),
  };
}
