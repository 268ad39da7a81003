// Asks in Salesforce's query language. Whatever a record holds becomes a literal that means exactly that text; names come
// from our own code and are checked all the same.
import type { Answer, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { readDecimalJson, type Decimals } from "./decimal-json.ts";

/** The most records of one answer, and of one of our pages. */
export const PAGE_RECORDS = 2_000;
/** The most characters that one literal may have. */
const LITERAL_CHARACTERS_MAX = 4_000;

export interface Listed {
  readonly records: readonly SalesforceRecord[];
  /** The query had no more to give. */
  readonly isDone: boolean;
  /** When Salesforce answered, in milliseconds since 1970, by its own clock. */
  readonly at: number | undefined;
}

export type SalesforceRecord = { readonly Id: string; readonly [field: string]: unknown };

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

/** A text in a query. */
export function quoted(text: string): string {
  const literal = text.replace(/[\\'"\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? character);
  if (literal.length > LITERAL_CHARACTERS_MAX) {
    throw new RangeError(
      `Could not ask for a text: expected at most ${LITERAL_CHARACTERS_MAX} characters and got ${literal.length}`,
    );
  }
  return `'${literal}'`;
}

/** The name of an object or a field, also of a field of a parent ("Account.Name"). */
export function named(name: string): string {
  if (!/^[A-Za-z]\w*(?:\.[A-Za-z]\w*)*$/.test(name)) {
    throw new TypeError(
      `Could not ask for "${name}": expected the API name of an object or a field, such as Invoice__c`,
    );
  }
  return name;
}

/** "2026-11-21T05:11:00.000+0000" as records show it, or milliseconds since 1970, as a literal without quotes. */
export function timeLiteral(at: number | string): string {
  const value = typeof at === "number" ? at : Date.parse(at.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return new Date(value).toISOString();
}

export interface Select {
  readonly object: string;
  readonly fields: readonly string[];
  readonly where?: readonly string[];
  readonly orderBy?: readonly string[];
  readonly limit?: number;
}

export function select({ object, fields, where = [], orderBy = [], limit }: Select): string {
  const parts = [`SELECT ${fields.map(named).join(", ")} FROM ${named(object)}`];
  if (where.length > 0) parts.push(`WHERE ${where.join(" AND ")}`);
  if (orderBy.length > 0) parts.push(`ORDER BY ${orderBy.map(named).join(", ")}`);
  if (limit !== undefined) parts.push(`LIMIT ${limit}`);
  return parts.join(" ");
}

const NO_DECIMALS: Decimals = new Map();

export async function query(
  api: Api,
  soql: string,
  { deletedToo = false, decimals = NO_DECIMALS }: { readonly deletedToo?: boolean; readonly decimals?: Decimals } = {},
): Promise<Listed> {
  const answer = await api.request({
    method: "GET",
    path: deletedToo ? "/queryAll" : "/query",
    query: { q: soql },
    headers: { "sforce-query-options": `batchSize=${PAGE_RECORDS}` },
  });
  const { records, done } = readDecimalJson(answer.text, decimals) as { records?: unknown; done?: unknown };
  if (!Array.isArray(records)) {
    const reason = "Could not read the answer to a query: expected records and got none";
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  return { records: records.map(bare), isDone: done === true, at: answeredAt(answer) };
}

/** The record without `attributes`, which tell only its type and the address by which we asked. */
export function bare(record: unknown): SalesforceRecord {
  const { attributes: _attributes, ...fields } = record as SalesforceRecord;
  return fields as SalesforceRecord;
}

export function answeredAt({ headers }: Answer): number | undefined {
  const at = Date.parse(headers["date"] ?? "");
  return Number.isNaN(at) ? undefined : at;
}
