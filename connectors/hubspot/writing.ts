// How every object is written. HubSpot has no idempotency keys and no versions to guard with: what makes a write safe to
// repeat is a property with unique values, the e-mail address of contacts and the key property of all others.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { RemoveOrder, UpdateOrder, WriteOrder, Written } from "../../src/define/resource.ts";
import { carryOut, inlineAssociations, planAssociations, type AssociationPlan } from "./associations.ts";
import { sendBatch } from "./batch.ts";
import { objectPath, type CrmObject, type CrmRecord } from "./crm-object.ts";
import { batchRead } from "./reading.ts";
import { DEFAULT_KEY_PROPERTY } from "./settings.ts";

/** What the fields of every object may have besides the properties of the same names. */
export interface CommonFields {
  readonly custom?: { readonly [name: string]: string } | undefined;
}

type Properties = { readonly [name: string]: string };
type Ids = readonly { readonly id: string }[];

/** A plain create with its associations, in one call. Refused when the account has a record of the same unique value. */
export async function createPlainly<Fields extends CommonFields>(
  api: Api,
  object: CrmObject,
  { fields }: Pick<WriteOrder<Fields>, "fields">,
  stamp: Properties = {},
): Promise<Written<never>> {
  const associations = associationsIn(object, fields);
  const body = { properties: { ...propertiesIn(object, fields, Object.keys(fields)), ...stamp }, associations };
  // The account takes a second record with the same stamp from nobody.
  const safe = Object.keys(stamp).length > 0 ? { safe: true as const } : {};
  const answer = await api.request({ method: "POST", path: objectPath(object), body, ...safe });
  return written(answer.json, object);
}

/** Makes the record that carries this write's key, or finds that an earlier try made it. */
export async function createByKey<Fields extends CommonFields>(
  api: Api,
  object: CrmObject,
  { fields, idempotencyKey }: WriteOrder<Fields>,
): Promise<Written<never>> {
  const idProperty = keyProperty(api);
  const stamp = { [idProperty]: idempotencyKey };
  // An upsert takes no associations; made afterwards, a bad one would leave half of the record.
  if (associationsIn(object, fields).length > 0) {
    return createOnce(api, object, { fields, idempotencyKey }, stamp);
  }
  const properties = { ...propertiesIn(object, fields, Object.keys(fields)), ...stamp };
  const [made] = await sendBatch(api, object, "upsert", [{ idProperty, id: idempotencyKey, properties }]);
  if (made?.outcome.kind === "done") return written(made.record, object);
  const { outcome = { kind: "unknown" as const } } = made ?? {};
  throw new CallFailed(outcome, `Could not create one of the ${object.name}: ${outcome.reason ?? outcome.kind}`);
}

async function createOnce<Fields extends CommonFields>(
  api: Api,
  object: CrmObject,
  order: WriteOrder<Fields>,
  stamp: Properties,
): Promise<Written<never>> {
  try {
    return await createPlainly(api, object, order, stamp);
  } catch (error) {
    if (!(error instanceof CallFailed) || error.outcome.kind !== "conflict") throw error;
    return (await madeBefore(api, object, order.idempotencyKey)) ?? Promise.reject(error);
  }
}

/** What an earlier try of a write made. */
export async function madeBefore(
  api: Api,
  object: CrmObject,
  idempotencyKey: string,
): Promise<Written<never> | undefined> {
  const [made] = await foundBy(api, object, keyProperty(api), idempotencyKey);
  return made && { key: made.key, ...(made.version === undefined ? {} : { version: made.version }) };
}

/** Sends what changed and nothing else; what is no longer mapped is cleared. */
export async function update<Fields extends CommonFields, Record>(
  api: Api,
  object: CrmObject,
  { key, fields, changed }: UpdateOrder<Fields, Record>,
): Promise<Written<never>> {
  const plans: AssociationPlan[] = [];
  for (const kind of object.associated) {
    if (!(changed as readonly string[]).includes(kind.to)) continue;
    plans.push(await planAssociations(api, object, kind, key, idsIn(fields, kind.to)));
  }
  const properties = propertiesIn(object, fields, changed);
  let result: Written<never> = { key };
  if (Object.keys(properties).length > 0) {
    const path = objectPath(object, `/${encodeURIComponent(key)}`);
    result = written((await api.request({ method: "PATCH", path, body: { properties }, safe: true })).json, object);
  }
  for (const plan of plans) await carryOut(api, object, result.key, plan);
  return result;
}

/** Archived records can be restored for 90 days. One that is archived, or was never there, is as wished. */
export async function archive(api: Api, object: CrmObject, { key }: RemoveOrder): Promise<undefined> {
  await api.request({ method: "DELETE", path: objectPath(object, `/${encodeURIComponent(key)}`), safe: true });
}

/** For good, as a person's right to be forgotten asks for; the address cannot be used for a contact again. */
export async function gdprDelete(api: Api, object: CrmObject, { key }: RemoveOrder): Promise<undefined> {
  const path = objectPath(object, "/gdpr-delete");
  await api.request({ method: "POST", path, body: { objectId: key }, safe: true });
}

/** Records with this value of a property with unique values: none or one. */
export async function foundBy<Record extends CrmRecord>(
  api: Api,
  object: CrmObject,
  property: string,
  value: string,
): Promise<readonly Written<Record>[]> {
  return (await batchRead<Record>(api, object, [value], property)).map(found);
}

export function found<Record extends CrmRecord>(record: Record): Written<Record> {
  return { key: record.id, version: record.updatedAt, record };
}

export function keyProperty({ settings }: Api): string {
  const named = settings["keyProperty"];
  return typeof named === "string" ? named : DEFAULT_KEY_PROPERTY;
}

/** HubSpot tells only some properties of what was written, so no record is handed on. */
export function written(json: unknown, { name }: CrmObject): Written<never> {
  const { id, updatedAt } = (json ?? {}) as { readonly id?: unknown; readonly updatedAt?: unknown };
  if (typeof id === "string" && id !== "") {
    return { key: id, ...(typeof updatedAt === "string" ? { version: updatedAt } : {}) };
  }
  const reason = `Could not read what was written to ${name}: expected its id in the answer and got none`;
  throw new CallFailed({ kind: "unknown", reason }, reason);
}

/** What a create carries so that the record is associated at once. */
export function associationsIn(object: CrmObject, fields: CommonFields): readonly object[] {
  return object.associated.flatMap((kind) => inlineAssociations(kind, idsIn(fields, kind.to)));
}

/** Of the named fields, those that are properties, as they are sent: "" clears. */
export function propertiesIn(object: CrmObject, fields: CommonFields, names: readonly string[]): Properties {
  const properties: { [name: string]: string } = {};
  for (const name of names) {
    if (!object.writable.includes(name)) continue;
    const value = (fields as { readonly [name: string]: unknown })[name];
    properties[name] = typeof value === "string" ? value : "";
  }
  return { ...properties, ...(names.includes("custom") ? fields.custom : undefined) };
}

function idsIn(fields: CommonFields, name: string): readonly string[] {
  const ids = (fields as { readonly [name: string]: unknown })[name] as Ids | undefined;
  return ids?.map(({ id }) => id) ?? [];
}
