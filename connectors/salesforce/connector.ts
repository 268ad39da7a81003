// Salesforce's REST API, as far as it is peculiar: where it is, how to sign in, what it limits, how it fails.
import { defineConnector } from "../../src/define/define-connector.ts";
import type { ConnectorWithConnect } from "../../src/define/connector.ts";
import type { Resource } from "../../src/define/resource.ts";
import { about } from "./about.ts";
import { accounts } from "./accounts.ts";
import { authOf } from "./auth.ts";
import { cases } from "./cases.ts";
import { contacts } from "./contacts.ts";
import { leads } from "./leads.ts";
import { limitsFor, readLimitsFor } from "./limits.ts";
import { OBJECTS } from "./object.ts";
import { opportunities } from "./opportunities.ts";
import { outcome } from "./outcome.ts";
import { longId } from "./record-id.ts";
import { API_PATH, API_VERSION, instanceUrl, salesforceSettings, type SalesforceSettings } from "./settings.ts";
import { webhookFor } from "./webhook.ts";

type Resources = Readonly<Record<string, Resource<any, any, any>>>;

const STANDARD = { accounts, contacts, leads, opportunities, cases };
const DAILY_CALLS_SHARE = 0.9;

export interface SalesforceOptions<Added extends Resources> {
  /** Custom objects, and standard ones with fields of one's own, by the resource's name; they take the place of ours. */
  readonly resources: Added;
  /** The share of the org's daily calls that may be spent; the rest is for other integrations. Default: 0.9. */
  readonly dailyCallsShare?: number;
}

/** Salesforce with resources of one's own: `salesforceWith({ resources: { invoices: customObject({ … }) } })`. */
export function salesforceWith<const Added extends Resources>({
  resources: added,
  dailyCallsShare: share = DAILY_CALLS_SHARE,
}: SalesforceOptions<Added>): ConnectorWithConnect<SalesforceSettings, Omit<typeof STANDARD, keyof Added> & Added> {
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`Could not make the connector: expected dailyCallsShare above 0 and up to 1, got ${share}`);
  }
  const resources = { ...STANDARD, ...added };
  return defineConnector({
    name: "salesforce",
    title: "Salesforce",
    settings: salesforceSettings,
    apiVersion: API_VERSION,
    baseUrl: (settings: SalesforceSettings) => `${instanceUrl(settings)}${API_PATH}`,
    auth: authOf,
    account: ({ organizationId }) => (organizationId === undefined ? undefined : longId(organizationId)),
    about,
    // Names us in change events, so that what we did ourselves can be told.
    headers: { "sforce-call-options": "client=bowline" },
    limits: limitsFor(share),
    readLimits: readLimitsFor(share),
    outcome,
    webhook: webhookFor(resourcesByObject(resources)),
    resources: resources as unknown as Omit<typeof STANDARD, keyof Added> & Added,
  });
}

export const salesforce = salesforceWith({ resources: {} });

function resourcesByObject(resources: Resources): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const resource of Object.values(resources)) {
    const object = OBJECTS.get(resource);
    if (object !== undefined) names.set(object.name, resource.name);
  }
  return names;
}
