// Listings: which records, in which order, and which page of them.
import { Big } from "big.js";
import { textOf } from "./body.ts";
import { ID_FIELDS, type Kind, type Organisation, type Row } from "./organisation.ts";
import { postDataFault, queryFault } from "./refusal.ts";
import { fieldOf, matches, type Field } from "./where-match.ts";
import { parseWhere } from "./where-parse.ts";

export interface Pagination {
  readonly page: number;
  readonly pageSize: number;
  readonly pageCount: number;
  readonly itemCount: number;
}

export interface Listing {
  readonly rows: readonly Row[];
  readonly pagination?: Pagination;
}

export interface ListRequest {
  readonly kind: Kind;
  /** Names in lower case. */
  readonly query: ReadonlyMap<string, string>;
  readonly modifiedSince: string | null;
  readonly sinceIncludesItself: boolean;
}

const PAGE_SIZE = 100;
const PAGE_SIZE_MAX = 1_000;
const PAGED = new Set<Kind>(["Contacts", "Invoices", "CreditNotes", "Payments"]);
const SEARCHED: Partial<Record<Kind, readonly string[]>> = {
  Contacts: ["Name", "FirstName", "LastName", "ContactNumber", "EmailAddress"],
  Invoices: ["InvoiceNumber", "Reference"],
};

export function listRows(organisation: Organisation, request: ListRequest): Listing {
  const { kind, query } = request;
  const rows = [...organisation.rows[kind].values()].filter(isWanted(request)).toSorted(orderOf(query.get("order")));
  const paged = PAGED.has(kind) && (query.has("page") || query.get("summaryonly") === "true");
  if (!paged) return { rows };
  const page = Math.max(1, whole(query.get("page") ?? "1", "page"));
  const size = whole(query.get("pagesize") ?? String(PAGE_SIZE), "pageSize");
  const pageSize = Math.min(Math.max(1, size), PAGE_SIZE_MAX);
  const first = (page - 1) * pageSize;
  const pagination = { page, pageSize, pageCount: Math.ceil(rows.length / pageSize), itemCount: rows.length };
  return { rows: rows.slice(first, first + pageSize), pagination };
}

function whole(text: string, name: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : queryFault(`The value '${text}' is not valid for ${name}`);
}

function isWanted({ kind, query, modifiedSince, sinceIncludesItself }: ListRequest): (row: Row) => boolean {
  const tests: ((row: Row) => boolean)[] = [];
  const where = query.get("where");
  if (where !== undefined && where !== "") {
    const condition = parseWhere(where);
    tests.push((row) => matches(condition, row));
  }
  const among = (name: string, path: readonly string[]): void => {
    const list = query.get(name);
    if (list === undefined || list === "") return;
    const wanted = new Set(list.split(",").map((one) => one.trim().toLowerCase()));
    tests.push((row) => wanted.has(String(fieldOf(row, path) ?? "").toLowerCase()));
  };
  if (kind === "Contacts" || kind === "Invoices") among("ids", [ID_FIELDS[kind]]);
  if (kind === "Invoices") {
    among("invoicenumbers", ["InvoiceNumber"]);
    among("contactids", ["Contact", "ContactID"]);
    among("statuses", ["Status"]);
  }
  if (kind === "Contacts" && query.get("includearchived") !== "true") {
    tests.push(({ body }) => body["ContactStatus"] === "ACTIVE");
  }
  const term = query.get("searchterm")?.toLowerCase();
  if (term !== undefined) {
    tests.push(({ body }) => (SEARCHED[kind] ?? []).some((name) => textOf(body, name)?.toLowerCase().includes(term)));
  }
  if (modifiedSince !== null) {
    const since = momentOf(modifiedSince);
    tests.push(({ updatedAt }) => (sinceIncludesItself ? updatedAt >= since : updatedAt > since));
  }
  return (row) => tests.every((test) => test(row));
}

/** UTC, to the second, whether or not it says so. */
function momentOf(text: string): number {
  const hasZone = /(Z|GMT|[+-]\d{2}:?\d{2})$/.test(text);
  const at = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(at)
    ? postDataFault(`If-Modified-Since ${text} is not a valid date`)
    : Math.floor(at / 1_000) * 1_000;
}

/** By a field, then by the id; if nothing is said by the time of the last change. */
function orderOf(order = "UpdatedDateUTC ASC"): (left: Row, right: Row) => number {
  const terms = order.split(",").map((term) => term.trim().split(/\s+/));
  if (terms.some(([name = "", way = "ASC"]) => !/^[\w.]+$/.test(name) || !/^(asc|desc)$/i.test(way)))
    queryFault("Syntax error");
  return (left, right) => {
    for (const [name = "", way = "ASC"] of terms) {
      const sign = way.toUpperCase() === "DESC" ? -1 : 1;
      const difference = compare(fieldOf(left, name.split(".")), fieldOf(right, name.split(".")));
      if (difference !== 0) return sign * difference;
    }
    return compare(left.id, right.id);
  };
}

function compare(left: Field, right: Field): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [first, second] = [String(left ?? ""), String(right ?? "")];
  if (NUMBER.test(first) && NUMBER.test(second)) return new Big(first).cmp(second);
  return first === second ? 0 : first < second ? -1 : 1;
}

const NUMBER = /^-?\d+(\.\d+)?$/;
