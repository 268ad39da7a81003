// Companies, and whoever else is done business with.
import { z } from "zod";
import { address } from "./addresses.ts";
import { type FieldsIn, type RecordIn } from "./object.ts";
import * as shape from "./shapes.ts";
import { withAdded, type StandardObjectOptions } from "./standard-object.ts";

const writable = {
  Name: shape.text(255).min(1),
  Type: shape.text(255).optional(),
  ParentId: shape.id.optional(),
  ...address("Billing"),
  ...address("Shipping"),
  Phone: shape.phone.optional(),
  Fax: shape.phone.optional(),
  AccountNumber: shape.text(40).optional(),
  Website: shape.url.optional(),
  Industry: shape.text(255).optional(),
  AnnualRevenue: shape.money.optional(),
  NumberOfEmployees: z.number().int().optional(),
  Ownership: shape.text(255).optional(),
  Rating: shape.text(255).optional(),
  Site: shape.text(80).optional(),
  Description: shape.text(32_000).optional(),
  AccountSource: shape.text(255).optional(),
  OwnerId: shape.id.optional(),
};

const readOnly = { MasterRecordId: shape.id, LastActivityDate: shape.date, CreatedById: shape.id };

export type SalesforceAccount = RecordIn<typeof writable, typeof readOnly>;
export type SalesforceAccountFields = FieldsIn<typeof writable>;

const FACTS = { name: "accounts", object: "Account", writable, readOnly, naturalKey: ["Name"] } as const;

/** Accounts with fields of one's own: `accountsWith({ fields: { Erp_Id__c: text(40) }, externalId: "Erp_Id__c" })`. */
export function accountsWith<const Added extends z.core.$ZodShape = {}>(options: StandardObjectOptions<Added>) {
  return withAdded<typeof writable, typeof readOnly, Added>(FACTS, options);
}

export const accounts = accountsWith({});
