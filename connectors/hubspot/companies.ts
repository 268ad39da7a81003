// Companies. HubSpot's API makes a second company of the same domain without a word, so one is looked for first.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { WriteOrder, Written } from "../../src/define/resource.ts";
import type { CrmObject } from "./crm-object.ts";
import { plainDecimal } from "./decimal.ts";
import { fieldsOf } from "./fields-of.ts";
import { batchRead, readingOf, searchIds } from "./reading.ts";
import * as shape from "./shapes.ts";
import { togetherOf } from "./together.ts";
import { archive, createByKey, found, foundBy, keyProperty, update } from "./writing.ts";

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[^\s/@:]+\.[^\s/@:]+$/, "a domain such as example.com, without http and path");

const plain = {
  phone: shape.text(),
  website: shape.text(),
  address: shape.text(),
  address2: shape.text(),
  city: shape.text(),
  state: shape.text(),
  zip: shape.text(),
  country: shape.text(),
  industry: shape.text(),
  type: shape.text(),
  description: shape.text(),
  numberofemployees: shape.number,
  annualrevenue: shape.number,
  founded_year: shape.text(),
  timezone: shape.text(),
  lifecyclestage: shape.text(),
  hs_lead_status: shape.text(),
  hubspot_owner_id: shape.text(),
};

const companyRecord = shape.recordOf({
  ...shape.systemProperties,
  hs_lastmodifieddate: shape.instantShown,
  name: shape.textShown,
  domain: shape.textShown,
  /** Further domains of the same company, with ";" between. */
  hs_additional_domains: shape.textShown,
  hs_parent_company_id: shape.textShown,
  phone: shape.textShown,
  website: shape.textShown,
  address: shape.textShown,
  address2: shape.textShown,
  city: shape.textShown,
  state: shape.textShown,
  zip: shape.textShown,
  country: shape.textShown,
  industry: shape.textShown,
  type: shape.textShown,
  description: shape.textShown,
  numberofemployees: shape.numberShown,
  annualrevenue: shape.numberShown,
  founded_year: shape.textShown,
  timezone: shape.textShown,
  lifecyclestage: shape.textShown,
  hs_lead_status: shape.textShown,
});

/** HubSpot would take a domain alone; people know a company by its name. */
const companyFields = z.strictObject({
  ...plain,
  name: z.string().trim().min(1),
  domain: domain.optional(),
  custom: shape.custom,
});

export type HubSpotCompany = z.output<typeof companyRecord>;
export type HubSpotCompanyFields = z.output<typeof companyFields>;

const COMPANIES: CrmObject = {
  name: "companies",
  modified: "hs_lastmodifieddate",
  properties: Object.keys(companyRecord.shape.properties.shape),
  writable: ["name", "domain", ...Object.keys(plain)],
  associated: [],
};

const NUMBERS = { numberofemployees: plainDecimal, annualrevenue: plainDecimal };

export const companies = defineResource<HubSpotCompany, HubSpotCompanyFields, "archive">({
  name: "companies",
  schema: companyRecord,
  ...readingOf<HubSpotCompany>(COMPANIES),
  title: ({ properties: { name, domain: place } }) => name || place || undefined,
  write: {
    fields: companyFields,
    safety: { kind: "upsert" },
    create,
    update: (api, order) => update(api, COMPANIES, order),
    removals: { archive: (api, order) => archive(api, COMPANIES, order) },
    together: togetherOf<HubSpotCompany, HubSpotCompanyFields>(COMPANIES, "alone"),
    lookup,
    fieldsOf: (company) => fieldsOf(COMPANIES, company, { ...NUMBERS, domain: (text) => text.trim().toLowerCase() }),
  },
});

async function create(api: Api, order: WriteOrder<HubSpotCompanyFields>): Promise<Written<HubSpotCompany>> {
  const [other] = await ofDomain(api, order.fields.domain);
  if (other !== undefined && (await madeBy(api, order)).length === 0) {
    const reason = `A company with the domain ${order.fields.domain} exists already: ${other.id}`;
    throw new CallFailed({ kind: "conflict", code: "DOMAIN_EXISTS", reason }, reason);
  }
  return createByKey(api, COMPANIES, order);
}

/** What this write made; else the companies of its domain. */
async function lookup(api: Api, order: WriteOrder<HubSpotCompanyFields>): Promise<readonly Written<HubSpotCompany>[]> {
  const made = await madeBy(api, order);
  return made.length > 0 ? made : (await ofDomain(api, order.fields.domain)).map(found);
}

function madeBy(api: Api, { idempotencyKey }: WriteOrder<HubSpotCompanyFields>) {
  return foundBy<HubSpotCompany>(api, COMPANIES, keyProperty(api), idempotencyKey);
}

async function ofDomain(api: Api, name: string | undefined): Promise<readonly HubSpotCompany[]> {
  if (name === undefined || name === "") return [];
  const value = name.trim().toLowerCase();
  const ids = await searchIds(api, COMPANIES, [{ propertyName: "domain", operator: "EQ", value }]);
  return batchRead<HubSpotCompany>(api, COMPANIES, ids);
}
