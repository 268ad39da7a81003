// Xero as its clients meet it on the wire: tokens, organisations, limits, idempotency keys, books that add up, and webhooks.
// Written from the provider's documents, not from our connector, so that the two can prove each other.
import type { Simulator } from "../../src/rehearse/simulator.ts";
import { WebhookSender } from "../../src/rehearse/webhook-sender.ts";
import { Books } from "./simulator/books.ts";
import { Gateway } from "./simulator/gateway.ts";
import { Meter } from "./simulator/meter.ts";
import { DEFAULT_SETTINGS, type XeroSimulatorOptions } from "./simulator/options.ts";
import { Organisation } from "./simulator/organisation.ts";
import { person, type Person } from "./simulator/person.ts";
import type { Sabotage } from "./simulator/sabotage.ts";
import { Service } from "./simulator/service.ts";
import { Tokens } from "./simulator/tokens.ts";
import { truthOf, type XeroTruth } from "./simulator/truth.ts";
import { Webhooks } from "./simulator/webhooks.ts";

export type { XeroSimulatorOptions, XeroSimulatorSettings } from "./simulator/options.ts";
export type { XeroTruth } from "./simulator/truth.ts";
export type { Sabotage as XeroSabotage } from "./simulator/sabotage.ts";
export type { Person as XeroPerson } from "./simulator/person.ts";
export type { Body as XeroBody } from "./simulator/body.ts";
export type { Kind as XeroKind, Row as XeroRow } from "./simulator/organisation.ts";

export interface XeroSimulator extends Simulator {
  readonly truth: XeroTruth;
  /** Somebody at work in Xero itself: no token, no limits, the same rules. */
  readonly person: Person;
  readonly tokens: Tokens;
  /** Spoils the next calls that match. */
  sabotage(sabotage: Sabotage): void;
  /** An access token that works now, for tests that are not about signing in. */
  accessToken(scopes?: readonly string[]): string;
  /** Tries the webhooks' address as Xero does before it uses it: true when it answered right. */
  intentToReceive(): Promise<boolean>;
}

export function createXeroSimulator(options: XeroSimulatorOptions): XeroSimulator {
  const { clock, random, tenantId } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const organisation = new Organisation(clock, random);
  const books = new Books(organisation, settings);
  const service = new Service({ clock, random, organisation, books, tenantId, settings });
  const tokens = new Tokens(options, settings);
  const meter = new Meter(clock, settings);
  const send = options.send ?? (() => Promise.resolve(0));
  const sender = new WebhookSender({
    clock,
    random,
    send,
    retryDelaysMs: settings.webhookRetryDelaysMs,
    ...(options.webhookFaults && { faults: options.webhookFaults }),
  });
  const webhooks = new Webhooks({
    clock,
    random,
    tenantId,
    key: options.webhookKey,
    url: options.send === undefined ? undefined : options.webhookUrl,
    gatherMs: settings.webhookBatchMs,
    sender,
    send,
  });
  organisation.onChange = (change) => webhooks.announce(change);
  const gateway = new Gateway({ clock, random, tenantId, settings, tokens, meter, service });
  return {
    name: "xero",
    fetch: (request) => gateway.fetch(request),
    webhooks: sender,
    truth: truthOf({ organisation, books, gateway, meter, service, tokens, webhooks }),
    person: person(organisation, books),
    tokens,
    sabotage: (sabotage) => gateway.sabotage(sabotage),
    accessToken: (scopes) => tokens.hand(scopes),
    intentToReceive: () => webhooks.intentToReceive(),
  };
}
