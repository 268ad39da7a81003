// Contacts. Their e-mail address is unique in the account: it is how one is found again, and why none is made twice.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { CrmObject } from "./crm-object.ts";
import { fieldsOf } from "./fields-of.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { togetherOf } from "./together.ts";
import { archive, createPlainly, foundBy, gdprDelete, update } from "./writing.ts";

const plain = {
  firstname: shape.text(),
  lastname: shape.text(),
  salutation: shape.text(),
  jobtitle: shape.text(),
  company: shape.text(),
  phone: shape.text(),
  mobilephone: shape.text(),
  fax: shape.text(),
  website: shape.text(),
  address: shape.text(),
  city: shape.text(),
  state: shape.text(),
  zip: shape.text(),
  country: shape.text(),
  lifecyclestage: shape.text(),
  hs_lead_status: shape.text(),
  hs_language: shape.text(),
  hubspot_owner_id: shape.text(),
};

const contactRecord = shape.recordOf({
  ...shape.systemProperties,
  lastmodifieddate: shape.instantShown,
  email: shape.textShown,
  /** Further addresses of the same person, with ";" between. */
  hs_additional_emails: shape.textShown,
  /** The primary company's id. */
  associatedcompanyid: shape.textShown,
  firstname: shape.textShown,
  lastname: shape.textShown,
  salutation: shape.textShown,
  jobtitle: shape.textShown,
  company: shape.textShown,
  phone: shape.textShown,
  mobilephone: shape.textShown,
  fax: shape.textShown,
  website: shape.textShown,
  address: shape.textShown,
  city: shape.textShown,
  state: shape.textShown,
  zip: shape.textShown,
  country: shape.textShown,
  lifecyclestage: shape.textShown,
  hs_lead_status: shape.textShown,
  hs_language: shape.textShown,
});

/** HubSpot would take a name instead of the address; we ask for it, since nothing else keeps a contact from being made twice. */
const contactFields = z.strictObject({
  ...plain,
  email: shape.email,
  companies: shape.associates,
  custom: shape.custom,
});

export type HubSpotContact = z.output<typeof contactRecord>;
export type HubSpotContactFields = z.output<typeof contactFields>;

const CONTACTS: CrmObject = {
  name: "contacts",
  modified: "lastmodifieddate",
  properties: Object.keys(contactRecord.shape.properties.shape),
  writable: ["email", ...Object.keys(plain)],
  associated: [{ to: "companies", typeId: 279, primaryTypeId: 1, name: "contact_to_company" }],
};

export const contacts = defineResource<HubSpotContact, HubSpotContactFields, "archive" | "gdpr-delete">({
  name: "contacts",
  schema: contactRecord,
  ...readingOf<HubSpotContact>(CONTACTS),
  title: ({ properties: { firstname, lastname, email } }) =>
    [firstname, lastname].filter((name) => name).join(" ") || (email ?? undefined),
  write: {
    fields: contactFields,
    // A second create is refused with 409, and the address leads to what the first one made.
    safety: { kind: "upsert" },
    create: (api, order) => createPlainly(api, CONTACTS, order),
    update: (api, order) => update(api, CONTACTS, order),
    removals: {
      archive: (api, order) => archive(api, CONTACTS, order),
      "gdpr-delete": (api, order) => gdprDelete(api, CONTACTS, order),
    },
    together: togetherOf<HubSpotContact, HubSpotContactFields>(CONTACTS, "plainly"),
    lookup: (api, { fields }) => foundBy<HubSpotContact>(api, CONTACTS, "email", fields.email.trim().toLowerCase()),
    fieldsOf: (contact) => fieldsOf(CONTACTS, contact, { email: (address) => address.trim().toLowerCase() }),
  },
});
