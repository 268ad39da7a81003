// What customers ask for help with. Their number is Salesforce's.
import { z } from "zod";
import { type FieldsIn, type RecordIn } from "./object.ts";
import * as shape from "./shapes.ts";
import { withAdded, type StandardObjectOptions } from "./standard-object.ts";

const writable = {
  Subject: shape.text(255).optional(),
  Description: shape.text(32_000).optional(),
  Status: shape.text(255).optional(),
  Priority: shape.text(255).optional(),
  Origin: shape.text(255).optional(),
  Type: shape.text(255).optional(),
  Reason: shape.text(255).optional(),
  AccountId: shape.id.optional(),
  ContactId: shape.id.optional(),
  ParentId: shape.id.optional(),
  SuppliedName: shape.text(80).optional(),
  SuppliedEmail: shape.email.optional(),
  SuppliedPhone: shape.phone.optional(),
  SuppliedCompany: shape.text(80).optional(),
  OwnerId: shape.id.optional(),
};

const readOnly = {
  CaseNumber: shape.text(),
  MasterRecordId: shape.id,
  IsClosed: z.boolean(),
  IsEscalated: z.boolean(),
  ClosedDate: shape.dateTime,
  CreatedById: shape.id,
};

export type SalesforceCase = RecordIn<typeof writable, typeof readOnly>;
export type SalesforceCaseFields = FieldsIn<typeof writable>;

// No field tells a case from others: two customers may ask the same thing.
const FACTS = { name: "cases", object: "Case", writable, readOnly, titleField: "CaseNumber" } as const;

/** Cases with fields of one's own. */
export function casesWith<const Added extends z.core.$ZodShape = {}>(options: StandardObjectOptions<Added>) {
  return withAdded<typeof writable, typeof readOnly, Added>(FACTS, options);
}

export const cases = casesWith({});
