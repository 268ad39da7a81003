// The two accounts. Secrets are only referred to; where the providers are comes from the environment too, because in this
// example they are simulators on this machine.
import { z } from "zod";
import {
  checkbox,
  contactsWith as marketingContactsWith,
  hubspotWith,
  number,
} from "../../connectors/hubspot/index.ts";
import { contactsWith, salesforceWith } from "../../connectors/salesforce/index.ts";
import { defineOwner, env } from "../../src/index.ts";

export const salesOperations = defineOwner({ name: "Sales operations", email: "sales-operations@example.com" });

const salesforce = salesforceWith({
  resources: {
    contacts: contactsWith({
      fields: { Lead_Score__c: z.number().optional() },
      // Nothing of a contact is unique in Salesforce: each one that we make carries the key of its write.
      writeKey: "Bowline_Key__c",
    }),
  },
});

const hubspot = hubspotWith({
  resources: { contacts: marketingContactsWith({ properties: { lead_score: number, do_not_email: checkbox } }) },
});

export const crm = salesforce.connect("crm", {
  instanceUrl: "https://acme.my.salesforce.com",
  clientId: env("SALESFORCE_CLIENT_ID"),
  clientSecret: env("SALESFORCE_CLIENT_SECRET"),
  refreshToken: env("SALESFORCE_REFRESH_TOKEN"),
  webhookSecret: env("SALESFORCE_WEBHOOK_SECRET"),
  baseUrl: env("SALESFORCE_URL"),
  tokenUrl: env("SALESFORCE_TOKEN_URL"),
});

export const marketing = hubspot.connect("marketing", {
  portalId: "49547190",
  accessToken: env("HUBSPOT_TOKEN"),
  clientSecret: env("HUBSPOT_CLIENT_SECRET"),
  plan: "enterprise",
  limitIncreases: 2,
  // Companies are not part of it.
  associations: false,
  baseUrl: env("HUBSPOT_URL"),
});
