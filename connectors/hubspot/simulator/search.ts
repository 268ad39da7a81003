// HubSpot's search: groups of filters, one order, counted pages of an index that lags behind.
import { textOf } from "./call.ts";
import { KINDS, type Kind } from "./kinds.ts";
import { unknownProperty, type Portal, type Stored } from "./portal.ts";
import { invalid, type Json } from "./refusal.ts";

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 10;
const RESULTS_MAX = 10_000;
const GROUPS_MAX = 5;
const FILTERS_PER_GROUP_MAX = 6;
const FILTERS_MAX = 18;
const QUERY_CHARACTERS_MAX = 3_000;
/** What a `query` looks through. */
const QUERIED = ["email", "firstname", "lastname", "phone", "company", "name", "domain", "dealname", "subject"];

export interface Found {
  readonly total: number;
  readonly records: readonly Stored[];
  /** Where the next page begins. */
  readonly after?: string;
}

export function search(portal: Portal, kind: Kind, request: Json): Found {
  const matches = matcher(portal, kind, request);
  const limit = limitIn(request);
  const start = Number(request["after"] ?? 0);
  if (!Number.isInteger(start) || start < 0) throw invalid("after must be an offset");
  if (start + limit > RESULTS_MAX) {
    throw invalid(`Paging beyond ${RESULTS_MAX} results is not possible: after ${start}, limit ${limit}`);
  }
  const all = [...portal.searchable(kind)].filter(matches);
  sortAll(all, request["sorts"]);
  const end = start + limit;
  return {
    total: all.length,
    records: all.slice(start, end),
    ...(end < all.length ? { after: String(end) } : {}),
  };
}

function limitIn(request: Json): number {
  const limit = Number(request["limit"] ?? LIMIT_DEFAULT);
  if (Number.isInteger(limit) && limit >= 0 && limit <= LIMIT_MAX) return limit === 0 ? LIMIT_DEFAULT : limit;
  throw invalid(`limit must be at most ${LIMIT_MAX}, not ${String(request["limit"])}`);
}

type Matches = (record: Stored) => boolean;

function matcher(portal: Portal, kind: Kind, request: Json): Matches {
  const groups = listOf(request["filterGroups"]).map((group) => listOf(group["filters"]));
  const filters = groups.flat();
  if (groups.length > GROUPS_MAX || filters.length > FILTERS_MAX) throw invalid("too many filterGroups or filters");
  if (groups.some((group) => group.length > FILTERS_PER_GROUP_MAX)) throw invalid("too many filters in a group");
  const tests = groups.map((group) => group.map((filter) => filterTest(portal, kind, filter)));
  const query = typeof request["query"] === "string" ? request["query"].toLowerCase() : "";
  if (query.length > QUERY_CHARACTERS_MAX) throw invalid("query is too long");
  return (record) =>
    (tests.length === 0 || tests.some((group) => group.every((test) => test(record)))) &&
    (query === "" || QUERIED.some((name) => record.properties[name]?.toLowerCase().includes(query)));
}

function filterTest(portal: Portal, kind: Kind, filter: Json): Matches {
  const name = String(filter["propertyName"]);
  const definition = portal.definitions[kind].get(name);
  if (definition === undefined) throw unknownProperty(name);
  const read = (text: unknown): string | number | undefined => comparable(definition.type, text);
  const [value, high] = [read(filter["value"]), read(filter["highValue"])];
  const values = Array.isArray(filter["values"]) ? filter["values"].map(read) : [];
  const of = (record: Stored): string | number | undefined => read(record.properties[name] ?? undefined);
  const compare =
    (test: (one: string | number) => boolean): Matches =>
    (record) => {
      const one = of(record);
      return one !== undefined && test(one);
    };
  const given = (): string | number => {
    if (value === undefined) throw invalid(`the filter on ${name} has no value that fits its type`);
    return value;
  };
  switch (filter["operator"]) {
    case "EQ":
      return compare(
        (
          (wanted) => (one) =>
            one === wanted
        )(given()),
      );
    case "NEQ":
      return compare(
        (
          (wanted) => (one) =>
            one !== wanted
        )(given()),
      );
    case "LT":
      return compare(
        (
          (wanted) => (one) =>
            one < wanted
        )(given()),
      );
    case "LTE":
      return compare(
        (
          (wanted) => (one) =>
            one <= wanted
        )(given()),
      );
    case "GT":
      return compare(
        (
          (wanted) => (one) =>
            one > wanted
        )(given()),
      );
    case "GTE":
      return compare(
        (
          (wanted) => (one) =>
            one >= wanted
        )(given()),
      );
    case "BETWEEN":
      return compare(
        (
          (low) => (one) =>
            one >= low && high !== undefined && one <= high
        )(given()),
      );
    case "IN":
      return compare((one) => values.includes(one));
    case "NOT_IN":
      return compare((one) => !values.includes(one));
    case "HAS_PROPERTY":
      return (record) => of(record) !== undefined;
    case "NOT_HAS_PROPERTY":
      return (record) => of(record) === undefined;
    case "CONTAINS_TOKEN":
      return compare(
        (
          (wanted) => (one) =>
            hasToken(String(one), String(wanted))
        )(given()),
      );
    case "NOT_CONTAINS_TOKEN":
      return compare(
        (
          (wanted) => (one) =>
            !hasToken(String(one), String(wanted))
        )(given()),
      );
    default:
      throw invalid(`${String(filter["operator"])} is no operator`);
  }
}

function hasToken(text: string, token: string): boolean {
  const tokens = text.split(/[^a-z0-9]+/);
  if (!token.includes("*")) return token.split(/[^a-z0-9]+/).every((one) => tokens.includes(one));
  const pattern = new RegExp(`^${token.split("*").map(escaped).join(".*")}$`);
  return pattern.test(text) || tokens.some((one) => pattern.test(one));
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
}

/** Numbers and times compare as numbers, text without regard to case. Times are given in milliseconds or as ISO 8601. */
function comparable(type: string, value: unknown): string | number | undefined {
  const text = textOf(value);
  if (text === "") return undefined;
  if (type === "number") return Number.isNaN(Number(text)) ? undefined : Number(text);
  if (type === "date" || type === "datetime") {
    const at = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
    return Number.isNaN(at) ? undefined : at;
  }
  return text.toLowerCase();
}

/** One order only: `{ propertyName, direction }`, or a name with "-" before it for the other way round. */
function sortAll(records: Stored[], sorts: unknown): void {
  const [given, second] = Array.isArray(sorts) ? (sorts as readonly unknown[]) : [];
  if (second !== undefined) throw invalid("only one sort is possible");
  if (given === undefined) return;
  const { name, down } = sortOf(given);
  const kind = records[0]?.kind;
  if (kind === undefined) return;
  const type = [...KINDS[kind].properties].find((one) => one.name === name)?.type ?? "string";
  const keyed = records.map((record) => ({ record, key: comparable(type, record.properties[name]) ?? "" }));
  keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0) * (down ? -1 : 1));
  keyed.forEach(({ record }, index) => (records[index] = record));
}

function sortOf(given: unknown): { readonly name: string; readonly down: boolean } {
  if (typeof given === "string") return { name: given.replace(/^-/, ""), down: given.startsWith("-") };
  const { propertyName, direction } = given as Json;
  return { name: String(propertyName), down: direction === "DESCENDING" };
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
