// Which records a record is associated with: read for many records at once, and brought to what a mapping wants.
import type { Answer, Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import {
  API_VERSION,
  BATCH_MAX,
  type Associated,
  type AssociationKind,
  type CrmObject,
  type CrmRecord,
} from "./crm-object.ts";

/** The most calls for one page of records: one record may have thousands of associations, told in pages. */
const CALLS_MAX = 20;

interface Told {
  readonly from?: { readonly id?: string };
  readonly to?: readonly ToldTarget[];
  readonly paging?: { readonly next?: { readonly after?: string } };
}

interface ToldTarget {
  readonly toObjectId?: string | number;
  readonly associationTypes?: readonly { readonly typeId?: number }[];
}

/** The records with their associations, unless the connection does without them. */
export async function withAssociations<Record extends CrmRecord>(
  api: Api,
  object: CrmObject,
  records: readonly Record[],
): Promise<readonly Record[]> {
  if (records.length === 0 || api.settings["associations"] === false || object.associated.length === 0) return records;
  const keys = records.map(({ id }) => id);
  const all = await Promise.all(object.associated.map((kind) => associatedOf(api, object, kind, keys)));
  return records.map((record) => {
    const associations: { [to: string]: Associated } = {};
    object.associated.forEach((kind, index) => {
      associations[kind.to] = { results: results(kind, all[index]?.get(record.id)) };
    });
    return { ...record, associations };
  });
}

function results(kind: AssociationKind, targets: ReadonlyMap<string, boolean> | undefined): Associated["results"] {
  const isPlain = kind.primaryTypeId === undefined;
  return [...(targets ?? [])]
    .map(([id, isPrimary]) => ({ id, type: isPrimary || isPlain ? kind.name : `${kind.name}_unlabeled` }))
    .toSorted((one, other) => one.id.length - other.id.length || (one.id < other.id ? -1 : 1));
}

/** By the record's id: the ids it is associated with, and whether as the primary one. */
async function associatedOf(
  api: Api,
  object: CrmObject,
  kind: AssociationKind,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, boolean>>> {
  const found = new Map<string, Map<string, boolean>>();
  let inputs: readonly { readonly id: string; readonly after?: string }[] = keys.map((id) => ({ id }));
  for (let calls = 0; inputs.length > 0; calls += 1) {
    if (calls >= CALLS_MAX) throw tooMany(object, kind);
    const answer = await api.request({
      method: "POST",
      path: associationPath(object, kind, "read"),
      body: { inputs },
      writes: false,
    });
    const told = toldIn(answer);
    for (const one of told) addTargets(found, kind, one);
    inputs = told.flatMap(({ from, paging }) =>
      from?.id === undefined || paging?.next?.after === undefined ? [] : [{ id: from.id, after: paging.next.after }],
    );
  }
  return found;
}

function addTargets(found: Map<string, Map<string, boolean>>, kind: AssociationKind, { from, to = [] }: Told): void {
  if (from?.id === undefined) return;
  const targets = found.get(from.id) ?? new Map<string, boolean>();
  found.set(from.id, targets);
  for (const { toObjectId, associationTypes = [] } of to) {
    if (toObjectId === undefined) continue;
    const id = String(toObjectId);
    const isPrimary = associationTypes.some(({ typeId }) => typeId === kind.primaryTypeId);
    targets.set(id, isPrimary || targets.get(id) === true);
  }
}

/** A record without any comes as an error inside the answer, which is none. */
function toldIn({ json }: Answer): readonly Told[] {
  const told = (json as { readonly results?: readonly Told[] } | undefined)?.results;
  if (told !== undefined) return told;
  const reason = "Could not read associations: expected results in the answer and got none";
  throw new CallFailed({ kind: "unavailable", reason }, reason);
}

function tooMany(object: CrmObject, kind: AssociationKind): CallFailed {
  const reason = `Could not read which ${kind.to} belong to some ${object.name}: expected at most ${CALLS_MAX} calls to do`;
  return new CallFailed({ kind: "invalid", reason }, reason);
}

/** What is to be done so that a record has just the wanted associations of one kind. */
export interface AssociationPlan {
  readonly kind: AssociationKind;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
}

/** Reads only. Fails when a wanted record is not there: then nothing should be written at all. */
export async function planAssociations(
  api: Api,
  object: CrmObject,
  kind: AssociationKind,
  key: string,
  wanted: readonly string[],
): Promise<AssociationPlan> {
  const present = (await associatedOf(api, object, kind, [key])).get(key) ?? new Map<string, boolean>();
  const unseen = wanted.filter((id) => !present.has(id));
  const current = await currentIds(api, kind, unseen);
  const ids = wanted.map((id) => current.get(id) ?? id);
  return {
    kind,
    missing: ids.filter((id) => !present.has(id)),
    extra: [...present.keys()].filter((id) => !ids.includes(id)),
  };
}

/** Records by the ids they have now: those of merged ones lead to what they became. */
async function currentIds(
  api: Api,
  kind: AssociationKind,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const current = new Map<string, string>();
  for (let first = 0; first < ids.length; first += BATCH_MAX) {
    const answer = await api.request({
      method: "POST",
      path: `/crm/objects/${API_VERSION}/${kind.to}/batch/read`,
      body: {
        inputs: ids.slice(first, first + BATCH_MAX).map((id) => ({ id })),
        properties: ["hs_merged_object_ids"],
        propertiesWithHistory: [],
      },
      writes: false,
    });
    const { results = [] } = (answer.json ?? {}) as { readonly results?: readonly CrmRecord[] };
    for (const { id, properties } of results) {
      for (const old of [id, ...(properties["hs_merged_object_ids"]?.split(";") ?? [])]) current.set(old, id);
    }
  }
  const gone = ids.filter((id) => !current.has(id));
  if (gone.length === 0) return current;
  const reason = `Could not associate with ${kind.to}: expected them to be there, and these are not: ${gone.join(", ")}`;
  throw new CallFailed({ kind: "invalid", code: "OBJECT_NOT_FOUND", reason }, reason);
}

/** Doing it twice changes nothing. */
export async function carryOut(
  api: Api,
  object: CrmObject,
  key: string,
  { kind, missing, extra }: AssociationPlan,
): Promise<void> {
  if (missing.length > 0) {
    const inputs = missing.map((id) => ({ from: { id: key }, to: { id } }));
    const answer = await post(api, associationPath(object, kind, "associate/default"), { inputs });
    refuseErrors(answer, object, kind);
  }
  if (extra.length > 0) {
    const inputs = [{ from: { id: key }, to: extra.map((id) => ({ id })) }];
    await post(api, associationPath(object, kind, "archive"), { inputs });
  }
}

function post(api: Api, path: string, body: object): Promise<Answer> {
  return api.request({ method: "POST", path, body, safe: true });
}

/** Of several associations some may have been refused: a record that is not there, or a limit of theirs. */
function refuseErrors({ json }: Answer, object: CrmObject, kind: AssociationKind): void {
  const errors = (json as { readonly errors?: readonly { readonly message?: string }[] } | undefined)?.errors ?? [];
  if (errors.length === 0) return;
  const reason = `Could not associate ${object.name} with ${kind.to}: ${errors.map(({ message = "" }) => message).join("; ")}`;
  throw new CallFailed({ kind: "invalid", reason }, reason);
}

function associationPath(object: CrmObject, kind: AssociationKind, what: string): string {
  return `/crm/associations/${API_VERSION}/${object.name}/${kind.to}/batch/${what}`;
}

/** What a create carries so that the new record is associated at once. */
export function inlineAssociations(kind: AssociationKind, ids: readonly string[]): readonly object[] {
  const types = [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: kind.typeId }];
  return ids.map((id) => ({ to: { id }, types }));
}
