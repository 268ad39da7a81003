// Answers a query from the books. Ids, names and document numbers are looked up; anything else is looked through.
import type { Company } from "./company.ts";
import { compare, decimal } from "./decimal.ts";
import { isBody } from "./fields.ts";
import { refuse } from "./faults.ts";
import { kindOfName, KINDS, type Body, type Kind } from "./kinds.ts";
import { parseQuery, type Condition, type Order, type Query } from "./query-parse.ts";

export function answerQuery(company: Company, text: string): Body {
  const query = parseQuery(text);
  const kind = kindOfName(query.entity);
  if (kind === undefined) return refuse("4001", `QueryValidationError: unknown entity ${query.entity}`);
  const conditions = hidesInactive(kind, query) ? [...query.conditions, ONLY_ACTIVE] : query.conditions;
  const tests = conditions.map((condition) => test(kind, condition));
  const found = candidates(company, kind, query.conditions).filter((body) => tests.every((holds) => holds(body)));
  if (query.columns === "count") return { totalCount: found.length };
  const sorted = sort(kind, found, query.orders);
  const page = sorted.slice(query.startPosition - 1, query.startPosition - 1 + query.maxResults);
  if (page.length === 0) return {};
  return {
    [kind]: page.map((body) => select(body, query)),
    startPosition: query.startPosition,
    maxResults: page.length,
  };
}

const ONLY_ACTIVE: Condition = { property: "Active", operator: "=", values: ["true"] };

function hidesInactive(kind: Kind, query: Query): boolean {
  return KINDS[kind].list && !query.conditions.some(({ property }) => property.toLowerCase() === "active");
}

function candidates(company: Company, kind: Kind, conditions: readonly Condition[]): readonly Body[] {
  for (const { property, operator, values } of conditions) {
    if (operator !== "=" && operator !== "IN") continue;
    if (property.toLowerCase() === "id") return present(company, kind, new Set(values));
    if (property === KINDS[kind].name)
      return present(
        company,
        kind,
        values.map((name) => company.idByName(kind, name)),
      );
    if (property === "DocNumber")
      return present(
        company,
        kind,
        values.flatMap((it) => [...company.idsByNumber(kind, it)]),
      );
  }
  return [...company.bodies[kind].values()];
}

function present(company: Company, kind: Kind, ids: Iterable<string | undefined>): readonly Body[] {
  return [...ids].map((id) => company.find(kind, id ?? "")).filter((body) => body !== undefined);
}

function test(kind: Kind, { property, operator, values }: Condition): (body: Body) => boolean {
  const path = resolve(kind, property);
  const [first = ""] = values;
  if (path[0] === "MetaData") for (const value of values) wholeSeconds(value);
  if (operator === "IN" || operator === "=") {
    return (body) => values.some((value) => order(path, valueAt(body, path), value) === 0);
  }
  if (operator === "LIKE") {
    const pattern = first.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("%", ".*");
    const like = new RegExp(`^${pattern}$`, "is");
    return (body) => like.test(valueAt(body, path) ?? "");
  }
  return (body) => {
    const value = valueAt(body, path);
    if (value === undefined) return false;
    const way = order(path, value, first);
    return operator === "<" ? way < 0 : operator === ">" ? way > 0 : operator === "<=" ? way <= 0 : way >= 0;
  };
}

/** The property's path in its right spelling; QuickBooks takes "Metadata.LastUpdatedTime" too. */
function resolve(kind: Kind, property: string): readonly string[] {
  const { writable, readOnly } = KINDS[kind];
  const [head = "", ...rest] = property.split(".");
  const lower = head.toLowerCase();
  const name = [...writable, ...readOnly].find((field) => field.toLowerCase() === lower);
  if (name === undefined || name === "Line") {
    return refuse("4001", `QueryValidationError: Property ${property} not found for Entity ${kind}`);
  }
  if (name !== "MetaData") return [name, ...rest];
  const time = rest[0]?.toLowerCase() === "createtime" ? "CreateTime" : "LastUpdatedTime";
  return [name, time];
}

function valueAt(body: Body, path: readonly string[]): string | undefined {
  let value: unknown = body;
  for (const name of path) value = isBody(value) ? value[name] : undefined;
  if (isBody(value)) value = value["value"];
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  return typeof value === "string" ? value : undefined;
}

function order(path: readonly string[], left: string | undefined, right: string): number {
  if (left === undefined) return -1;
  if (path[0] === "MetaData") return Math.sign(wholeSeconds(left) - wholeSeconds(right));
  if (path[0] === "Id") return Math.sign(Number(left) - Number(right));
  const [leftNumber, rightNumber] = [decimal(left), decimal(right)];
  const isNumber = !["DocNumber", "PaymentRefNum"].includes(path[0] ?? "");
  if (isNumber && leftNumber !== undefined && rightNumber !== undefined) return compare(leftNumber, rightNumber);
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Times are compared in whole seconds. */
function wholeSeconds(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return refuse("4001", `QueryValidationError: ${text} is not a date-time`);
  return Math.floor(at / 1000);
}

/** Without an order the newest come first: nobody should rely on any. */
function sort(kind: Kind, bodies: readonly Body[], orders: readonly Order[]): readonly Body[] {
  if (orders.length === 0) return bodies.toReversed();
  const paths = orders.map(({ property, descending }) => ({ path: resolve(kind, property), way: descending ? -1 : 1 }));
  return bodies.toSorted((left, right) => {
    for (const { path, way } of paths) {
      const result = order(path, valueAt(left, path), valueAt(right, path) ?? "");
      if (result !== 0) return result * way;
    }
    return 0;
  });
}

function select(body: Body, { columns }: Query): Body {
  if (!Array.isArray(columns)) return body;
  const selected: Body = { domain: "QBO", sparse: true };
  for (const column of columns as readonly string[]) {
    const [head = ""] = column.split(".");
    const name = Object.keys(body).find((field) => field.toLowerCase() === head.toLowerCase());
    if (name !== undefined) selected[name] = body[name];
  }
  return selected;
}
