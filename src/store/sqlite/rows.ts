// Rows come out of SQLite as unknown values; these functions say what a column holds, and stop at once when it does not.
import type { SQLOutputValue } from "node:sqlite";

export type Row = Record<string, SQLOutputValue>;

export function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new TypeError(`could not read column ${column}: expected a number, got ${typeof value}`);
}

/** The only column, a number, of a row that was read as an array; undefined when there is no row. */
export function first(row: unknown): number | undefined {
  if (row === undefined) return undefined;
  const value: unknown = Array.isArray(row) ? row[0] : row;
  if (typeof value === "number") return value;
  throw new TypeError(`could not read the first column: expected a number, got ${typeof value}`);
}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`could not read column ${column}: expected text, got ${typeof value}`);
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`could not read column ${column}: expected bytes, got ${typeof value}`);
}

export function numberOrNone(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : number(row, column);
}

export function textOrNone(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** The object without its undefined fields: how an optional field is left out under exact optional types. */
export function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name] } & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};
export function present(fields: Record<string, unknown>): object {
  for (const name in fields) if (fields[name] === undefined) delete fields[name];
  return fields;
}
