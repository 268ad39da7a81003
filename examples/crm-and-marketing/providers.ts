// The two providers, simulated on this machine and served over real HTTP. Their own records are the truth that the result is
// compared with.
import { createHubSpotSimulator, type HubSpotSimulator } from "../../connectors/hubspot/simulator.ts";
import { createSalesforceSimulator, type SalesforceSimulator } from "../../connectors/salesforce/simulator.ts";
import { serve } from "../../src/rehearse/serve.ts";
import { sendWebhook, type WebhookFaults } from "../../src/rehearse/simulators.ts";
import type { Clock, Random } from "../../src/world/world.ts";

/** What the deliveries of both suffer; everything here happens to real receivers. */
export const FAULTS: WebhookFaults = { lost: 0.06, duplicated: 0.08, late: 0.1, lateMs: 2_500 };
/** How late HubSpot's search shows what was written, in milliseconds. */
export const SEARCH_LAG_MS = 2_000;

/** What the simulators know the project by. */
export const SECRETS = {
  SALESFORCE_CLIENT_ID: "example-client",
  SALESFORCE_CLIENT_SECRET: "example-secret",
  SALESFORCE_REFRESH_TOKEN: "5Aep-example-only",
  SALESFORCE_WEBHOOK_SECRET: "example-webhook-secret",
  HUBSPOT_TOKEN: "pat-na1-example-only",
  HUBSPOT_CLIENT_SECRET: "example-client-secret",
} as const;

export interface Simulators {
  readonly crm: SalesforceSimulator;
  readonly marketing: HubSpotSimulator;
}

export interface Providers extends Simulators {
  /** What the project's `env(…)` references are read from. */
  readonly environment: Readonly<Record<string, string>>;
  /** From now on webhooks go there. */
  tell(engineUrl: string): void;
  close(): Promise<void>;
}

export interface World {
  readonly clock: Clock;
  readonly random: Random;
}

export function createSimulators({ clock, random }: World): Simulators {
  const crm = createSalesforceSimulator({
    clock,
    random,
    clientId: SECRETS.SALESFORCE_CLIENT_ID,
    clientSecret: SECRETS.SALESFORCE_CLIENT_SECRET,
    refreshToken: SECRETS.SALESFORCE_REFRESH_TOKEN,
    webhookSecret: SECRETS.SALESFORCE_WEBHOOK_SECRET,
    fields: {
      Contact: [
        { name: "Lead_Score__c", type: "double", scale: 0 },
        { name: "Bowline_Key__c", type: "string", length: 36, externalId: true, unique: true, caseSensitive: true },
      ],
    },
    send: sendWebhook,
    webhookFaults: FAULTS,
    settings: { webhookBatchMs: 200 },
  });
  const marketing = createHubSpotSimulator({
    clock,
    random,
    clientId: "example-app",
    clientSecret: SECRETS.HUBSPOT_CLIENT_SECRET,
    privateAppToken: SECRETS.HUBSPOT_TOKEN,
    send: sendWebhook,
    webhookFaults: FAULTS,
    settings: {
      properties: {
        contacts: [
          { name: "lead_score", type: "number" },
          { name: "do_not_email", type: "bool" },
        ],
      },
      searchLagMs: SEARCH_LAG_MS,
      callsPerTenSeconds: 250,
      webhookGatherMs: 200,
    },
  });
  return { crm, marketing };
}

export async function serveSimulators({ crm, marketing }: Simulators): Promise<Providers> {
  const crmServed = await serve((request) => crm.fetch(request));
  const marketingServed = await serve((request) => marketing.fetch(request));
  return {
    crm,
    marketing,
    environment: {
      ...SECRETS,
      SALESFORCE_URL: crmServed.url,
      SALESFORCE_TOKEN_URL: `${crmServed.url}/services/oauth2/token`,
      HUBSPOT_URL: marketingServed.url,
    },
    tell: (engineUrl) => {
      crm.webhookUrl = `${engineUrl}/hooks/crm`;
      marketing.webhookUrl = `${engineUrl}/hooks/marketing`;
    },
    close: async () => {
      crm.webhooks.stop();
      marketing.webhooks.stop();
      await Promise.all([crmServed.close(), marketingServed.close()]);
    },
  };
}
