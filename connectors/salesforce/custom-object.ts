// A resource of any other object, custom or standard, from the fields that are wanted of it.
import type { z } from "zod";
import { objectResource, type ObjectResource } from "./object.ts";

type Shape = z.core.$ZodShape;

export interface CustomObjectOptions<Writable extends Shape, ReadOnly extends Shape> {
  /** As Salesforce writes it: "Invoice__c". */
  readonly object: string;
  /** The resource's name, plural: "invoices". Webhooks name it too. */
  readonly name: string;
  /** What is read and written: `z.strictObject({ Name: text(80), Amount__c: money.optional() })`. */
  readonly fields: z.ZodObject<Writable, z.core.$strict>;
  /** What is only read, such as formulas and roll-ups. */
  readonly readOnly?: ReadOnly;
  /** The external id (unique in Salesforce) by which records are made: a repetition then leaves one record. */
  readonly externalId?: keyof Writable & string;
  /** Where no field of the record is unique: a unique text field (external id, case-sensitive) that takes each write's own key. */
  readonly writeKey?: string;
  /** Fields that together tell a record from others, where there is neither. */
  readonly naturalKey?: readonly (keyof Writable & string)[];
  /** The field by which people know a record. Default: Name. */
  readonly titleField?: (keyof Writable | keyof ReadOnly) & string;
}

/**
 * `customObject({ object: "Invoice__c", name: "invoices", externalId: "Number__c", fields: z.strictObject({ … }) })`.
 * Declare `Name` among the fields, or name another `titleField`, to see records by it.
 */
export function customObject<Writable extends Shape, const ReadOnly extends Shape = {}>({
  fields,
  readOnly,
  ...facts
}: CustomObjectOptions<Writable, ReadOnly>): ObjectResource<Writable, ReadOnly> {
  return objectResource<Writable, ReadOnly>({
    ...facts,
    writable: fields.shape,
    readOnly: readOnly ?? ({} as ReadOnly),
  });
}
