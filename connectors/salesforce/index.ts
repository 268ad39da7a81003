// The public names of the Salesforce connector.
export { salesforce, salesforceWith, type SalesforceOptions } from "./connector.ts";
export type { SalesforceSettings } from "./settings.ts";
export { accountsWith, type SalesforceAccount, type SalesforceAccountFields } from "./accounts.ts";
export { casesWith, type SalesforceCase, type SalesforceCaseFields } from "./cases.ts";
export { contactsWith, type SalesforceContact, type SalesforceContactFields } from "./contacts.ts";
export { leadsWith, type SalesforceLead, type SalesforceLeadFields } from "./leads.ts";
export { opportunitiesWith, type SalesforceOpportunity, type SalesforceOpportunityFields } from "./opportunities.ts";
export { customObject, type CustomObjectOptions } from "./custom-object.ts";
export type { StandardObjectOptions } from "./standard-object.ts";
export { fieldFaults, type FieldFault } from "./describe.ts";
export { date, dateTime, decimal, email, id, money, phone, text, url } from "./shapes.ts";
