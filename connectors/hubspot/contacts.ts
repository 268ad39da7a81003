// Contacts. Their e-mail address is unique in the account: it is how one is found again, and why none is made twice.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Resource } from "../../src/define/resource.ts";
import type { CrmObject } from "./crm-object.ts";
import { fieldsOf, normalOf } from "./fields-of.ts";
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

export interface ContactsOptions<Added extends shape.OwnProperties> {
  /** The account's own properties, by their internal names: `{ lead_score: number }`. Each is a field like any other. */
  readonly properties: Added;
}

type AddedFields<Added extends shape.OwnProperties> = { readonly [Name in keyof Added]?: string | undefined };

/** Contacts with properties of the account's own, each a field by itself; `custom` holds those that are only listed in the settings. */
export function contactsWith<const Added extends shape.OwnProperties>({
  properties: added,
}: ContactsOptions<Added>): Resource<
  HubSpotContact,
  HubSpotContactFields & AddedFields<Added>,
  "archive" | "gdpr-delete"
> {
  type Fields = HubSpotContactFields & AddedFields<Added>;
  const names = Object.keys(added);
  const known = Object.keys(contactRecord.shape.properties.shape);
  const twice = names.find((name) => known.includes(name));
  if (twice !== undefined) throw new TypeError(`Could not add the property ${twice} to contacts: they have it already`);
  const object: CrmObject = {
    name: "contacts",
    modified: "lastmodifieddate",
    properties: [...known, ...names],
    writable: ["email", ...Object.keys(plain), ...names],
    associated: [{ to: "companies", typeId: 279, primaryTypeId: 1, name: "contact_to_company" }],
  };
  const normal = { ...normalOf(added), email: (address: string) => address.trim().toLowerCase() };
  return defineResource<HubSpotContact, Fields, "archive" | "gdpr-delete">({
    name: "contacts",
    schema: contactRecord,
    ...readingOf<HubSpotContact>(object),
    title: ({ properties: { firstname, lastname, email } }) =>
      [firstname, lastname].filter((name) => name).join(" ") || (email ?? undefined),
    write: {
      fields: contactFields.extend(added) as never,
      // A second create is refused with 409, and the address leads to what the first one made.
      safety: { kind: "upsert" },
      create: (api, order) => createPlainly(api, object, order),
      update: (api, order) => update(api, object, order),
      removals: {
        archive: (api, order) => archive(api, object, order),
        "gdpr-delete": (api, order) => gdprDelete(api, object, order),
      },
      together: togetherOf<HubSpotContact, Fields>(object, "plainly"),
      lookup: (api, { fields }) => foundBy<HubSpotContact>(api, object, "email", fields.email.trim().toLowerCase()),
      fieldsOf: (contact) => fieldsOf(object, contact, normal),
    },
  });
}

export const contacts = contactsWith({ properties: {} });
