// Shopify's search texts (`updated_at:>='2026-08-01T00:00:00Z' AND status:open`) and the lists they filter: which records
// the search index shows, in which order, from which cursor on.
import { numberOf, type SimulatedShop } from "./shop.ts";
import { pageSize } from "./execute.ts";
import { type FieldArguments, QueryError, Slice } from "./types.ts";

interface Term {
  readonly field: string | undefined;
  readonly comparison: ":" | ">" | ">=" | "<" | "<=";
  readonly value: string;
  readonly negated: boolean;
}

/** What a record shows to one filter: texts to equal, or a value to compare. */
export type Filters<Item> = Readonly<Record<string, (item: Item) => readonly string[]>>;

const TERM =
  /\s*(?:(?<or>OR\b)|(?<and>AND\b)|(?<not>-|NOT\s+)?(?:(?<field>[a-z_]+):(?<comparison>>=|<=|>|<)?)?(?<value>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[^\s()]+))/uy;

/** Groups of terms: all of a group must hold, of one group. Parentheses are not needed by anybody yet. */
function parseSearch(text: string): readonly (readonly Term[])[] {
  const groups: Term[][] = [[]];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.trimEnd().length) {
    const groupsFound = TERM.exec(text)?.groups;
    if (groupsFound === undefined) throw new QueryError("BAD_REQUEST", `Invalid search: ${text}`);
    const { or, and, not, field, comparison, value = "" } = groupsFound;
    if (or !== undefined) groups.push([]);
    else if (and === undefined) {
      const kind = (comparison ?? ":") as Term["comparison"];
      groups.at(-1)?.push({ field, comparison: kind, value: unquote(value), negated: not !== undefined });
    }
  }
  return groups;
}

function unquote(value: string): string {
  return /^['"]/.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value;
}

function holds<Item>(term: Term, item: Item, filters: Filters<Item>): boolean {
  const show = filters[term.field ?? "default"];
  // Shopify ignores a filter that it does not know, with a warning; so a wrong one finds everything.
  if (show === undefined) return true;
  const fits = show(item).some((shown) => compares(shown, term));
  return fits !== term.negated;
}

function compares(shown: string, { field, comparison, value }: Term): boolean {
  if (field === undefined) return shown.toLowerCase().includes(value.toLowerCase());
  if (comparison === ":") {
    if (value === "*") return shown !== "";
    if (value.endsWith("*")) return shown.toLowerCase().startsWith(value.slice(0, -1).toLowerCase());
    return field.endsWith("_at") ? shown.startsWith(utc(value)) : shown.toLowerCase() === value.toLowerCase();
  }
  const [one, other] = comparable(shown, value, field);
  if (comparison === ">=") return one >= other;
  if (comparison === "<=") return one <= other;
  return comparison === ">" ? one > other : one < other;
}

function comparable(shown: string, value: string, field: string): readonly [number, number] {
  return field === "id" ? [Number(shown), Number(numberOf(value))] : [Date.parse(shown), Date.parse(value)];
}

function utc(value: string): string {
  return /T.*([+-]\d\d:\d\d)$/.test(value) ? `${new Date(value).toISOString().slice(0, 19)}Z` : value;
}

export interface Searched<Item> {
  readonly shop: SimulatedShop;
  readonly items: Iterable<Item>;
  readonly filters: Filters<Item>;
  /** What to sort by, for each `sortKey`; ID needs no entry. */
  readonly sorts: Readonly<Record<string, (item: Item) => string>>;
  readonly args: FieldArguments;
  readonly name: string;
  readonly defaultSort?: string;
}

const PLAIN_ORDER = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** A page of the records that a search shows, by its sort key and then by id; the cursor holds both. */
export function searched<Item extends { readonly id: string }>(search: Searched<Item>): Slice {
  const { shop, items, filters, sorts, args, name, defaultSort = "ID" } = search;
  const size = pageSize(args, name);
  const sortKey = typeof args["sortKey"] === "string" ? args["sortKey"] : defaultSort;
  const sortOf = sorts[sortKey] ?? (() => "");
  const text = typeof args["query"] === "string" ? args["query"] : "";
  const terms = text.trim() === "" ? [[]] : parseSearch(text);
  const direction = args["reverse"] === true ? -1 : 1;
  const placed = [...items]
    .filter((item) => shop.indexedUpdatedAt(item.id) !== undefined)
    .filter((item) => terms.some((group) => group.every((term) => holds(term, item, filters))))
    .map((item) => ({ item, value: sortOf(item), id: Number(numberOf(item.id)) }))
    .toSorted((one, other) => direction * (PLAIN_ORDER(one.value, other.value) || one.id - other.id));
  const after = placeOf(args["after"]);
  const before = placeOf(args["before"]);
  const isAfter = (place: Place, { value, id }: Place): boolean =>
    direction * (PLAIN_ORDER(value, place.value) || id - place.id) > 0;
  const rest = placed.filter(
    (one) => (after === undefined || isAfter(after, one)) && (before === undefined || isAfter(one, before)),
  );
  const page = typeof args["first"] === "number" ? rest.slice(0, size) : rest.slice(Math.max(0, rest.length - size));
  const cut = rest.length > page.length;
  const forwards = typeof args["first"] === "number";
  return new Slice(
    page.map(({ item }) => item),
    page.map(({ value, id }) => Buffer.from(JSON.stringify({ last_id: id, last_value: value })).toString("base64")),
    forwards ? cut : before !== undefined,
    forwards ? after !== undefined : cut,
  );
}

interface Place {
  readonly value: string;
  readonly id: number;
}

function placeOf(cursor: unknown): Place | undefined {
  if (typeof cursor !== "string") return undefined;
  try {
    const { last_id: id, last_value: value } = JSON.parse(Buffer.from(cursor, "base64").toString()) as Record<
      string,
      unknown
    >;
    if (typeof id === "number" && typeof value === "string") return { value, id };
  } catch {
    // Falls through: not one of our cursors.
  }
  throw new QueryError("BAD_REQUEST", "Invalid cursor");
}
