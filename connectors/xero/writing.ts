// How every kind of record is written. Each write carries an idempotency key, which Xero knows for six minutes; creating is
// done with PUT, which never changes a record that is there already.
import { createHash } from "node:crypto";
import type { Answer, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, Safety, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { ask, list } from "./ask.ts";
import { keyOf, type Entity, type EntityRecord } from "./entity.ts";
import { readXeroJson, writeXeroJson } from "./wire-json.ts";

export const IDEMPOTENCY_RETENTION_MS = 6 * 60_000;
export const SAFETY: Safety = { kind: "idempotency-key", retentionMs: IDEMPOTENCY_RETENTION_MS };

type Body = Readonly<Record<string, unknown>>;

export interface SavingOptions<Fields> {
  /** What takes a field's content away, by its name; a field that is not named here cannot be cleared. */
  readonly cleared: { readonly [Name in keyof Fields]?: unknown };
  /** Sent with every change, although it did not change. */
  readonly always?: readonly (keyof Fields & string)[];
  /** What is sent instead of a field's content, given what is there now. */
  prepare?(api: Api, key: string, fields: Partial<Fields>): Promise<Partial<Fields>>;
}

export function createOf<Record extends EntityRecord, Fields>(entity: Entity) {
  return async (api: Api, { fields, idempotencyKey }: WriteOrder<Fields>): Promise<Written<Record>> => {
    const answer = await send(api, { entity, method: "PUT", path: "", body: fields as Body, idempotencyKey });
    return writtenIn<Record>(entity, answer);
  };
}

export function updateOf<Record extends EntityRecord, Fields>(entity: Entity, options: SavingOptions<Fields>) {
  return async (api: Api, order: UpdateOrder<Fields, Record>): Promise<Written<Record>> => {
    const { fields, changed, key } = order;
    const names = new Set([...(options.always ?? []), ...changed]);
    const given = Object.fromEntries([...names].map((name) => [name, fields[name] ?? clearing(entity, options, name)]));
    const prepared = (await options.prepare?.(api, key, given as Partial<Fields>)) ?? given;
    return change<Record>(api, entity, order, prepared);
  };
}

/** Takes a record out of use by a status. One that has it already is as wished. */
export async function changeStatus<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  order: RemoveOrder,
  status: Body,
): Promise<Written<Record>> {
  try {
    return await change<Record>(api, entity, order, status);
  } catch (error) {
    if (!(error instanceof CallFailed) || error.outcome.kind !== "invalid") throw error;
    const record = await readOne<Record>(api, entity, order.key);
    const isSo = Object.entries(status).every(([name, value]) => (record as Body)[name] === value);
    if (!isSo) throw error;
    return written(entity, record);
  }
}

/** The record as it is, also one that was deleted. */
export async function readOne<Record extends EntityRecord>(api: Api, entity: Entity, key: string): Promise<Record> {
  const query = entity.query;
  const answer = await ask(api, { method: "GET", path: `/${entity.name}/${encodeURIComponent(key)}`, query });
  const record = firstIn<Record>(entity, answer);
  if (record !== undefined) return record;
  const reason = `Could not read ${entity.name}: expected one record and got none`;
  throw new CallFailed({ kind: "unavailable", reason }, reason);
}

/** Every record that a filter shows, as a write left it. */
export async function found<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  query: Readonly<globalThis.Record<string, string>>,
): Promise<readonly Record[]> {
  const paging = entity.paged ? { page: 1, pageSize: 100 } : {};
  const { records } = await list<Record>(api, entity, { query: { ...query, ...paging } });
  return records.filter((record) => !entity.isGone(record));
}

export function written<Record extends EntityRecord>(entity: Entity, record: Record): Written<Record> {
  const version = record.UpdatedDateUTC;
  return { key: keyOf(entity, record), record, ...(version === undefined ? {} : { version }) };
}

/**
 * The content is part of the key: an update that is decided anew on what is there now is another request, and Xero refuses
 * another request under a key that it knows.
 */
async function change<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  { key, idempotencyKey }: RemoveOrder,
  fields: object,
): Promise<Written<Record>> {
  const body = { [entity.idField]: key, ...fields };
  const content = createHash("sha256").update(JSON.stringify(body)).digest("hex").slice(0, 16);
  const path = `/${encodeURIComponent(key)}`;
  const named = `${idempotencyKey}-${content}`;
  return writtenIn<Record>(entity, await send(api, { entity, method: "POST", path, body, idempotencyKey: named }));
}

interface Sending {
  readonly entity: Entity;
  readonly method: "PUT" | "POST";
  readonly path: string;
  readonly body: Body;
  readonly idempotencyKey: string;
}

function send(api: Api, { entity, method, path, body, idempotencyKey }: Sending): Promise<Answer> {
  return ask(api, {
    method,
    path: `/${entity.name}${path}`,
    query: "unitdp" in entity.query ? { unitdp: entity.query["unitdp"] } : {},
    headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
    body: writeXeroJson({ [entity.name]: [body] }),
    // With an id in the address it sets what it names; the key that Xero forgets after six minutes matters to PUT alone.
    ...(method === "POST" ? { safe: true } : {}),
  });
}

function writtenIn<Record extends EntityRecord>(entity: Entity, answer: Answer): Written<Record> {
  const record = firstIn<Record>(entity, answer);
  if (record !== undefined && keyOf(entity, record) !== "") return written(entity, record);
  const message = `Could not read what was written: expected one of ${entity.name} with its ${entity.idField}`;
  throw new CallFailed({ kind: "unknown", reason: message }, message);
}

function firstIn<Record>(entity: Entity, { text }: Answer): Record | undefined {
  const records = (readXeroJson(text) as Body)[entity.name];
  return Array.isArray(records) ? (records[0] as Record | undefined) : undefined;
}

function clearing<Fields>(entity: Entity, { cleared }: SavingOptions<Fields>, name: keyof Fields & string): unknown {
  if (name in cleared) return cleared[name];
  const reason = `Could not change ${entity.name}: Xero does not let ${name} be taken away; give it a value`;
  throw new CallFailed({ kind: "invalid", reason }, reason);
}
