// The objects of the simulated org and their fields, as describe calls tell them and writes are checked by them.

export type FieldType =
  | "id"
  | "string"
  | "textarea"
  | "picklist"
  | "multipicklist"
  | "reference"
  | "currency"
  | "double"
  | "percent"
  | "int"
  | "boolean"
  | "date"
  | "datetime"
  | "email"
  | "phone"
  | "url";

export interface FieldFacts {
  readonly name: string;
  readonly type: FieldType;
  readonly length?: number;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly externalId?: boolean;
  readonly unique?: boolean;
  /** Of a unique text. Default: false, as Salesforce has it. */
  readonly caseSensitive?: boolean;
  /** A picklist that takes these only. */
  readonly values?: readonly string[];
  readonly referenceTo?: readonly string[];
  /** The parent, in queries and in bodies. */
  readonly relationshipName?: string;
  /** Digits behind the point. */
  readonly scale?: number;
  readonly default?: string | number | boolean;
}

export interface ObjectFacts {
  readonly name: string;
  /** Three characters with which all ids begin. */
  readonly keyPrefix: string;
  readonly fields: readonly FieldFacts[];
  /** Child relationships by name: `Contacts: ["Contact", "AccountId"]`. */
  readonly children?: Readonly<Record<string, readonly [object: string, field: string]>>;
  readonly replicateable?: boolean;
  readonly mergeable?: boolean;
}

const SYSTEM: readonly FieldFacts[] = [
  { name: "Id", type: "id", readOnly: true },
  { name: "IsDeleted", type: "boolean", readOnly: true },
  { name: "CreatedDate", type: "datetime", readOnly: true },
  { name: "CreatedById", type: "reference", readOnly: true, referenceTo: ["User"], relationshipName: "CreatedBy" },
  { name: "LastModifiedDate", type: "datetime", readOnly: true },
  { name: "LastModifiedById", type: "reference", readOnly: true, referenceTo: ["User"] },
  { name: "SystemModstamp", type: "datetime", readOnly: true },
];

const owner = ref("OwnerId", "User", "Owner");
const activity: FieldFacts = { name: "LastActivityDate", type: "date", readOnly: true };
const master: FieldFacts = { name: "MasterRecordId", type: "reference", readOnly: true };

const ACCOUNT: ObjectFacts = {
  name: "Account",
  keyPrefix: "001",
  mergeable: true,
  children: {
    Contacts: ["Contact", "AccountId"],
    Opportunities: ["Opportunity", "AccountId"],
    Cases: ["Case", "AccountId"],
  },
  fields: [
    { name: "Name", type: "string", length: 255, required: true },
    ...picklists("Type", "Industry", "Ownership", "Rating", "AccountSource"),
    ref("ParentId", "Account", "Parent"),
    ...address("Billing"),
    ...address("Shipping"),
    ...phones("Phone", "Fax"),
    { name: "AccountNumber", type: "string", length: 40 },
    { name: "Website", type: "url", length: 255 },
    { name: "Site", type: "string", length: 80 },
    { name: "AnnualRevenue", type: "currency", scale: 0 },
    { name: "NumberOfEmployees", type: "int" },
    { name: "Description", type: "textarea", length: 32_000 },
    owner,
    activity,
    master,
  ],
};

const CONTACT: ObjectFacts = {
  name: "Contact",
  keyPrefix: "003",
  mergeable: true,
  children: { Cases: ["Case", "ContactId"] },
  fields: [
    { name: "LastName", type: "string", length: 80, required: true },
    { name: "FirstName", type: "string", length: 40 },
    { name: "Name", type: "string", readOnly: true },
    ...picklists("Salutation", "LeadSource"),
    ref("AccountId", "Account", "Account"),
    ref("ReportsToId", "Contact", "ReportsTo"),
    ...address("Mailing"),
    ...address("Other"),
    { name: "Email", type: "email", length: 80 },
    ...phones("Phone", "MobilePhone", "HomePhone", "OtherPhone", "Fax"),
    { name: "Title", type: "string", length: 128 },
    { name: "Department", type: "string", length: 80 },
    { name: "AssistantName", type: "string", length: 40 },
    { name: "Birthdate", type: "date" },
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "HasOptedOutOfEmail", type: "boolean", default: false },
    { name: "EmailBouncedReason", type: "string", length: 255, readOnly: true },
    owner,
    activity,
    master,
  ],
};

const LEAD: ObjectFacts = {
  name: "Lead",
  keyPrefix: "00Q",
  mergeable: true,
  fields: [
    { name: "LastName", type: "string", length: 80, required: true },
    { name: "Company", type: "string", length: 255, required: true },
    { name: "FirstName", type: "string", length: 40 },
    { name: "Name", type: "string", readOnly: true },
    { name: "Title", type: "string", length: 128 },
    ...picklists("Salutation", "LeadSource", "Industry", "Rating"),
    { name: "Status", type: "picklist", length: 255, default: "Open - Not Contacted" },
    ...address(""),
    { name: "Email", type: "email", length: 80 },
    ...phones("Phone", "MobilePhone", "Fax"),
    { name: "Website", type: "url", length: 255 },
    { name: "AnnualRevenue", type: "currency", scale: 0 },
    { name: "NumberOfEmployees", type: "int" },
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "HasOptedOutOfEmail", type: "boolean", default: false },
    { name: "IsConverted", type: "boolean", default: false, readOnly: true },
    { name: "ConvertedDate", type: "date", readOnly: true },
    ...["ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId"].map((name): FieldFacts => ({
      name,
      type: "reference",
      readOnly: true,
    })),
    owner,
    activity,
    master,
  ],
};

const OPPORTUNITY: ObjectFacts = {
  name: "Opportunity",
  keyPrefix: "006",
  fields: [
    { name: "Name", type: "string", length: 120, required: true },
    { name: "StageName", type: "picklist", length: 255, required: true },
    { name: "CloseDate", type: "date", required: true },
    ref("AccountId", "Account", "Account"),
    { name: "Amount", type: "currency", scale: 2 },
    { name: "Probability", type: "percent", scale: 0 },
    { name: "ExpectedRevenue", type: "currency", scale: 2, readOnly: true },
    ...picklists("Type", "LeadSource", "ForecastCategoryName"),
    { name: "NextStep", type: "string", length: 255 },
    { name: "CampaignId", type: "reference" },
    { name: "Pricebook2Id", type: "reference" },
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "IsClosed", type: "boolean", default: false, readOnly: true },
    { name: "IsWon", type: "boolean", default: false, readOnly: true },
    { name: "ForecastCategory", type: "picklist", readOnly: true },
    { name: "HasOpportunityLineItem", type: "boolean", default: false, readOnly: true },
    owner,
    activity,
  ],
};

const CASE: ObjectFacts = {
  name: "Case",
  keyPrefix: "500",
  mergeable: true,
  fields: [
    { name: "CaseNumber", type: "string", readOnly: true },
    { name: "Subject", type: "string", length: 255 },
    { name: "Description", type: "textarea", length: 32_000 },
    { name: "Status", type: "picklist", length: 255, default: "New" },
    { name: "Priority", type: "picklist", length: 255, default: "Medium" },
    ...picklists("Origin", "Type", "Reason"),
    ref("AccountId", "Account", "Account"),
    ref("ContactId", "Contact", "Contact"),
    ref("ParentId", "Case", "Parent"),
    { name: "SuppliedName", type: "string", length: 80 },
    { name: "SuppliedEmail", type: "email", length: 80 },
    { name: "SuppliedPhone", type: "phone", length: 40 },
    { name: "SuppliedCompany", type: "string", length: 80 },
    { name: "IsClosed", type: "boolean", default: false, readOnly: true },
    { name: "IsEscalated", type: "boolean", default: false },
    { name: "ClosedDate", type: "datetime", readOnly: true },
    owner,
    master,
  ],
};

/** Read only here: who works in the org, and the org itself. */
const USER: ObjectFacts = {
  name: "User",
  keyPrefix: "005",
  fields: [
    { name: "Name", type: "string", readOnly: true },
    { name: "Username", type: "string", readOnly: true },
    { name: "Email", type: "email", readOnly: true },
  ],
};

const ORGANIZATION: ObjectFacts = {
  name: "Organization",
  keyPrefix: "00D",
  replicateable: false,
  fields: [
    { name: "Name", type: "string", readOnly: true },
    { name: "OrganizationType", type: "picklist", readOnly: true },
    { name: "IsSandbox", type: "boolean", readOnly: true },
    { name: "InstanceName", type: "string", readOnly: true },
  ],
};

/** One object, its fields by lower-case name. */
export interface Schema {
  readonly facts: ObjectFacts;
  readonly fields: ReadonlyMap<string, FieldFacts>;
}

export function schemasOf(
  objects: readonly ObjectFacts[],
  added: Readonly<Record<string, readonly FieldFacts[]>>,
): ReadonlyMap<string, Schema> {
  const all = [ACCOUNT, CONTACT, LEAD, OPPORTUNITY, CASE, USER, ORGANIZATION, ...objects];
  return new Map(
    all.map((facts) => {
      const fields = [...SYSTEM, ...facts.fields, ...(added[facts.name] ?? [])];
      return [facts.name.toLowerCase(), { facts, fields: new Map(fields.map((one) => [one.name.toLowerCase(), one])) }];
    }),
  );
}

function ref(name: string, object: string, relationshipName: string): FieldFacts {
  return { name, type: "reference", referenceTo: [object], relationshipName };
}

function picklists(...names: readonly string[]): readonly FieldFacts[] {
  return names.map((name) => ({ name, type: "picklist", length: 255 }));
}

function phones(...names: readonly string[]): readonly FieldFacts[] {
  return names.map((name) => ({ name, type: "phone", length: 40 }));
}

function address(prefix: string): readonly FieldFacts[] {
  const parts = { Street: 255, City: 40, State: 80, PostalCode: 20, Country: 80 };
  return Object.entries(parts).map(([part, length]) => ({ name: prefix + part, type: "string", length }));
}
