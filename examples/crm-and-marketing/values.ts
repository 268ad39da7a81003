// What a contact is made of, in one spelling for both systems, and how each system writes it down. The check and the population
// speak this; the sync and Bowline know nothing of it.
import type { HubSpotStored } from "../../connectors/hubspot/simulator.ts";
import type { SalesforceRow } from "../../connectors/salesforce/simulator.ts";

export const FIELDS = [
  "email",
  "firstName",
  "lastName",
  "phone",
  "title",
  "street",
  "city",
  "state",
  "postalCode",
  "country",
  "score",
  "optOut",
] as const;
export type Field = (typeof FIELDS)[number];

/** "" is nothing at all. */
export type Values = Readonly<Record<Field, string>>;
export type SystemName = "crm" | "marketing";
export const SYSTEMS: readonly SystemName[] = ["crm", "marketing"];
export const otherSystem = (system: SystemName): SystemName => (system === "crm" ? "marketing" : "crm");

const IN_CRM: Readonly<Record<Field, string>> = {
  email: "Email",
  firstName: "FirstName",
  lastName: "LastName",
  phone: "Phone",
  title: "Title",
  street: "MailingStreet",
  city: "MailingCity",
  state: "MailingState",
  postalCode: "MailingPostalCode",
  country: "MailingCountry",
  score: "Lead_Score__c",
  optOut: "HasOptedOutOfEmail",
};

const IN_MARKETING: Readonly<Record<Field, string>> = {
  email: "email",
  firstName: "firstname",
  lastName: "lastname",
  phone: "phone",
  title: "jobtitle",
  street: "address",
  city: "city",
  state: "state",
  postalCode: "zip",
  country: "country",
  score: "lead_score",
  optOut: "do_not_email",
};

export const NOTHING: Values = {
  ...(Object.fromEntries(FIELDS.map((field) => [field, ""])) as Values),
  optOut: "false",
};

/** The name of a field as a system has it. */
export function nameIn(system: SystemName, field: Field): string {
  return (system === "crm" ? IN_CRM : IN_MARKETING)[field];
}

/** As Salesforce takes it. */
export function forCrm(values: Partial<Values>): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    entries(values).map(([field, value]) => {
      if (field === "optOut") return [IN_CRM[field], value === "true"];
      if (field === "score") return [IN_CRM[field], value === "" ? null : Number(value)];
      return [IN_CRM[field], value === "" ? null : value];
    }),
  );
}

/** As HubSpot takes it. */
export function forMarketing(values: Partial<Values>): Record<string, string> {
  return Object.fromEntries(entries(values).map(([field, value]) => [IN_MARKETING[field], value]));
}

export function ofCrm(row: SalesforceRow): Values {
  return read((field) => row[IN_CRM[field]]);
}

export function ofMarketing({ properties }: HubSpotStored): Values {
  return read((field) => properties[IN_MARKETING[field]]);
}

function read(valueOf: (field: Field) => unknown): Values {
  return Object.fromEntries(FIELDS.map((field) => [field, plain(field, valueOf(field))])) as Values;
}

/** The one spelling of all that mean the same. */
export function plain(field: Field, value: unknown): string {
  const text =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
  const trimmed = text.normalize("NFC").trim();
  switch (field) {
    case "email":
      return trimmed.toLowerCase();
    case "phone":
      return trimmed.replace("(0)", "").replace(/\D/g, "").replace(/^00/, "");
    case "score":
      return trimmed === "" ? "" : String(Number(trimmed));
    case "optOut":
      return trimmed === "true" ? "true" : "false";
    default:
      return trimmed;
  }
}

export function plainValues(values: Partial<Values>): Partial<Values> {
  return Object.fromEntries(entries(values).map(([field, value]) => [field, plain(field, value)]));
}

function entries(values: Partial<Values>): (readonly [Field, string])[] {
  return FIELDS.flatMap((field) => (values[field] === undefined ? [] : [[field, values[field]] as const]));
}
