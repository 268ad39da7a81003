// HubSpot's CRM as its clients meet it on the wire: tokens and scopes, limits, search that lags behind, merges, and webhooks.
// Written from the provider's documents, not from our connector, so that the two can prove each other.
import type { Simulator } from "../../src/rehearse/simulator.ts";
import { Gateway } from "./simulator/gateway.ts";
import { Meter } from "./simulator/meter.ts";
import { DEFAULT_SETTINGS, type HubSpotSimulatorOptions } from "./simulator/options.ts";
import { person, type Person } from "./simulator/person.ts";
import { Portal } from "./simulator/portal.ts";
import type { Sabotage } from "./simulator/sabotage.ts";
import { Service } from "./simulator/service.ts";
import { Tokens } from "./simulator/tokens.ts";
import { truthOf, type HubSpotTruth } from "./simulator/truth.ts";
import { Webhooks } from "./simulator/webhooks.ts";

export { ALL_SCOPES, type HubSpotSimulatorOptions, type HubSpotSimulatorSettings } from "./simulator/options.ts";
export type { HubSpotTruth } from "./simulator/truth.ts";
export type { Sabotage } from "./simulator/sabotage.ts";
export type { Person } from "./simulator/person.ts";
export type { Kind as HubSpotKind } from "./simulator/kinds.ts";
export type { Stored as HubSpotStored } from "./simulator/portal.ts";

export interface HubSpotSimulator extends Simulator {
  readonly truth: HubSpotTruth;
  /** Somebody at work in HubSpot itself: no token, no limits, the same rules. */
  readonly person: Person;
  readonly tokens: Tokens;
  /** Where webhooks go; may be set once the receiver is up. */
  webhookUrl: string | undefined;
  /** Spoils the next calls that match. */
  sabotage(sabotage: Sabotage): void;
  /** An access token that works now, for tests that are not about signing in. */
  accessToken(): string;
}

export function createHubSpotSimulator(options: HubSpotSimulatorOptions): HubSpotSimulator {
  const { clock, random, portalId = "49547190" } = options;
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const portal = new Portal(clock, settings);
  const tokens = new Tokens(options, settings, portalId);
  const meter = new Meter(clock, settings);
  const service = new Service({ clock, portal, portalId, settings, scopes: () => tokens.scopes });
  const webhooks = new Webhooks({
    clock,
    random,
    portalId,
    clientSecret: options.clientSecret,
    url: options.send === undefined ? undefined : options.webhookUrl,
    gatherMs: settings.webhookGatherMs,
    retryDelaysMs: settings.webhookRetryDelaysMs,
    send: options.send ?? (() => Promise.resolve(0)),
    faults: options.webhookFaults,
  });
  portal.onChange = (change) => webhooks.announce(change);
  const gateway = new Gateway({ clock, random, settings, tokens, meter, service });
  return {
    name: "hubspot",
    fetch: (request) => gateway.fetch(request),
    webhooks: webhooks.sender,
    truth: truthOf({ portal, gateway, meter, service, tokens, webhooks }),
    person: person(portal),
    tokens,
    get webhookUrl() {
      return webhooks.url;
    },
    set webhookUrl(url) {
      webhooks.url = url;
    },
    sabotage: (sabotage) => gateway.sabotage(sabotage),
    accessToken: () => options.privateAppToken ?? tokens.hand(),
  };
}
