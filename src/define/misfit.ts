// In which way a record does not fit its schema, place by place: a field that is not there, one of another type, a value that
// is none of those known.
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { issuePath } from "./schema.ts";

export interface Misfit {
  readonly kind: "vanished" | "type" | "value" | "shape";
  /** Such as "lineItems[].total"; items of a list are not told apart. "": the record itself. */
  readonly place: string;
  /** What was expected and what came, for people. */
  readonly detail: string;
}

const SHOWN_MAX = 60;

export function misfitsOf(issues: readonly StandardSchemaV1.Issue[], record: unknown): readonly Misfit[] {
  const byPlace = new Map<string, Misfit>();
  for (const issue of issues) {
    const path = issuePath(issue);
    const value = valueAt(record, path);
    const misfit = { kind: kindOf(issue, value), place: placeOf(path), detail: detailOf(issue, value) };
    byPlace.set(`${misfit.kind} ${misfit.place}`, misfit);
  }
  return [...byPlace.values()];
}

/** Validators say more of an issue than the standard has; ours (zod) name its kind. */
function kindOf(issue: StandardSchemaV1.Issue, value: unknown): Misfit["kind"] {
  if (value === undefined) return "vanished";
  const code = "code" in issue ? issue.code : undefined;
  if (code === "invalid_type") return "type";
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain && (code === "invalid_value" || code === "invalid_union") ? "value" : "shape";
}

function detailOf({ message }: StandardSchemaV1.Issue, value: unknown): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return message;
  const shown = JSON.stringify(value);
  return `${message}; it is ${shown.length <= SHOWN_MAX ? shown : `${shown.slice(0, SHOWN_MAX)}…`}`;
}

function valueAt(record: unknown, path: readonly PropertyKey[]): unknown {
  let value = record;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part];
  }
  return value;
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, part) =>
      typeof part === "number" ? `${place}[]` : place === "" ? String(part) : `${place}.${String(part)}`,
    "",
  );
}
