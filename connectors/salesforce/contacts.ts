// People at the accounts.
import { z } from "zod";
import { address } from "./addresses.ts";
import { type FieldsIn, type RecordIn } from "./object.ts";
import * as shape from "./shapes.ts";
import { withAdded, type StandardObjectOptions } from "./standard-object.ts";

const writable = {
  LastName: shape.text(80).min(1),
  FirstName: shape.text(40).optional(),
  Salutation: shape.text(40).optional(),
  AccountId: shape.id.optional(),
  ...address("Mailing"),
  ...address("Other"),
  Email: shape.email.optional(),
  Phone: shape.phone.optional(),
  MobilePhone: shape.phone.optional(),
  HomePhone: shape.phone.optional(),
  OtherPhone: shape.phone.optional(),
  Fax: shape.phone.optional(),
  Title: shape.text(128).optional(),
  Department: shape.text(80).optional(),
  AssistantName: shape.text(40).optional(),
  LeadSource: shape.text(255).optional(),
  Birthdate: shape.date.optional(),
  Description: shape.text(32_000).optional(),
  ReportsToId: shape.id.optional(),
  OwnerId: shape.id.optional(),
  HasOptedOutOfEmail: z.boolean().optional(),
};

const readOnly = {
  Name: shape.text(),
  MasterRecordId: shape.id,
  EmailBouncedReason: shape.text(),
  LastActivityDate: shape.date,
  CreatedById: shape.id,
};

export type SalesforceContact = RecordIn<typeof writable, typeof readOnly>;
export type SalesforceContactFields = FieldsIn<typeof writable>;

const FACTS = {
  name: "contacts",
  object: "Contact",
  writable,
  readOnly,
  naturalKey: ["LastName", "FirstName", "Email"],
} as const;

/** Contacts with fields of one's own. */
export function contactsWith<const Added extends z.core.$ZodShape = {}>(options: StandardObjectOptions<Added>) {
  return withAdded<typeof writable, typeof readOnly, Added>(FACTS, options);
}

export const contacts = contactsWith({});
