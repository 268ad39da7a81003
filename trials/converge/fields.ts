// The fields of a contact, how each system spells and normalises them, and the words in which a value says which edit it is
// of: "~12." is the twelfth, and 47012 too. So whoever sees a value anywhere knows who entered it.

export const SYSTEMS = ["crm", "marketing", "billing"] as const;
export type System = (typeof SYSTEMS)[number];

export const FIELDS = ["email", "name", "phone", "city", "score", "amount", "credit", "tags", "note"] as const;
export type Field = (typeof FIELDS)[number];

export type Value = string | number | readonly string[] | null;
export type Values = { readonly [Name in Field]?: Value };

/** More edits than this in one sequence could not be told apart in numbers. */
export const EDITS_MAX = 999;

const NUMBERS: ReadonlySet<Field> = new Set(["score", "amount", "credit"]);

/** A value of this edit, as a person enters it: with what systems like to take away. `size` is from 0 to 899. */
export function entered(field: Field, edit: number, size: number): Value {
  if (field === "amount") return size * 1_000 + edit + 0.126;
  if (NUMBERS.has(field)) return size * 1_000 + edit;
  if (field === "tags") return [tag(edit)];
  if (field === "email") return ` ~${edit}.Person@Example.com`;
  return size % 2 === 0 ? ` ~${edit}.  ${field} ${size} ` : `~${edit}. ${field}`;
}

export const tag = (edit: number): string => `T~${edit}.`;

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** The edit that this value is of, in whatever system it stands; 0: it is empty, or of no edit. */
export function editOf(field: Field, value: unknown): number {
  if (isEmpty(value) || Array.isArray(value)) return 0;
  if (NUMBERS.has(field)) return Math.floor(Number(value)) % 1_000;
  return Number(/~(\d+)\./.exec(String(value))?.[1] ?? 0);
}

/** The edits that the members of a list are of. */
export function editsOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map((item) => editOf("note", item)) : [];
}

/** How this system calls the field. */
export function spelled(system: System, field: Field): string {
  if (system === "crm") return field.charAt(0).toUpperCase() + field.slice(1);
  return system === "marketing" ? field : `b_${field}`;
}

export function fieldCalled(system: System, name: string): Field | undefined {
  return FIELDS.find((field) => spelled(system, field) === name);
}

const squeezed = (value: unknown): string => String(value).trim().replace(/\s+/gu, " ");

/** What the system makes of a value that is written to it: the CRM keeps it, the others put it in order. */
export function stored(system: System, field: Field, value: Value): Value {
  if (isEmpty(value)) return system === "crm" ? null : Array.isArray(value) || field === "tags" ? [] : "";
  if (system === "crm") return value;
  if (system === "billing") return typeof value === "string" ? value.trim() : value;
  switch (field) {
    case "email":
      return squeezed(value).toLowerCase();
    case "name":
      return squeezed(value);
    case "city":
      return String(value).trim().slice(0, CITY_CHARS_MAX);
    case "amount":
      return Math.round(Number(value) * 100) / 100;
    case "score":
      return String(value);
    case "tags":
      return (value as readonly string[]).map((item) => item.toLowerCase()).sort();
    default:
      return value;
  }
}

const CITY_CHARS_MAX = 9;

/** Do two systems' values say the same? Either may be the other, put in order. */
export function agree(field: Field, one: Value | undefined, other: Value | undefined): boolean {
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) && isEmpty(other);
  if (field === "tags") return sorted(one) === sorted(other);
  return editOf(field, one) === editOf(field, other);
}

const sorted = (value: unknown): string => [...editsOf(value)].sort((one, other) => one - other).join();
