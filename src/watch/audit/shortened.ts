// A difference as it is kept and told: long values are cut.
import type { FieldDifference } from "./report.ts";

/** The longest value that is told, in characters of JSON. */
const VALUE_CHARS_MAX = 500;

export function shortened({ side, field, expected, got }: FieldDifference): FieldDifference {
  return {
    ...(side === undefined ? {} : { side }),
    field,
    ...(expected === undefined ? {} : { expected: short(expected) }),
    ...(got === undefined ? {} : { got: short(got) }),
  };
}

function short(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined || text.length <= VALUE_CHARS_MAX ? value : `${text.slice(0, VALUE_CHARS_MAX)}…`;
}
