// Answers parsed SOQL from the org's rows: which fit, in which order, and with which fields.
import { refuse } from "./errors.ts";
import { eighteen, type Org, type Row } from "./org.ts";
import type { FieldFacts, Schema } from "./schema.ts";
import type { Condition, Field, Literal, Operator, Order, Query } from "./soql-parse.ts";
import { shown, stampTime, type Value } from "./values.ts";

export interface Found {
  readonly schema: Schema;
  readonly rows: readonly Row[];
}

const DAY_MS = 86_400_000;

/** The rows that fit, in order, within the query's own bounds. */
export function find(org: Org, query: Query, { deletedToo }: { readonly deletedToo: boolean }): Found {
  const schema = org.schema(query.from);
  const fits = query.where === undefined ? () => true : test(org, schema, query.where);
  const rows: Row[] = [];
  for (const row of org.rows(schema.facts.name)) {
    if ((deletedToo || row["IsDeleted"] === false) && fits(row)) rows.push(row);
  }
  if (query.orderBy.length > 0) rows.sort(order(org, schema, query.orderBy));
  const end = query.limit === undefined ? undefined : query.offset + query.limit;
  return { schema, rows: rows.slice(query.offset, end) };
}

/** Each row as the answer shows it; every field is looked up first, so that a wrong one refuses an empty answer too. */
export function project(org: Org, schema: Schema, fields: readonly Field[], base: string): (row: Row) => object {
  const parts = fields.flatMap((field) => projections(org, schema, field, base));
  return (row) => {
    const { name } = schema.facts;
    const record: Record<string, unknown> = {
      attributes: { type: name, url: `${base}/sobjects/${name}/${String(row["Id"])}` },
    };
    for (const part of parts) part(row, record);
    return record;
  };
}

type Projection = (row: Row, record: Record<string, unknown>) => void;

function projections(org: Org, schema: Schema, field: Field, base: string): readonly Projection[] {
  switch (field.kind) {
    case "field":
      return [fieldProjection(org, schema, field.path, base)];
    case "all":
      return [...schema.fields.values()]
        .filter(({ name }) => org.field(schema, name) !== undefined)
        .map(({ name }) => fieldProjection(org, schema, [name], base));
    case "children":
      return [childProjection(org, schema, field.query, base)];
    case "count":
      return refuse(400, "MALFORMED_QUERY", "Grouped query required");
  }
}

function fieldProjection(org: Org, schema: Schema, path: readonly string[], base: string): Projection {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    const field = fieldOf(org, schema, name);
    return (row, record) => {
      record[field.name] = shown(field, row[field.name] ?? null);
    };
  }
  const { field, parent } = parentOf(org, schema, name);
  const inner = fieldProjection(org, parent, rest, base);
  return (row, record) => {
    const target = org.live(parent.facts.name, String(row[field.name] ?? ""));
    if (target === undefined) {
      record[field.relationshipName ?? name] ??= null;
      return;
    }
    const url = `${base}/sobjects/${parent.facts.name}/${String(target["Id"])}`;
    const shownParent = (record[field.relationshipName ?? name] ?? {
      attributes: { type: parent.facts.name, url },
    }) as Record<string, unknown>;
    inner(target, shownParent);
    record[field.relationshipName ?? name] = shownParent;
  };
}

function childProjection(org: Org, schema: Schema, query: Query, base: string): Projection {
  const children = Object.entries(schema.facts.children ?? {});
  const child = children.find(([name]) => name.toLowerCase() === query.from.toLowerCase());
  if (child === undefined) {
    return refuse(400, "INVALID_TYPE", `Didn't understand relationship '${query.from}' in FROM part of query call.`);
  }
  const [name, [object, key]] = child;
  return (row, record) => {
    const own: Condition = {
      kind: "compare",
      path: [key],
      operator: "=",
      value: { kind: "text", value: String(row["Id"]) },
    };
    const where: Condition = query.where === undefined ? own : { kind: "and", parts: [own, query.where] };
    const found = find(org, { ...query, from: object, where }, { deletedToo: false });
    const records = found.rows.map(project(org, found.schema, query.fields, base));
    record[name] = records.length === 0 ? null : { totalSize: records.length, done: true, records };
  };
}

function fieldOf(org: Org, schema: Schema, name: string): FieldFacts {
  const field = org.field(schema, name);
  if (field !== undefined) return field;
  const { name: object } = schema.facts;
  return refuse(
    400,
    "INVALID_FIELD",
    `No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  );
}

function parentOf(org: Org, schema: Schema, name: string): { readonly field: FieldFacts; readonly parent: Schema } {
  for (const field of schema.fields.values()) {
    const target = field.referenceTo?.[0];
    if (field.relationshipName?.toLowerCase() === name.toLowerCase() && target !== undefined) {
      return { field, parent: org.schema(target) };
    }
  }
  return refuse(400, "INVALID_FIELD", `Didn't understand relationship '${name}' in field path.`);
}

/** Where a path leads: the field, and how its value is had from a row. */
function valueOf(
  org: Org,
  schema: Schema,
  path: readonly string[],
): { readonly field: FieldFacts; readonly of: (row: Row) => Value } {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    const field = fieldOf(org, schema, name);
    return { field, of: (row) => row[field.name] ?? null };
  }
  const { field, parent } = parentOf(org, schema, name);
  const inner = valueOf(org, parent, rest);
  return {
    field: inner.field,
    of: (row) => {
      const target = org.live(parent.facts.name, String(row[field.name] ?? ""));
      return target === undefined ? null : inner.of(target);
    },
  };
}

function test(org: Org, schema: Schema, condition: Condition): (row: Row) => boolean {
  switch (condition.kind) {
    case "and":
    case "or": {
      const parts = condition.parts.map((part) => test(org, schema, part));
      return condition.kind === "and"
        ? (row) => parts.every((fits) => fits(row))
        : (row) => parts.some((fits) => fits(row));
    }
    case "not": {
      const part = test(org, schema, condition.part);
      return (row) => !part(row);
    }
    case "compare": {
      const { field, of } = valueOf(org, schema, condition.path);
      const fits = comparison(org, field, condition.operator, condition.value);
      return (row) => fits(of(row));
    }
    case "in": {
      const { field, of } = valueOf(org, schema, condition.path);
      const equals = condition.values.map((value) => comparison(org, field, "=", value));
      return (row) => equals.some((fits) => fits(of(row))) !== condition.isNot;
    }
    case "semi-join": {
      const { of } = valueOf(org, schema, condition.path);
      const [only] = condition.query.fields;
      if (only?.kind !== "field") return refuse(400, "MALFORMED_QUERY", "a semi-join selects one field");
      const inner = find(org, condition.query, { deletedToo: false });
      const innerValue = valueOf(org, inner.schema, only.path);
      const values = new Set(inner.rows.map(innerValue.of));
      return (row) => values.has(of(row)) !== condition.isNot;
    }
    case "includes": {
      const { of } = valueOf(org, schema, condition.path);
      const wanted = condition.values.map((value) => (value.kind === "text" ? value.value.split(";") : []));
      return (row) => {
        const own = String(of(row) ?? "").split(";");
        return wanted.some((all) => all.every((one) => own.includes(one))) !== condition.isNot;
      };
    }
  }
}

function comparison(org: Org, field: FieldFacts, operator: Operator, literal: Literal): (value: Value) => boolean {
  checkLiteral(field, literal);
  if (literal.kind === "null") return operator === "!=" ? (value) => value !== null : (value) => value === null;
  if (operator === "LIKE") {
    const pattern = likePattern(literal.kind === "text" ? literal.value : "");
    return (value) => value !== null && pattern.test(String(value));
  }
  if (literal.kind === "range") {
    const [start, end] = range(literal.name, literal.count, org.now());
    return (value) => value !== null && within(sortable(field, value) as number, operator, start, end);
  }
  const wanted = sortable(field, literal.kind === "datetime" ? literal.value : literal.value);
  return (value) => {
    // What has no value is unlike every value.
    if (value === null) return operator === "!=";
    return holds(compare(sortable(field, value), wanted), operator);
  };
}

const TEMPORAL: ReadonlySet<string> = new Set(["date", "datetime"]);
const NUMERIC: ReadonlySet<string> = new Set(["currency", "double", "percent", "int"]);

/** A literal of another kind than its field is refused, as Salesforce does. */
function checkLiteral(field: FieldFacts, literal: Literal): void {
  if (literal.kind === "null") return;
  const isTemporal = literal.kind === "date" || literal.kind === "datetime" || literal.kind === "range";
  const fits = TEMPORAL.has(field.type)
    ? isTemporal && (field.type === "datetime" ? literal.kind !== "date" : literal.kind !== "datetime")
    : NUMERIC.has(field.type)
      ? literal.kind === "number"
      : field.type === "boolean"
        ? literal.kind === "boolean"
        : literal.kind === "text";
  if (fits) return;
  const should = field.type === "datetime" ? "dateTime" : field.type;
  refuse(
    400,
    "INVALID_FIELD",
    `value of filter criterion for field '${field.name}' must be of type ${should} and should ${TEMPORAL.has(field.type) || NUMERIC.has(field.type) ? "not " : ""}be enclosed in quotes`,
  );
}

/** Text is compared without case, times as times; ids with case, in their own order. */
function sortable(field: FieldFacts, value: Exclude<Value, null>): string | number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  if (TEMPORAL.has(field.type)) return stampTime(value);
  if (field.type === "id" || field.type === "reference") return eighteen(value);
  return field.caseSensitive === true ? value : value.toLowerCase();
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function holds(sign: number, operator: Operator): boolean {
  switch (operator) {
    case "=":
      return sign === 0;
    case "!=":
      return sign !== 0;
    case "<":
      return sign < 0;
    case "<=":
      return sign <= 0;
    case ">":
      return sign > 0;
    case ">=":
      return sign >= 0;
    case "LIKE":
      return false;
  }
}

function within(at: number, operator: Operator, start: number, end: number): boolean {
  switch (operator) {
    case "=":
      return at >= start && at < end;
    case "!=":
      return at < start || at >= end;
    case "<":
      return at < start;
    case "<=":
      return at < end;
    case ">":
      return at >= end;
    case ">=":
      return at >= start;
    case "LIKE":
      return false;
  }
}

function range(name: string, count: number, now: number): readonly [number, number] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  switch (name) {
    case "TODAY":
      return [today, today + DAY_MS];
    case "YESTERDAY":
      return [today - DAY_MS, today];
    case "TOMORROW":
      return [today + DAY_MS, today + 2 * DAY_MS];
    case "LAST_N_DAYS":
      return [today - count * DAY_MS, today + DAY_MS];
    case "NEXT_N_DAYS":
      return [today + DAY_MS, today + (count + 1) * DAY_MS];
    default:
      return calendarRange(name, today);
  }
}

function calendarRange(name: string, today: number): readonly [number, number] {
  const [which = "THIS", unit = "WEEK"] = name.split("_");
  const shift = { LAST: -1, THIS: 0, NEXT: 1 }[which] ?? 0;
  const day = new Date(today);
  if (unit === "WEEK") {
    const sunday = today - day.getUTCDay() * DAY_MS + shift * 7 * DAY_MS;
    return [sunday, sunday + 7 * DAY_MS];
  }
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  if (unit === "MONTH") return [Date.UTC(year, month + shift, 1), Date.UTC(year, month + shift + 1, 1)];
  return [Date.UTC(year + shift, 0, 1), Date.UTC(year + shift + 1, 0, 1)];
}

function likePattern(text: string): RegExp {
  const source = text.replace(/\\([%_])|[%_]|[.*+?^${}()|[\]\\]/g, (found, wildcard?: string) => {
    if (wildcard !== undefined) return wildcard;
    if (found === "%") return "[\\s\\S]*";
    return found === "_" ? "[\\s\\S]" : `\\${found}`;
  });
  return new RegExp(`^${source}$`, "i");
}

function order(org: Org, schema: Schema, orders: readonly Order[]): (one: Row, other: Row) => number {
  const parts = orders.map(({ path, isDescending, nullsLast }) => ({
    ...valueOf(org, schema, path),
    isDescending,
    nullsLast,
  }));
  return (one, other) => {
    for (const { field, of, isDescending, nullsLast } of parts) {
      const [mine, theirs] = [of(one), of(other)];
      if (mine === null || theirs === null) {
        if (mine === theirs) continue;
        return (mine === null) === nullsLast ? 1 : -1;
      }
      const sign = compare(sortable(field, mine), sortable(field, theirs));
      if (sign !== 0) return isDescending ? -sign : sign;
    }
    return 0;
  };
}
