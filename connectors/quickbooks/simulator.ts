// QuickBooks Online as its clients meet it on the wire: tokens, limits, both shapes of faults, books that add up, and
// webhooks. Written from the provider's documents, not from our connector, so that the two can prove each other.
import type { Simulator } from "../../src/rehearse/simulator.ts";
import { WebhookSender } from "../../src/rehearse/webhook-sender.ts";
import { Company } from "./simulator/company.ts";
import { Gateway } from "./simulator/gateway.ts";
import { Meter } from "./simulator/meter.ts";
import { DEFAULT_SETTINGS, type QuickBooksSimulatorOptions } from "./simulator/options.ts";
import { person, type Person } from "./simulator/person.ts";
import { RequestIds } from "./simulator/request-ids.ts";
import type { Sabotage } from "./simulator/sabotage.ts";
import { Service } from "./simulator/service.ts";
import { Tokens } from "./simulator/tokens.ts";
import { truthOf, type QuickBooksTruth } from "./simulator/truth.ts";
import { Webhooks } from "./simulator/webhooks.ts";

export type { QuickBooksSimulatorOptions, QuickBooksSimulatorSettings } from "./simulator/options.ts";
export type { QuickBooksTruth } from "./simulator/truth.ts";
export type { Sabotage } from "./simulator/sabotage.ts";
export type { Person } from "./simulator/person.ts";
export type { Body as QuickBooksBody, Kind as QuickBooksKind } from "./simulator/kinds.ts";

export interface QuickBooksSimulator extends Simulator {
  readonly truth: QuickBooksTruth;
  /** Somebody at work in QuickBooks itself: no token, no limits, the same rules. */
  readonly person: Person;
  readonly tokens: Tokens;
  /** Spoils the next calls that match. */
  sabotage(sabotage: Sabotage): void;
  /** Ends the company's subscription, or begins it again. */
  lapse(isLapsed: boolean): void;
  /** An access token that works now, for tests that are not about signing in. */
  accessToken(): string;
}

export function createQuickBooksSimulator(options: QuickBooksSimulatorOptions): QuickBooksSimulator {
  const { clock, random, realmId } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const company = new Company(clock, settings.utcOffsetMinutes, settings);
  const requestIds = new RequestIds(clock, settings.requestIdRetentionMs);
  const service = new Service(clock, company, requestIds, settings);
  const tokens = new Tokens(options, settings);
  const meter = new Meter(clock, settings);
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
    realmId,
    verifierToken: options.webhookVerifierToken,
    url: options.send === undefined ? undefined : options.webhookUrl,
    gatherMs: settings.webhookBatchMs,
    format: settings.webhookFormat,
    sender,
  });
  company.onChange = (change) => webhooks.announce(change);
  const gateway = new Gateway({ clock, random, realmId, settings, tokens, meter, service });
  return {
    name: "quickbooks",
    fetch: (request) => gateway.fetch(request),
    webhooks: sender,
    truth: truthOf({ company, gateway, meter, requestIds, service, tokens, webhooks }),
    person: person(company),
    tokens,
    sabotage: (sabotage) => gateway.sabotage(sabotage),
    lapse: (isLapsed) => {
      service.lapsed = isLapsed;
    },
    accessToken: () => tokens.hand(),
  };
}
