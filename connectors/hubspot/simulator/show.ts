// A record as HubSpot shows it: the properties that were asked for, each text or null.
import { ASSOCIATION_TYPES, kindOf, KINDS, type Kind } from "./kinds.ts";
import type { Portal, Stored } from "./portal.ts";
import { invalid, type Json } from "./refusal.ts";

/** Nothing asked for: the usual ones. What is always there comes anyway. */
export function shown(portal: Portal, record: Stored, asked: readonly string[] = []): Json {
  const { modified, shown: usual } = KINDS[record.kind];
  const known = asked.filter((name) => portal.definitions[record.kind].has(name));
  const names = new Set(asked.length === 0 ? usual : [...known, "hs_object_id", "createdate", modified]);
  const properties = Object.fromEntries(
    [...names].toSorted().map((name) => [name, derived(portal, record, name) ?? record.properties[name] ?? null]),
  );
  return {
    id: record.id,
    properties,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: record.archivedAt !== undefined,
    ...(record.archivedAt === undefined ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
    url: `https://app.hubspot.com/contacts/1/record/${KINDS[record.kind].typeId}/${record.id}`,
  };
}

/** After a write: what was written, besides the usual ones. */
export function shownAfter(portal: Portal, record: Stored, written: readonly string[]): Json {
  return shown(portal, record, [...new Set([...KINDS[record.kind].shown, ...written])]);
}

/** After an upsert, properties without a value are left out. */
export function shownUpserted(portal: Portal, record: Stored, written: readonly string[], isNew: boolean): Json {
  const after = shownAfter(portal, record, written);
  const values = Object.entries(after["properties"] as Json).filter(([, value]) => value !== null);
  return { ...after, properties: Object.fromEntries(values), new: isNew };
}

const PRIMARY: Readonly<Record<string, readonly [Kind, number]>> = {
  associatedcompanyid: ["companies", 1],
  hs_primary_associated_company: ["companies", 5],
};

/** What HubSpot reckons from elsewhere. */
function derived(portal: Portal, record: Stored, name: string): string | undefined {
  if (record.kind === "deals" && name === "hs_is_closed") {
    return String(record.properties["dealstage"]?.startsWith("closed") ?? false);
  }
  if (record.kind === "deals" && name === "hs_is_closed_won")
    return String(record.properties["dealstage"] === "closedwon");
  const [to, typeId] = PRIMARY[name] ?? [];
  if (to === undefined || typeId === undefined || record.archivedAt !== undefined) return undefined;
  return [...portal.associations(record.kind, record.id, to)].find(([, types]) => types.has(typeId))?.[0];
}

/** As listings tell associations: once for each type, by the type's name. */
export function shownAssociations(portal: Portal, record: Stored, names: readonly string[]): Json {
  if (names.length === 0 || record.archivedAt !== undefined) return {};
  const associations: Record<string, Json> = {};
  for (const name of names) {
    const to = kindOf(name);
    if (to === undefined) throw invalid(`${name} is no object type`);
    const results = [...portal.associations(record.kind, record.id, to)].flatMap(([id, types]) =>
      [...types].map((typeId) => ({ id, type: typeName(record.kind, to, typeId) })),
    );
    if (results.length > 0) associations[to] = { results };
  }
  return Object.keys(associations).length === 0 ? {} : { associations };
}

function typeName(from: Kind, to: Kind, typeId: number): string {
  const plain = `${KINDS[from].singular}_to_${KINDS[to].singular}`;
  const all = ASSOCIATION_TYPES.filter((type) => type.from === from && type.to === to);
  const isLabelled = all.find((type) => type.typeId === typeId)?.label !== null;
  return isLabelled || all.length === 1 ? plain : `${plain}_unlabeled`;
}
