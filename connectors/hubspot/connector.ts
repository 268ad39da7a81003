// HubSpot's CRM, as far as it is peculiar: where it is, how to sign in, what it limits, how it fails.
import { defineConnector } from "../../src/define/define-connector.ts";
import { about } from "./about.ts";
import { companies } from "./companies.ts";
import { contacts } from "./contacts.ts";
import { API_VERSION, API_VERSION_ENDS } from "./crm-object.ts";
import { deals } from "./deals.ts";
import { outcome } from "./errors.ts";
import { limits, readLimits } from "./limits.ts";
import { settings, type HubSpotSettings } from "./settings.ts";
import { signIn } from "./sign-in.ts";
import { tickets } from "./tickets.ts";
import { webhook } from "./webhook.ts";

export const hubspot = defineConnector({
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
  resources: { contacts, companies, deals, tickets },
});
