// Makes a record from the columns of a row: a column called "customer.email" is the field `email` of `customer`, and one
// called "lineItems.0.title" the `title` of the first of `lineItems`.

/** A column's name, taken apart: text for a field, a number for a place in a list. */
export type Path = readonly (string | number)[];

/** The highest place in a list that a column may name. */
const PLACE_MAX = 999;
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

/** Throws when a name cannot be a path, or two names cannot both hold: "customer" and "customer.email". */
export function pathsOf(columns: readonly string[]): readonly Path[] {
  const paths = columns.map(pathOf);
  const whole = new Set(columns);
  for (const column of columns) {
    const parts = column.split(".");
    for (let length = 1; length < parts.length; length += 1) {
      const outer = parts.slice(0, length).join(".");
      if (!whole.has(outer)) continue;
      throw new Error(`the columns "${outer}" and "${column}" contradict each other: expected only one of them`);
    }
  }
  return paths;
}

function pathOf(column: string): Path {
  const parts = column.split(".");
  if (parts.some((part) => part === "" || FORBIDDEN.has(part))) {
    throw new Error(`the column "${column}" names no field: expected names with dots between, such as customer.email`);
  }
  return parts.map((part, index) => {
    if (index === 0 || !/^\d+$/.test(part)) return part;
    const place = Number(part);
    if (place <= PLACE_MAX) return place;
    throw new Error(`the column "${column}" names place ${part} of a list: expected at most ${PLACE_MAX}`);
  });
}

/** Puts each value at its path; undefined values are left out, and a list's places close up behind them. */
export function nest(paths: readonly Path[], values: readonly unknown[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  paths.forEach((path, index) => {
    if (values[index] !== undefined) put(record, path, values[index]);
  });
  return closeUp(record) as Record<string, unknown>;
}

function put(record: Record<string, unknown>, path: Path, value: unknown): void {
  let at: Record<string | number, unknown> = record;
  path.forEach((part, index) => {
    const following = path[index + 1];
    if (following === undefined) at[part] = value;
    else at = (at[part] ??= typeof following === "number" ? [] : {}) as Record<string | number, unknown>;
  });
}

function closeUp(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(closeUp);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closeUp(inner)]));
}
