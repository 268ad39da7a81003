// What makes a contact valid, and what Xero makes of it.
import { givenText, isBody, listOf, textOf, type Body } from "./body.ts";
import { refuse } from "./refusal.ts";
import type { Organisation } from "./organisation.ts";

const TEXTS: Readonly<Record<string, number>> = {
  ContactNumber: 50,
  AccountNumber: 50,
  CompanyNumber: 50,
  FirstName: 255,
  LastName: 255,
  EmailAddress: 255,
  TaxNumber: 50,
  BankAccountDetails: 255,
  AccountsReceivableTaxType: 50,
  AccountsPayableTaxType: 50,
  DefaultCurrency: 3,
};
const ADDRESS_TYPES = ["STREET", "POBOX"];
const ADDRESS_TEXTS = ["AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "City", "Region", "PostalCode"];
const PHONE_TYPES = ["DDI", "DEFAULT", "FAX", "MOBILE"];
const PERSONS_MAX = 5;

/** The contact with the given fields over what it was. */
export function settleContact(organisation: Organisation, id: string, given: Body, before: Body | undefined): Body {
  const texts = Object.fromEntries(
    Object.entries(TEXTS).flatMap(([name, max]) => {
      const text = givenText(given, name, max);
      return text === undefined ? [] : [[name, text.trim()]];
    }),
  );
  const Name = nameOf(given) ?? textOf(before ?? {}, "Name") ?? refuse("The contact name must be specified");
  const ContactStatus = statusOf(given) ?? textOf(before ?? {}, "ContactStatus") ?? "ACTIVE";
  const email = textOf(texts, "EmailAddress");
  if (email !== undefined && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) refuse("Email address must be valid");
  const contact: Body = {
    IsSupplier: false,
    IsCustomer: false,
    ContactPersons: [],
    ...before,
    ...texts,
    Name,
    ContactStatus,
    Addresses: mergedBy(
      "AddressType",
      ADDRESS_TYPES,
      [...ADDRESS_TEXTS, "Country", "AttentionTo"],
      given,
      before,
      "Addresses",
    ),
    Phones: mergedBy(
      "PhoneType",
      PHONE_TYPES,
      ["PhoneNumber", "PhoneAreaCode", "PhoneCountryCode"],
      given,
      before,
      "Phones",
    ),
    ...personsOf(given),
  };
  if (ContactStatus === "ACTIVE") refuseTaken(organisation, id, contact);
  return contact;
}

function nameOf(given: Body): string | undefined {
  const name = givenText(given, "Name", 255);
  if (name === undefined) return undefined;
  const tidy = name.trim().replace(/\s+/g, " ");
  if (tidy === "") refuse("The contact name must be specified");
  if (/[<>]/.test(tidy)) refuse("The contact name cannot contain angle brackets");
  return tidy;
}

function statusOf(given: Body): string | undefined {
  const status = textOf(given, "ContactStatus");
  if (status !== undefined && status !== "ACTIVE" && status !== "ARCHIVED") refuse("The contact status is not valid");
  return status;
}

function refuseTaken(organisation: Organisation, id: string, contact: Body): void {
  const isOther = (field: string): boolean => {
    const text = textOf(contact, field);
    const holder = text === undefined ? undefined : organisation.holder("Contacts", field, text);
    return holder !== undefined && holder !== id;
  };
  if (isOther("Name")) {
    const unique = "The contact name must be unique across all active contacts.";
    refuse(`The contact name ${String(contact["Name"])} is already assigned to another contact. ${unique}`);
  }
  if (isOther("ContactNumber")) {
    refuse(`The contact number ${String(contact["ContactNumber"])} is already assigned to another contact.`);
  }
}

/** Addresses and telephones are kept by their type; one of each is always shown. */
function mergedBy(
  typeField: string,
  types: readonly string[],
  texts: readonly string[],
  given: Body,
  before: Body | undefined,
  field: string,
): readonly Body[] {
  const named = listOf(given, field) ?? [];
  const known = listOf(before ?? {}, field) ?? [];
  for (const one of named) {
    const type = textOf(one, typeField);
    if (type === undefined || !types.includes(type)) refuse(`${field}: ${String(type)} is not a valid ${typeField}`);
  }
  return types.map((type) => {
    const one = named.findLast((candidate) => candidate[typeField] === type);
    const was = known.find((candidate) => candidate[typeField] === type);
    if (one === undefined && was !== undefined) return was;
    const content = texts.map((name) => [name, one === undefined ? "" : (textOf(one, name) ?? "")]);
    return { [typeField]: type, ...Object.fromEntries(content) };
  });
}

/** Persons are replaced as a whole. */
function personsOf(given: Body): Body {
  const persons = listOf(given, "ContactPersons");
  if (persons === undefined) return {};
  if (persons.length > PERSONS_MAX) refuse(`A contact can have at most ${PERSONS_MAX} contact persons`);
  return {
    ContactPersons: persons.map((person) => ({
      FirstName: textOf(person, "FirstName") ?? "",
      LastName: textOf(person, "LastName") ?? "",
      EmailAddress: textOf(person, "EmailAddress") ?? "",
      IncludeInEmails: person["IncludeInEmails"] === true,
    })),
  };
}

/** The contact that a document names: by id, number or name; an unknown name makes a new contact. */
export function contactFor(organisation: Organisation, document: Body): Body {
  const given = document["Contact"];
  if (!isBody(given)) return refuse("A Contact must be specified for this type of transaction");
  const id = textOf(given, "ContactID") ?? holderOf(organisation, given);
  const row = id === undefined ? undefined : organisation.find("Contacts", id);
  if (row !== undefined) {
    if (row.body["ContactStatus"] !== "ACTIVE") refuse("The contact is archived and cannot be used in transactions");
    return row.body;
  }
  if (textOf(given, "ContactID") !== undefined) refuse("The contact with the specified ContactID could not be found");
  const newId = organisation.nextId();
  return organisation.put("Contacts", newId, settleContact(organisation, newId, given, undefined)).body;
}

function holderOf(organisation: Organisation, given: Body): string | undefined {
  for (const field of ["ContactNumber", "Name"]) {
    const text = textOf(given, field);
    const holder = text === undefined ? undefined : organisation.holder("Contacts", field, text.trim());
    if (holder !== undefined) return holder;
  }
  return undefined;
}
