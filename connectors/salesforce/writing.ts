// How every object is written. A record is made by its external id, so that a repetition leaves one; each write is read back
// in the same call, so that the base is what Salesforce made of it, and an update names the stamp it was decided on.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, Safety, UpdateOrder, Write, WriteOrder, Written } from "../../src/define/resource.ts";
import type { Schema } from "../../src/define/schema.ts";
import { readDecimalJson, writeDecimalJson } from "./decimal-json.ts";
import type { SalesforceObject } from "./object.ts";
import { subresponses } from "./outcome.ts";
import { fieldsFor } from "./reading.ts";
import { longId } from "./record-id.ts";
import { API_PATH } from "./settings.ts";
import { dateTimeText, type FieldKind } from "./shapes.ts";
import { bare, named, query, quoted, select, timeLiteral, type SalesforceRecord } from "./soql.ts";

const CANDIDATES_MAX = 10;

type Values = { readonly [field: string]: unknown };

interface Subrequest {
  readonly method: "POST" | "PATCH";
  /** Below the version, such as "/sobjects/Account". */
  readonly path: string;
  readonly body: Values;
  readonly headers?: Readonly<Record<string, string>>;
}

export function writeOf<Record, Fields extends object>(
  object: SalesforceObject,
  fields: Schema<Fields>,
): Write<Record, Fields, "delete"> {
  const lookup = lookupOf<Record, Fields>(object);
  return {
    fields,
    safety: safetyOf(object),
    create: (api, order) => create<Record>(api, object, order as WriteOrder<Values>),
    update: (api, order) => update<Record>(api, object, order as unknown as UpdateOrder<Values, unknown>),
    removals: { delete: (api, order) => remove(api, object, order) },
    ...(lookup === undefined ? {} : { lookup }),
    fieldsOf: (record) => fieldsIn(record as Values, object) as Partial<Fields>,
  };
}

function safetyOf({ externalId, writeKey, naturalKey }: SalesforceObject): Safety {
  if (externalId !== undefined || writeKey !== undefined) return { kind: "upsert" };
  // A query shows what was committed; only search lags behind.
  return naturalKey.length > 0 ? { kind: "lookup", lagMs: 0 } : { kind: "none" };
}

async function create<Record>(api: Api, object: SalesforceObject, order: WriteOrder<Values>): Promise<Written<Record>> {
  const values = present(order.fields);
  const by = keyOf(object, order);
  if (by === undefined)
    return send<Record>(api, object, { method: "POST", path: `/sobjects/${object.name}`, body: values });
  // The key stands in the address; Salesforce refuses it in the body besides.
  const { [by.field]: _key, ...body } = values;
  const path = `/sobjects/${object.name}/${named(by.field)}/${encodeURIComponent(by.value)}`;
  return send<Record>(api, object, { method: "PATCH", path, body });
}

function keyOf(
  { name, externalId, writeKey }: SalesforceObject,
  order: WriteOrder<Values>,
): { readonly field: string; readonly value: string } | undefined {
  if (externalId === undefined)
    return writeKey === undefined ? undefined : { field: writeKey, value: order.idempotencyKey };
  const value = order.fields[externalId];
  if ((typeof value === "string" || typeof value === "number") && value !== "") {
    return { field: externalId, value: String(value) };
  }
  const reason = `Could not make a ${name}: expected a value in ${externalId}, by which it is found again, and got none`;
  throw new CallFailed({ kind: "invalid", reason }, reason);
}

/** Only what changed is sent; a field that is mapped no longer is emptied. */
async function update<Record>(
  api: Api,
  object: SalesforceObject,
  { key, fields, changed, version }: UpdateOrder<Values, unknown>,
): Promise<Written<Record>> {
  const body = Object.fromEntries(changed.map((name) => [name, emptied(fields[name])]));
  const headers = version === undefined ? {} : { "If-Unmodified-Since": httpDate(version) };
  const path = `/sobjects/${object.name}/${encodeURIComponent(key)}`;
  return send<Record>(api, object, { method: "PATCH", path, body, headers }, key);
}

/** A record that is gone already is as wished. */
async function remove(api: Api, object: SalesforceObject, { key }: RemoveOrder): Promise<undefined> {
  try {
    const path = `/sobjects/${object.name}/${encodeURIComponent(key)}`;
    await api.request({ method: "DELETE", path, safe: true });
  } catch (error) {
    if (!(error instanceof CallFailed) || error.outcome.kind !== "missing") throw error;
  }
}

/** One call to Salesforce's count: the write, and the record as it is after it. */
async function send<Record>(
  api: Api,
  object: SalesforceObject,
  { method, path, body, headers = {} }: Subrequest,
  key?: string,
): Promise<Written<Record>> {
  const wanted = fieldsFor(api, object).join(",");
  const readPath = `${API_PATH}/sobjects/${object.name}/${key ?? "@{write.id}"}?fields=${wanted}`;
  const answer = await api.request({
    method: "POST",
    path: "/composite",
    headers: { "content-type": "application/json" },
    // By an id or an external id it sets what it names; a POST makes a record each time.
    ...(method === "PATCH" ? { safe: true } : {}),
    body: writeDecimalJson(
      {
        allOrNone: false,
        // Else Salesforce may read before it writes.
        collateSubrequests: false,
        compositeRequest: [
          { method, url: API_PATH + path, referenceId: "write", httpHeaders: headers, body },
          { method: "GET", url: readPath, referenceId: "record" },
        ],
      },
      object.decimals,
    ),
  });
  const [write, read] = subresponses(readDecimalJson(answer.text, object.decimals)) ?? [];
  const id = key ?? (write?.body as { readonly id?: string } | null | undefined)?.id;
  if (id === undefined) {
    const message = `Could not read what was written: expected the id of a ${object.name} in the answer and got none`;
    throw new CallFailed({ kind: "unknown", reason: message }, message);
  }
  return read?.httpStatusCode === 200 ? written<Record>(bare(read.body)) : { key: longId(id) };
}

function written<Record>(record: SalesforceRecord): Written<Record> {
  const stamp = record["SystemModstamp"];
  return {
    key: record.Id,
    record: record as unknown as Record,
    ...(typeof stamp === "string" ? { version: dateTimeText(stamp) } : {}),
  };
}

function lookupOf<Record, Fields>(object: SalesforceObject): Write<Record, Fields>["lookup"] {
  const { externalId, naturalKey } = object;
  const names = externalId === undefined ? naturalKey : [externalId];
  if (names.length === 0) return undefined;
  return async (api, order) => {
    const values = order.fields as Values;
    const where = names.map((name) => `${named(name)} = ${literal(values[name], object.kinds.get(name))}`);
    const soql = select({ object: object.name, fields: fieldsFor(api, object), where, limit: CANDIDATES_MAX });
    const { records } = await query(api, soql, { decimals: object.decimals });
    return records.map((record) => written<Record>(record));
  };
}

function literal(value: unknown, kind: FieldKind | undefined): string {
  if (value === undefined || value === null || value === "") return "null";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (kind === "dateTime") return timeLiteral(text);
  return kind === "text" || kind === undefined ? quoted(text) : text;
}

/** The fields as they would be written: an empty one is one that is not there. */
function fieldsIn(record: Values, { writable }: SalesforceObject): Values {
  return present(Object.fromEntries(writable.map((name) => [name, record[name]])));
}

/** Salesforce keeps an empty text as no text. */
function present(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
}

const emptied = (value: unknown): unknown => (value === undefined || value === "" ? null : value);

/** "2026-11-21T05:11:00.000+0000" as headers have it. */
function httpDate(version: string): string {
  return new Date(Date.parse(version.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"))).toUTCString();
}
