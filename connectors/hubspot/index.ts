// The public names of the HubSpot connector.
export { hubspot, hubspotWith, type HubSpotOptions } from "./connector.ts";
export { contactsWith, type ContactsOptions } from "./contacts.ts";
export { checkbox, instant, number, text } from "./shapes.ts";
export type { HubSpotSettings } from "./settings.ts";
export type { HubSpotCompany, HubSpotCompanyFields } from "./companies.ts";
export type { HubSpotContact, HubSpotContactFields } from "./contacts.ts";
export type { HubSpotDeal, HubSpotDealFields } from "./deals.ts";
export type { HubSpotTicket, HubSpotTicketFields } from "./tickets.ts";
