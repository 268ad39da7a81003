// Makes a resource of one of Salesforce's objects: standard or custom, all are read, listed, followed and written alike.
import { z } from "zod";
import { defineResource } from "../../src/define/define-connector.ts";
import type { Resource } from "../../src/define/resource.ts";
import { changesOf } from "./changes.ts";
import type { Decimals } from "./decimal-json.ts";
import { everythingOf } from "./everything.ts";
import { readOf } from "./reading.ts";
import { dateTimeText, everyRecord, kindOf, nullish, type FieldKind, type Nullish } from "./shapes.ts";
import { writeOf } from "./writing.ts";

/** What the connector has to know of one object. */
export interface SalesforceObject {
  /** As Salesforce writes it, such as "Account" or "Invoice__c". */
  readonly name: string;
  /** What is asked for. */
  readonly fields: readonly string[];
  readonly kinds: ReadonlyMap<string, FieldKind>;
  readonly decimals: Decimals;
  readonly writable: readonly string[];
  /** The field by which records are made or found: one that a sync maps. */
  readonly externalId?: string;
  /** A unique field that is filled with the write's own key, where no field of the record tells it from others. */
  readonly writeKey?: string;
  /** The fields by which a record may be found again, where it has neither. */
  readonly naturalKey: readonly string[];
}

type Shape = z.core.$ZodShape;

/** Which object a resource is of, for those who have the resource only. */
export const OBJECTS = new WeakMap<object, SalesforceObject>();

export interface ObjectFacts<Writable extends Shape, ReadOnly extends Shape> {
  readonly name: string;
  readonly object: string;
  readonly writable: Writable;
  readonly readOnly: ReadOnly;
  readonly externalId?: keyof Writable & string;
  readonly writeKey?: string;
  readonly naturalKey?: readonly (keyof Writable & string)[];
  /** The field by which people know a record. Default: Name. */
  readonly titleField?: (keyof Writable | keyof ReadOnly) & string;
}

export type RecordIn<Writable extends Shape, ReadOnly extends Shape> = z.output<
  z.ZodObject<typeof everyRecord & Nullish<Writable> & Nullish<ReadOnly>>
>;
export type FieldsIn<Writable extends Shape> = z.output<z.ZodObject<Writable, z.core.$strict>>;
export type ObjectResource<Writable extends Shape, ReadOnly extends Shape> = Resource<
  RecordIn<Writable, ReadOnly>,
  FieldsIn<Writable>,
  "delete"
>;

export function objectResource<Writable extends Shape, ReadOnly extends Shape>(
  facts: ObjectFacts<Writable, ReadOnly>,
): ObjectResource<Writable, ReadOnly> {
  type Record = RecordIn<Writable, ReadOnly>;
  const { name, writable, readOnly, titleField = "Name" } = facts;
  const object = salesforceObject(facts);
  const fields = z.strictObject(writable);
  const schema = z.object({ ...everyRecord, ...nullish(writable), ...nullish(readOnly) });
  const resource = defineResource<Record, FieldsIn<Writable>, "delete">({
    name,
    schema: schema as never,
    key: (record) => valueOf(record, "Id") ?? "",
    // Cut to seconds, so two changes within one second share it.
    version: (record) => {
      const stamp = valueOf(record, "SystemModstamp");
      return stamp === undefined ? undefined : dateTimeText(stamp);
    },
    title: (record) => valueOf(record, titleField),
    read: readOf<Record>(object),
    changes: changesOf<Record>(object),
    everything: everythingOf<Record>(object),
    write: writeOf<Record, FieldsIn<Writable>>(object, fields as never),
  });
  OBJECTS.set(resource, object);
  return resource;
}

function salesforceObject<Writable extends Shape, ReadOnly extends Shape>(
  facts: ObjectFacts<Writable, ReadOnly>,
): SalesforceObject {
  const { object, writable, readOnly, externalId, writeKey, naturalKey = [] } = facts;
  const shape: Shape = { ...everyRecord, ...writable, ...readOnly };
  const kinds = new Map(Object.entries(shape).map(([name, schema]) => [name, kindOf(schema)] as const));
  if (externalId !== undefined && !(externalId in writable)) {
    throw new TypeError(`Could not write ${object} by ${externalId}: expected one of its fields`);
  }
  const decimals = new Map<string, "money" | "decimal">();
  for (const [name, kind] of kinds) if (kind === "money" || kind === "decimal") decimals.set(name, kind);
  return {
    name: object,
    fields: [...kinds.keys()],
    kinds,
    decimals,
    writable: Object.keys(writable),
    naturalKey,
    ...(externalId === undefined ? {} : { externalId }),
    ...(writeKey === undefined ? {} : { writeKey }),
  };
}

function valueOf(record: object, field: string): string | undefined {
  const value = (record as Readonly<Record<string, unknown>>)[field];
  return typeof value === "string" ? value : undefined;
}
