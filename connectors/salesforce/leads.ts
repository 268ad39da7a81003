// People and companies that may become customers. A lead that was converted can be written no longer.
import { z } from "zod";
import { address } from "./addresses.ts";
import { type FieldsIn, type RecordIn } from "./object.ts";
import * as shape from "./shapes.ts";
import { withAdded, type StandardObjectOptions } from "./standard-object.ts";

const writable = {
  LastName: shape.text(80).min(1),
  Company: shape.text(255).min(1),
  FirstName: shape.text(40).optional(),
  Salutation: shape.text(40).optional(),
  Title: shape.text(128).optional(),
  ...address(""),
  Email: shape.email.optional(),
  Phone: shape.phone.optional(),
  MobilePhone: shape.phone.optional(),
  Fax: shape.phone.optional(),
  Website: shape.url.optional(),
  Status: shape.text(255).optional(),
  LeadSource: shape.text(255).optional(),
  Industry: shape.text(255).optional(),
  Rating: shape.text(255).optional(),
  AnnualRevenue: shape.money.optional(),
  NumberOfEmployees: z.number().int().optional(),
  Description: shape.text(32_000).optional(),
  OwnerId: shape.id.optional(),
  HasOptedOutOfEmail: z.boolean().optional(),
};

const readOnly = {
  Name: shape.text(),
  MasterRecordId: shape.id,
  IsConverted: z.boolean(),
  ConvertedDate: shape.date,
  ConvertedAccountId: shape.id,
  ConvertedContactId: shape.id,
  ConvertedOpportunityId: shape.id,
  CreatedById: shape.id,
};

export type SalesforceLead = RecordIn<typeof writable, typeof readOnly>;
export type SalesforceLeadFields = FieldsIn<typeof writable>;

const FACTS = {
  name: "leads",
  object: "Lead",
  writable,
  readOnly,
  naturalKey: ["LastName", "Company", "Email"],
} as const;

/** Leads with fields of one's own. */
export function leadsWith<const Added extends z.core.$ZodShape = {}>(options: StandardObjectOptions<Added>) {
  return withAdded<typeof writable, typeof readOnly, Added>(FACTS, options);
}

export const leads = leadsWith({});
