// The pieces that Salesforce's records and the fields we write have in common, and what kind of value a field's schema
// stands for: which numbers are kept digit by digit, and what a column of a CSV is made of.
import { z } from "zod";
import { decimalText, moneyText } from "../../src/define/exact-numbers.ts";
import { DECIMAL } from "./decimal-json.ts";

export type FieldKind = "text" | "money" | "decimal" | "number" | "boolean" | "date" | "dateTime";

const TEXT_MAX = 131_072;
const KINDS = new WeakMap<object, FieldKind>();

function known<S extends z.ZodType>(kind: FieldKind, schema: S): S {
  KINDS.set(schema, kind);
  return schema;
}

export function text(charactersMax = TEXT_MAX): z.ZodString {
  return z.string().max(charactersMax);
}

/** A record's id; the long form. */
export const id = z.string().regex(/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/);
export const date = known("date", z.string().regex(/^\d{4}-\d{2}-\d{2}$/));
export const email = z.string().max(80);
export const url = z.string().max(255);
export const phone = z.string().max(40);

/** "2026-11-21T05:11:00.000+0000": always in UTC, without a colon in the offset. */
export const dateTime = known(
  "dateTime",
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})$/)
    .transform(dateTimeText),
);

/** Money as text such as "19.90": Salesforce's JSON numbers, never through floating point. */
export const money = known("money", z.string().regex(DECIMAL).transform(moneyText));
/** Other numbers with digits behind the point, such as per cent, as text without needless zeros. */
export const decimal = known("decimal", z.string().regex(DECIMAL).transform(decimalText));

/** Brings a time into the one form that records show. */
export function dateTimeText(value: string): string {
  const at = Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(at) ? value : new Date(at).toISOString().replace("Z", "+0000");
}

/** What a schema stands for, below `optional`, `nullable` and their like. */
export function kindOf(schema: z.core.$ZodType): FieldKind {
  for (let inner: z.core.$ZodType | undefined = schema; inner !== undefined; inner = innerOf(inner)) {
    const kind = KINDS.get(inner);
    if (kind !== undefined) return kind;
    if (inner._zod.def.type === "boolean") return "boolean";
    if (inner._zod.def.type === "number") return "number";
  }
  return "text";
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { innerType, in: input } = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
  return innerType ?? input;
}

/** Of every record. */
export const everyRecord = {
  Id: id,
  SystemModstamp: dateTime,
  CreatedDate: dateTime.nullish(),
  LastModifiedDate: dateTime.nullish(),
};

export type Nullish<Shape extends z.core.$ZodShape> = {
  [Name in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Name]>>;
};

/** A field that was never filled in is null, one that was not asked for is absent. */
export function nullish<Shape extends z.core.$ZodShape>(shape: Shape): Nullish<Shape> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => [name, z.optional(z.nullable(schema))]),
  ) as unknown as Nullish<Shape>;
}
