// The kinds of records of a HubSpot account, and the properties that each account has from the beginning.

export type Kind = "contacts" | "companies" | "deals" | "tickets";
export const KIND_NAMES: readonly Kind[] = ["contacts", "companies", "deals", "tickets"];

export interface PropertyDefinition {
  readonly name: string;
  readonly type: "string" | "number" | "date" | "datetime" | "enumeration" | "bool" | "phone_number";
  readonly hasUniqueValue?: boolean;
  /** Internal values of an enumeration; absent: any. */
  readonly options?: readonly string[];
  /** Set by HubSpot alone. */
  readonly readOnly?: boolean;
}

export interface KindDefinition {
  readonly typeId: string;
  /** In webhooks: "contact.creation". */
  readonly singular: string;
  readonly modified: string;
  /** What comes back when no properties are asked for. */
  readonly shown: readonly string[];
  /** A new record needs one of the properties of each group. */
  readonly required: readonly (readonly string[])[];
  readonly properties: readonly PropertyDefinition[];
  readonly scopes: { readonly read: string; readonly write: string };
}

const texts = (...names: readonly string[]): readonly PropertyDefinition[] =>
  names.map((name) => ({ name, type: "string" }));
const numbers = (...names: readonly string[]): readonly PropertyDefinition[] =>
  names.map((name) => ({ name, type: "number" }));
const system = (modified: string): readonly PropertyDefinition[] => [
  { name: "hs_object_id", type: "number", readOnly: true },
  { name: "createdate", type: "datetime", readOnly: true },
  { name: modified, type: "datetime", readOnly: true },
  { name: "hs_merged_object_ids", type: "enumeration", readOnly: true },
  { name: "hubspot_owner_id", type: "enumeration" },
];
const scopes = (name: string): KindDefinition["scopes"] => ({
  read: `crm.objects.${name}.read`,
  write: `crm.objects.${name}.write`,
});

const LIFECYCLE_STAGES = [
  "subscriber",
  "lead",
  "marketingqualifiedlead",
  "salesqualifiedlead",
  "opportunity",
  "customer",
  "evangelist",
  "other",
];
const DEAL_STAGES = [
  "appointmentscheduled",
  "qualifiedtobuy",
  "presentationscheduled",
  "decisionmakerboughtin",
  "contractsent",
  "closedwon",
  "closedlost",
];
const lifecycle: PropertyDefinition = { name: "lifecyclestage", type: "enumeration", options: LIFECYCLE_STAGES };
const place = ["address", "city", "state", "zip", "country", "phone", "website"];

export const KINDS: Readonly<Record<Kind, KindDefinition>> = {
  contacts: {
    typeId: "0-1",
    singular: "contact",
    modified: "lastmodifieddate",
    shown: ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"],
    required: [["email", "firstname", "lastname"]],
    properties: [
      ...system("lastmodifieddate"),
      { name: "email", type: "string", hasUniqueValue: true },
      ...texts("firstname", "lastname", "salutation", "jobtitle", "company", "mobilephone", "fax", "hs_lead_status"),
      ...texts("hs_language", "hs_additional_emails", ...place),
      lifecycle,
      { name: "associatedcompanyid", type: "number", readOnly: true },
    ],
    scopes: scopes("contacts"),
  },
  companies: {
    typeId: "0-2",
    singular: "company",
    modified: "hs_lastmodifieddate",
    shown: ["createdate", "domain", "hs_lastmodifieddate", "hs_object_id", "name"],
    required: [["name", "domain"]],
    properties: [
      ...system("hs_lastmodifieddate"),
      ...texts("name", "domain", "hs_additional_domains", "address2", "industry", "type", "description", ...place),
      ...texts("founded_year", "timezone", "hs_lead_status"),
      ...numbers("numberofemployees", "annualrevenue", "hs_parent_company_id"),
      lifecycle,
    ],
    scopes: scopes("companies"),
  },
  deals: {
    typeId: "0-3",
    singular: "deal",
    modified: "hs_lastmodifieddate",
    shown: [
      "amount",
      "closedate",
      "createdate",
      "dealname",
      "dealstage",
      "hs_lastmodifieddate",
      "hs_object_id",
      "pipeline",
    ],
    required: [["dealname"], ["dealstage"]],
    properties: [
      ...system("hs_lastmodifieddate"),
      ...texts("dealname", "description", "hs_next_step", "closed_lost_reason", "closed_won_reason"),
      { name: "dealstage", type: "enumeration", options: DEAL_STAGES },
      { name: "pipeline", type: "enumeration", options: ["default"] },
      { name: "deal_currency_code", type: "enumeration", options: ["USD", "EUR", "GBP"] },
      { name: "dealtype", type: "enumeration", options: ["newbusiness", "existingbusiness"] },
      { name: "hs_priority", type: "enumeration", options: ["low", "medium", "high"] },
      ...numbers("amount"),
      { name: "amount_in_home_currency", type: "number", readOnly: true },
      { name: "closedate", type: "datetime" },
      { name: "hs_is_closed", type: "bool", readOnly: true },
      { name: "hs_is_closed_won", type: "bool", readOnly: true },
      { name: "hs_primary_associated_company", type: "number", readOnly: true },
    ],
    scopes: scopes("deals"),
  },
  tickets: {
    typeId: "0-5",
    singular: "ticket",
    modified: "hs_lastmodifieddate",
    shown: [
      "content",
      "createdate",
      "hs_lastmodifieddate",
      "hs_object_id",
      "hs_pipeline",
      "hs_pipeline_stage",
      "hs_ticket_category",
      "hs_ticket_priority",
      "subject",
    ],
    required: [["hs_pipeline_stage"]],
    properties: [
      ...system("hs_lastmodifieddate"),
      ...texts("subject", "content", "hs_ticket_category", "hs_resolution", "source_type"),
      { name: "hs_pipeline", type: "enumeration", options: ["0"] },
      { name: "hs_pipeline_stage", type: "enumeration", options: ["1", "2", "3", "4"] },
      { name: "hs_ticket_priority", type: "enumeration", options: ["LOW", "MEDIUM", "HIGH", "URGENT"] },
      { name: "closed_date", type: "datetime" },
    ],
    scopes: { read: "tickets", write: "tickets" },
  },
};

/** A kind by any of the names that stand in paths: "contacts", "contact", "0-1". */
export function kindOf(name: string): Kind | undefined {
  return KIND_NAMES.find((kind) => [kind, KINDS[kind].singular, KINDS[kind].typeId].includes(name.toLowerCase()));
}

export interface AssociationType {
  readonly from: Kind;
  readonly to: Kind;
  readonly typeId: number;
  readonly inverse: number;
  readonly label: string | null;
}

const pair = (from: Kind, to: Kind, typeId: number, inverse: number, label: string | null = null) => [
  { from, to, typeId, inverse, label },
  { from: to, to: from, typeId: inverse, inverse: typeId, label },
];

export const ASSOCIATION_TYPES: readonly AssociationType[] = [
  ...pair("contacts", "companies", 279, 280),
  ...pair("contacts", "companies", 1, 2, "Primary"),
  ...pair("deals", "contacts", 3, 4),
  ...pair("deals", "companies", 341, 342),
  ...pair("deals", "companies", 5, 6, "Primary"),
  ...pair("tickets", "contacts", 16, 15),
  ...pair("tickets", "companies", 339, 340),
  ...pair("tickets", "companies", 26, 25, "Primary"),
  ...pair("tickets", "deals", 28, 27),
];

/** The type that stands for being associated at all. */
export function plainType(from: Kind, to: Kind): AssociationType | undefined {
  return ASSOCIATION_TYPES.find((type) => type.from === from && type.to === to && type.label === null);
}
