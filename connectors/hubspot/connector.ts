// HubSpot's CRM, as far as it is peculiar: where it is, how to sign in, what it limits, how it fails.
import type { ConnectorWithConnect } from "../../src/define/connector.ts";
import { defineConnector } from "../../src/define/define-connector.ts";
import type { Resource } from "../../src/define/resource.ts";
import { about } from "./about.ts";
import { companies } from "./companies.ts";
import { contacts } from "./contacts.ts";
import { API_VERSION, API_VERSION_ENDS } from "./crm-object.ts";
import { deals } from "./deals.ts";
import { outcome } from "./errors.ts";
import { limits, readLimits } from "./limits.ts";
import { settings, type HubSpotSettings, type ObjectName } from "./settings.ts";
import { signIn } from "./sign-in.ts";
import { tickets } from "./tickets.ts";
import { webhook } from "./webhook.ts";

const OURS = { contacts, companies, deals, tickets };

export interface HubSpotOptions<Added extends Partial<Record<ObjectName, Resource<any, any, any>>>> {
  /** Resources with properties of the account's own; each takes the place of ours of the same name. */
  readonly resources: Added;
}

/** HubSpot with an account's own properties as fields: `hubspotWith({ resources: { contacts: contactsWith({ … }) } })`. */
export function hubspotWith<const Added extends Partial<Record<ObjectName, Resource<any, any, any>>>>({
  resources: added,
}: HubSpotOptions<Added>): ConnectorWithConnect<HubSpotSettings, Omit<typeof OURS, keyof Added> & Added> {
  return defineConnector({
    name: "hubspot",
    title: "HubSpot",
    settings,
    apiVersion: API_VERSION,
    apiVersionEnds: API_VERSION_ENDS,
    baseUrl: ({ baseUrl = "https://api.hubapi.com" }: HubSpotSettings) => baseUrl.replace(/\/+$/, ""),
    auth: signIn,
    account: ({ portalId }) => portalId,
    about,
    headers: { accept: "application/json" },
    limits,
    readLimits,
    outcome,
    webhook,
    subscriptions: {
      how: "by-hand",
      where: "Webhooks, among the app's settings in HubSpot, or in the project's own files",
    },
    resources: { ...OURS, ...added } as unknown as Omit<typeof OURS, keyof Added> & Added,
  }) as never;
}

export const hubspot = hubspotWith({ resources: {} });
