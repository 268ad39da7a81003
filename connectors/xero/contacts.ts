// Contacts: customers and suppliers alike. An active one's Name is unique, and so is its ContactNumber, by which another
// system may know it.
import { z } from "zod";
import type { Api } from "../../src/define/connector.ts";
import { defineResource } from "../../src/define/define-connector.ts";
import type { WriteOrder, Written } from "../../src/define/resource.ts";
import { creatingTogether } from "./creating-together.ts";
import type { Entity } from "./entity.ts";
import { filled, present, some } from "./normal.ts";
import { readingOf } from "./reading.ts";
import * as shape from "./shapes.ts";
import { whereText } from "./where.ts";
import { changeStatus, createOf, found, SAFETY, updateOf, written } from "./writing.ts";

const CONTACT: Entity = {
  name: "Contacts",
  idField: "ContactID",
  paged: true,
  readsByIds: true,
  query: { includeArchived: "true" },
  // The one that went in a merge is kept, and names the one that stays.
  isGone: ({ MergedToContactID }) => MergedToContactID !== undefined && MergedToContactID !== "",
};

const plainFields = {
  ContactNumber: shape.text(50).optional(),
  AccountNumber: shape.text(50).optional(),
  CompanyNumber: shape.text(50).optional(),
  FirstName: shape.text(255).optional(),
  LastName: shape.text(255).optional(),
  EmailAddress: shape.text(255).optional(),
  TaxNumber: shape.text(50).optional(),
  BankAccountDetails: shape.text(255).optional(),
  AccountsReceivableTaxType: shape.text(50).optional(),
  AccountsPayableTaxType: shape.text(50).optional(),
};

const addressParts = {
  AddressLine1: shape.text(500).optional(),
  AddressLine2: shape.text(500).optional(),
  AddressLine3: shape.text(500).optional(),
  AddressLine4: shape.text(500).optional(),
  City: shape.text(255).optional(),
  Region: shape.text(255).optional(),
  PostalCode: shape.text(50).optional(),
  Country: shape.text(50).optional(),
  AttentionTo: shape.text(255).optional(),
};

const phoneParts = {
  PhoneNumber: shape.text(50).optional(),
  PhoneAreaCode: shape.text(10).optional(),
  PhoneCountryCode: shape.text(20).optional(),
};

const personParts = {
  FirstName: shape.text(255).optional(),
  LastName: shape.text(255).optional(),
  EmailAddress: shape.text(255).optional(),
  IncludeInEmails: z.boolean().optional(),
};

const owed = z.object({ Outstanding: shape.money.optional(), Overdue: shape.money.optional() });
const ADDRESS_TYPES = ["POBOX", "STREET"] as const;
const PHONE_TYPES = ["DEFAULT", "DDI", "MOBILE", "FAX", "OFFICE"] as const;

const contactRecord = z.object({
  ...plainFields,
  ContactID: shape.id,
  Name: z.string(),
  ContactStatus: z.string(),
  UpdatedDateUTC: shape.moment.optional(),
  MergedToContactID: z.string().optional(),
  Addresses: z.array(z.object({ AddressType: z.string().optional(), ...addressParts })).optional(),
  Phones: z.array(z.object({ PhoneType: z.string().optional(), ...phoneParts })).optional(),
  ContactPersons: z.array(z.object(personParts)).optional(),
  DefaultCurrency: z.string().optional(),
  IsSupplier: z.boolean().optional(),
  IsCustomer: z.boolean().optional(),
  Website: z.string().optional(),
  Balances: z.object({ AccountsReceivable: owed.optional(), AccountsPayable: owed.optional() }).optional(),
});

const contactFields = z.strictObject({
  ...plainFields,
  Name: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^<>]*$/, "a contact's Name has no angle brackets")
    // Xero takes no spaces around a name, nor several in a row: the name as it will be is the one that is looked for.
    .transform((name) => name.trim().replace(/\s+/g, " ")),
  DefaultCurrency: shape.currency.optional(),
  Addresses: z.array(z.strictObject({ AddressType: z.enum(ADDRESS_TYPES), ...addressParts })).optional(),
  Phones: z.array(z.strictObject({ PhoneType: z.enum(PHONE_TYPES), ...phoneParts })).optional(),
  ContactPersons: z.array(z.strictObject(personParts)).max(5).optional(),
});

export type XeroContact = z.output<typeof contactRecord>;
export type XeroContactFields = z.output<typeof contactFields>;

const PLAIN_NAMES = Object.keys(plainFields) as (keyof typeof plainFields)[];
const CLEARED = { ...Object.fromEntries(PLAIN_NAMES.map((name) => [name, ""])), ContactPersons: [] };

const create = createOf<XeroContact, XeroContactFields>(CONTACT);

export const contacts = defineResource<XeroContact, XeroContactFields, "archive">({
  name: "contacts",
  schema: contactRecord,
  ...readingOf<XeroContact>(CONTACT, { tellsDeletions: true }),
  title: ({ Name }) => Name,
  write: {
    fields: contactFields,
    safety: SAFETY,
    create,
    together: creatingTogether<XeroContact, XeroContactFields, "archive">({
      entity: CONTACT,
      resource: "Contacts",
      isUnique: () => true,
      alone: create,
    }),
    update: updateOf<XeroContact, XeroContactFields>(CONTACT, { cleared: CLEARED }),
    removals: {
      archive: (api, order) => changeStatus<XeroContact>(api, CONTACT, order, { ContactStatus: "ARCHIVED" }),
    },
    lookup,
    fieldsOf,
  },
});

/** By ContactNumber, which is the other system's own; else by Name. */
async function lookup(api: Api, { fields }: WriteOrder<XeroContactFields>): Promise<readonly Written<XeroContact>[]> {
  const { ContactNumber, Name } = fields;
  const numbered = ContactNumber === undefined ? [] : await search(api, "ContactNumber", ContactNumber);
  const candidates = numbered.length > 0 ? numbered : await search(api, "Name", Name);
  return candidates.map((contact) => written(CONTACT, contact));
}

async function search(api: Api, field: "ContactNumber" | "Name", text: string): Promise<readonly XeroContact[]> {
  const where = whereText(field, text);
  const query: Readonly<Record<string, string>> = where === undefined ? { searchTerm: text } : { where };
  const { includeArchived: _all, ...active } = CONTACT.query;
  const contacts = await found<XeroContact>(api, { ...CONTACT, query: active }, query);
  return contacts.filter((contact) => isEqual(contact[field], text) && contact.ContactStatus === "ACTIVE");
}

/** Names that differ in capitals only are the same to Xero. */
function isEqual(left: string | undefined, right: string): boolean {
  return left?.toLowerCase() === right.toLowerCase();
}

function fieldsOf(contact: XeroContact): Partial<XeroContactFields> {
  const { Name, DefaultCurrency, Addresses = [], Phones = [], ContactPersons = [] } = contact;
  const parts = Object.keys(addressParts) as (keyof typeof addressParts)[];
  const addresses = Addresses.flatMap(({ AddressType, ...address }) => {
    const type = ADDRESS_TYPES.find((known) => known === AddressType);
    const content = filled(address, parts);
    return type === undefined || Object.keys(content).length === 0 ? [] : [{ AddressType: type, ...content }];
  });
  const phones = Phones.flatMap(({ PhoneType, ...phone }) => {
    const type = PHONE_TYPES.find((known) => known === PhoneType);
    const content = filled(phone, Object.keys(phoneParts) as (keyof typeof phoneParts)[]);
    return type === undefined || content.PhoneNumber === undefined ? [] : [{ PhoneType: type, ...content }];
  });
  const persons = ContactPersons.map((person) =>
    filled(person, Object.keys(personParts) as (keyof typeof personParts)[]),
  );
  return present({
    ...filled(contact, PLAIN_NAMES),
    Name,
    DefaultCurrency: DefaultCurrency === "" ? undefined : DefaultCurrency,
    Addresses: some(addresses),
    Phones: some(phones),
    ContactPersons: some(persons),
  });
}
