// The associations' endpoints, of version 4 and of the dated versions alike.
import { NOTHING, ok, partOf, partsOf, textOf, bodyOf, type Call, type Reply } from "./call.ts";
import { ASSOCIATION_TYPES, KINDS, kindOf, plainType, type Kind } from "./kinds.ts";
import type { Portal } from "./portal.ts";
import { invalid, notFound, Refusal, type Json } from "./refusal.ts";

const PAGE_MAX = 500;
const INPUTS_MAX = 1_000;

/** `/associations/{from}/{to}/batch/{what}` */
export function associationBatch(portal: Portal, path: readonly string[], call: Call, now: number): Reply {
  const [from, to] = [kindOf(path[0] ?? ""), kindOf(path[1] ?? "")];
  const what = path.slice(3).join("/");
  if (from === undefined || to === undefined || path[2] !== "batch" || call.method !== "POST") throw notFound();
  const inputs = partsOf(bodyOf(call)["inputs"]);
  if (inputs.length > INPUTS_MAX) throw invalid(`A batch takes ${INPUTS_MAX} inputs, not ${inputs.length}`);
  switch (what) {
    case "read":
      return each(inputs, now, (input) => readOne(portal, from, to, input));
    case "create":
      return each(inputs, now, (input) => make(portal, from, to, input, typesIn(input["types"])));
    case "associate/default":
      return each(inputs, now, (input) => makeDefault(portal, from, to, input));
    case "archive":
      for (const input of inputs) {
        const id = textOf(partOf(input["from"])["id"]);
        for (const target of partsOf(input["to"])) portal.dissociate(from, id, to, textOf(target["id"]));
      }
      return NOTHING;
    default:
      throw notFound();
  }
}

/** Below one record: `associations/{to}[/{toId}]` and `associations/default/{to}/{toId}`. */
export function associationsOfOne(
  portal: Portal,
  kind: Kind,
  id: string,
  path: readonly string[],
  call: Call,
  now: number,
): Reply {
  const isDefault = path[0] === "default";
  const [name = "", toId] = isDefault ? path.slice(1) : path;
  const to = kindOf(name);
  if (to === undefined) throw notFound();
  if (toId === undefined) return list(portal, kind, id, to, call.query);
  if (call.method === "DELETE") {
    portal.dissociate(kind, id, to, toId);
    return NOTHING;
  }
  if (call.method !== "PUT") throw new Refusal(405, "", "Method not allowed");
  if (isDefault) {
    return each([{ from: { id }, to: { id: toId } }], now, (input) => makeDefault(portal, kind, to, input));
  }
  const types = typesIn(JSON.parse(call.body === "" ? "[]" : call.body));
  portal.associate(kind, id, to, toId, types);
  const fromObjectTypeId = KINDS[kind].typeId;
  return {
    status: 201,
    json: { fromObjectTypeId, fromObjectId: id, toObjectTypeId: KINDS[to].typeId, toObjectId: toId, labels: [] },
  };
}

function list(portal: Portal, kind: Kind, id: string, to: Kind, query: URLSearchParams): Reply {
  const limit = Math.min(Number(query.get("limit") ?? PAGE_MAX), PAGE_MAX);
  return ok(page(portal, kind, id, to, query.get("after") ?? "", limit));
}

function page(portal: Portal, kind: Kind, id: string, to: Kind, after: string, limit: number): Json {
  const all = [...portal.associations(kind, id, to)].filter(([one]) => after === "" || Number(one) > Number(after));
  const some = all.slice(0, limit);
  const results = some.map(([one, types]) => ({
    toObjectId: one,
    associationTypes: [...types].map((typeId) => ({ category: "HUBSPOT_DEFINED", typeId, label: labelOf(typeId) })),
  }));
  const last = some.at(-1)?.[0];
  return {
    results,
    ...(all.length > limit && last !== undefined ? { paging: { next: { after: last, link: "" } } } : {}),
  };
}

function readOne(portal: Portal, from: Kind, to: Kind, input: Json): Json {
  const id = textOf(input["id"]);
  const record = portal.find(from, id);
  const told = record === undefined ? { results: [] } : page(portal, from, id, to, textOf(input["after"]), PAGE_MAX);
  const { results = [], paging } = told as { readonly results?: readonly Json[]; readonly paging?: Json };
  if (results.length > 0) return { from: { id }, to: results, ...(paging === undefined ? {} : { paging }) };
  const context = { fromObjectId: [id], fromObjectType: [KINDS[from].singular], toObjectType: [KINDS[to].singular] };
  const message = `No ${KINDS[to].singular} is associated with ${KINDS[from].singular} ${id}.`;
  throw new Refusal(404, "OBJECT_NOT_FOUND", message, {
    subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
    context,
  });
}

function make(portal: Portal, from: Kind, to: Kind, input: Json, typeIds: readonly number[]): Json {
  const [id, toId] = [textOf(partOf(input["from"])["id"]), textOf(partOf(input["to"])["id"])];
  portal.associate(from, id, to, toId, typeIds);
  return {
    fromObjectTypeId: KINDS[from].typeId,
    fromObjectId: id,
    toObjectTypeId: KINDS[to].typeId,
    toObjectId: toId,
    labels: [],
  };
}

function makeDefault(portal: Portal, from: Kind, to: Kind, input: Json): Json {
  const associationTypeId = defaultType(from, to);
  make(portal, from, to, input, [associationTypeId]);
  return {
    from: input["from"],
    to: input["to"],
    associationSpec: { associationCategory: "HUBSPOT_DEFINED", associationTypeId },
  };
}

function each(inputs: readonly Json[], now: number, act: (input: Json) => Json): Reply {
  const results: Json[] = [];
  const errors: Json[] = [];
  for (const input of inputs) {
    try {
      results.push(act(input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(error.body);
    }
  }
  const at = new Date(now).toISOString();
  const json = { status: "COMPLETE", results, startedAt: at, completedAt: at };
  return errors.length === 0 ? ok(json) : { status: 207, json: { ...json, numErrors: errors.length, errors } };
}

function typesIn(value: unknown): readonly number[] {
  const ids = partsOf(value).map((type) => Number(type["associationTypeId"]));
  if (ids.length === 0) throw invalid("At least one association type is needed");
  return ids;
}

function defaultType(from: Kind, to: Kind): number {
  const type = plainType(from, to);
  if (type === undefined) throw invalid(`${from} and ${to} cannot be associated`);
  return type.typeId;
}

function labelOf(typeId: number): string | null {
  return ASSOCIATION_TYPES.find((type) => type.typeId === typeId)?.label ?? null;
}
