// How every entity is written. Each write carries its `requestid`, so a repetition gets the first answer; each update
// carries the SyncToken it was decided on, so that nobody else's change is overwritten.
import type { Answer, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, Safety, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { readDecimalJson, readExactJson, writeDecimalJson } from "./decimal-json.ts";
import { MINOR_VERSION, syncTokenOf, versionOf, type Entity, type EntityRecord } from "./entity.ts";

/** Intuit does not say for how long a `requestid` is known. A day is what others who do say promise at least. */
const REQUEST_ID_RETENTION_MS = 24 * 60 * 60_000;

export const SAFETY: Safety = { kind: "idempotency-key", retentionMs: REQUEST_ID_RETENTION_MS };

type Body = { readonly [field: string]: unknown };
type QueryTexts = { readonly [name: string]: string };
/** Turns fields into what is sent; most are the same. */
export type ToWire<Fields> = (fields: Partial<Fields>) => Body;

export interface Save<Record extends EntityRecord, Fields> {
  create(api: Api, order: WriteOrder<Fields>): Promise<Written<Record>>;
  update(api: Api, order: UpdateOrder<Fields, Record>): Promise<Written<Record>>;
}

export function savingOf<Record extends EntityRecord, Fields>(
  entity: Entity,
  toWire: ToWire<Fields> = (fields) => fields,
): Save<Record, Fields> {
  return {
    create: (api, order) => post<Record>(api, entity, toWire(order.fields), { requestid: order.idempotencyKey }),
    update: (api, order) => update(api, entity, order, toWire),
  };
}

async function update<Record extends EntityRecord, Fields>(
  api: Api,
  entity: Entity,
  order: UpdateOrder<Fields, Record>,
  toWire: ToWire<Fields>,
): Promise<Written<Record>> {
  const { fields, changed, key } = order;
  const given = Object.fromEntries(changed.map((name) => [name, fields[name]])) as Partial<Fields>;
  const cleared = changed.filter((name) => fields[name] === undefined);
  const SyncToken = await syncToken(api, entity, order);
  const body =
    cleared.length === 0
      ? { Id: key, SyncToken, sparse: true, ...toWire(given) }
      : { ...(await whole(api, entity, key, cleared)), Id: key, SyncToken, ...toWire(given) };
  try {
    return await post<Record>(api, entity, body, { requestid: order.idempotencyKey });
  } catch (error) {
    throw await explained(error, api, entity, key);
  }
}

/**
 * A sparse update cannot take a field away, a full one can: it clears whatever it leaves out. So it starts from all that
 * is there, also what our schemas do not know, with each number's own digits.
 */
async function whole(api: Api, entity: Entity, key: string, cleared: readonly string[]): Promise<Body> {
  const answer = await get(api, entity, key);
  const body = (readExactJson(answer.text) as { readonly [name: string]: Body })[entity.name] ?? {};
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "sparse" && !cleared.includes(name)));
}

/** "Object not found" may mean this record or one that it refers to: only the first is an absence. */
async function explained(error: unknown, api: Api, entity: Entity, key: string): Promise<unknown> {
  if (!isMissing(error)) return error;
  try {
    await get(api, entity, key);
  } catch {
    return error;
  }
  const { reason = "", code = "610" } = error.outcome;
  const message = `Could not update ${entity.name} ${key}: a record it refers to is missing or inactive (${reason})`;
  return new CallFailed({ kind: "invalid", reason: message, code }, message, { cause: error });
}

/** Taking a transaction out of the books for good. One that is already gone is as wished. */
export async function deleteTransaction(api: Api, entity: Entity, order: RemoveOrder): Promise<undefined> {
  try {
    const body = { Id: order.key, SyncToken: await syncToken(api, entity, order) };
    await send(api, entity, body, { operation: "delete", requestid: order.idempotencyKey });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Taking a transaction's amounts out of the books, and leaving it to be seen. */
export async function voidTransaction<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  order: RemoveOrder,
  query: QueryTexts,
): Promise<Written<Record>> {
  const SyncToken = await syncToken(api, entity, order);
  const body = { Id: order.key, SyncToken, sparse: true };
  return post<Record>(api, entity, body, { ...query, requestid: order.idempotencyKey });
}

/** List entities cannot be deleted: they are switched off, and keep their Id. */
export async function deactivate<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  order: RemoveOrder,
): Promise<Written<Record>> {
  const SyncToken = await syncToken(api, entity, order);
  const body = { Id: order.key, SyncToken, sparse: true, Active: false };
  return post<Record>(api, entity, body, { requestid: order.idempotencyKey });
}

export function written<Record extends EntityRecord>(record: Record): Written<Record> {
  return { key: record.Id, version: versionOf(record), record };
}

async function post<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  body: Body,
  query: QueryTexts,
): Promise<Written<Record>> {
  const answer = await send(api, entity, body, query);
  const record = (readDecimalJson(answer.text) as { readonly [name: string]: Record | undefined })[entity.name];
  if (record?.Id === undefined || record.SyncToken === undefined) {
    const message = `Could not read what was written: expected a ${entity.name} with Id and SyncToken in the answer`;
    throw new CallFailed({ kind: "unknown", reason: message }, message);
  }
  return written(record);
}

/** A body with a SyncToken is refused once the record is no longer that; one without it makes a record. */
function send(api: Api, entity: Entity, body: Body, query: QueryTexts): Promise<Answer> {
  return api.request({
    method: "POST",
    path: entity.path,
    query: { ...query, minorversion: MINOR_VERSION },
    headers: { "content-type": "application/json" },
    body: writeDecimalJson(body),
    safe: "SyncToken" in body ? true : "by-key",
  });
}

function get(api: Api, entity: Entity, key: string): Promise<Answer> {
  const path = `${entity.path}/${encodeURIComponent(key)}`;
  return api.request({ method: "GET", path, query: { minorversion: MINOR_VERSION } });
}

interface Versioned {
  readonly key: string;
  readonly version?: string;
  readonly record?: EntityRecord;
}

/** The SyncToken the write was decided on; only when nobody has seen any, the present one. */
async function syncToken(api: Api, entity: Entity, { key, version, record }: Versioned): Promise<string> {
  if (version !== undefined) return syncTokenOf(version);
  if (record !== undefined) return record.SyncToken;
  const answer = await get(api, entity, key);
  const body = (readDecimalJson(answer.text) as { readonly [name: string]: EntityRecord | undefined })[entity.name];
  return body?.SyncToken ?? "0";
}

function isMissing(error: unknown): error is CallFailed {
  return error instanceof CallFailed && error.outcome.kind === "missing";
}
