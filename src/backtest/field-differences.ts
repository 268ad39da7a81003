// Two versions of a record's fields, compared down to the innermost values that differ (pure).
import { isDeepStrictEqual } from "node:util";
import type { Fields } from "../reconcile/decide.ts";

export interface FieldDifference {
  /** It had no value, has none any more, or has another one. */
  readonly kind: "fills" | "empties" | "changes";
  /** Such as "Line[].Amount"; items of a list are not told apart. */
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Of these top-level fields. */
export function fieldDifferences(before: Fields, after: Fields, names: readonly string[]): readonly FieldDifference[] {
  return names.flatMap((name) => differencesAt(name, before[name], after[name]));
}

function differencesAt(field: string, before: unknown, after: unknown): readonly FieldDifference[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((item, index) => differencesAt(`${field}[]`, item, after[index]));
  }
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differencesAt(`${field}.${name}`, before[name], after[name]));
  }
  return [{ kind: kindOf(before, after), field, before, after }];
}

function kindOf(before: unknown, after: unknown): FieldDifference["kind"] {
  if (isNothing(before) === isNothing(after)) return "changes";
  return isNothing(before) ? "fills" : "empties";
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === "";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null && !isList(value);
