// What people add to one of the standard objects: their own fields, and the one by which records are found again.
import type { z } from "zod";
import { objectResource, type ObjectFacts, type ObjectResource } from "./object.ts";

type Shape = z.core.$ZodShape;

export interface StandardObjectOptions<Added extends Shape> {
  /** Custom fields that are read and written besides: `{ Erp_Id__c: text(40).optional() }`. */
  readonly fields?: Added;
  /** Of them, the external id (unique in Salesforce) by which records are made: a repetition then leaves one record. */
  readonly externalId?: keyof Added & string;
  /** Where no field of the record is unique: a unique text field (external id, case-sensitive) that takes each write's own key. */
  readonly writeKey?: string;
}

/** A standard object with what is added to it. */
export function withAdded<Writable extends Shape, ReadOnly extends Shape, Added extends Shape>(
  facts: ObjectFacts<Writable, ReadOnly>,
  { fields, externalId, writeKey }: StandardObjectOptions<Added>,
): ObjectResource<Writable & Added, ReadOnly> {
  const writable = { ...facts.writable, ...fields } as Writable & Added;
  return objectResource<Writable & Added, ReadOnly>({
    ...facts,
    writable,
    ...(externalId === undefined ? {} : { externalId }),
    ...(writeKey === undefined ? {} : { writeKey }),
  } as ObjectFacts<Writable & Added, ReadOnly>);
}
