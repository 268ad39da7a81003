// Batches of up to 100. What fails is told beside what succeeded (207), except that creates without trace ids go together
// or not at all.
import { NOTHING, partOf, partsOf, textOf, textsOf, type Reply } from "./call.ts";
import type { Kind } from "./kinds.ts";
import { associationsIn, type ObjectCounts } from "./objects.ts";
import type { Portal } from "./portal.ts";
import { idsNotFound, invalid, notFound, Refusal, type Json } from "./refusal.ts";
import { shown, shownAfter, shownUpserted } from "./show.ts";

const INPUTS_MAX = 100;

export interface BatchParts {
  readonly portal: Portal;
  readonly counts: ObjectCounts;
  readonly now: number;
}

type Do = (input: Json) => Json;

export function batch(parts: BatchParts, kind: Kind, operation: string, body: Json): Reply {
  const inputs = partsOf(body["inputs"]);
  if (inputs.length === 0 || inputs.length > INPUTS_MAX) {
    throw invalid(`A batch takes 1 to ${INPUTS_MAX} inputs, not ${inputs.length}`);
  }
  switch (operation) {
    case "read":
      return read(parts, kind, body, inputs);
    case "archive":
      for (const input of inputs) parts.portal.archive(kind, textOf(input["id"]));
      return NOTHING;
    case "create":
      return create(parts, kind, inputs);
    case "update":
      return each(parts, inputs, (input) => update(parts, kind, input));
    case "upsert":
      refuseTwice(inputs);
      return each(parts, inputs, (input) => upsert(parts, kind, input));
    default:
      throw notFound();
  }
}

function read({ portal, now }: BatchParts, kind: Kind, body: Json, inputs: readonly Json[]): Reply {
  const idProperty = textOf(body["idProperty"]) || undefined;
  const asked = textsOf(body["properties"]);
  const results: Json[] = [];
  const missing: string[] = [];
  for (const input of inputs) {
    const id = textOf(input["id"]);
    const record = portal.findBy(kind, idProperty, id);
    if (record === undefined) missing.push(id);
    else results.push(shown(portal, record, asked));
  }
  return answer(now, results, missing.length === 0 ? [] : [idsNotFound(missing)]);
}

/** Without trace ids the first error undoes everything, so it is looked for first. */
function create(parts: BatchParts, kind: Kind, inputs: readonly Json[]): Reply {
  const isTraced = inputs.every((input) => textOf(input["objectWriteTraceId"]) !== "");
  const make = (input: Json): Json => {
    const properties = partOf(input["properties"]);
    const associations = associationsIn(input, kind, parts.portal);
    const record = parts.portal.create(kind, properties);
    for (const { to, toId, typeIds } of associations) parts.portal.associate(kind, record.id, to, toId, typeIds);
    parts.counts.created[kind] += 1;
    return shownAfter(parts.portal, record, Object.keys(properties));
  };
  if (isTraced) return each(parts, inputs, make, 201);
  for (const input of inputs) parts.portal.check(kind, partOf(input["properties"]));
  return answer(parts.now, inputs.map(make), [], 201);
}

function update({ portal }: BatchParts, kind: Kind, input: Json): Json {
  const record = portal.findBy(kind, textOf(input["idProperty"]) || undefined, textOf(input["id"]));
  if (record === undefined) throw new Refusal(404, "OBJECT_NOT_FOUND", `Object ${textOf(input["id"])} does not exist`);
  const properties = partOf(input["properties"]);
  return shownAfter(portal, portal.update(kind, record.id, properties), Object.keys(properties));
}

function upsert({ portal, counts }: BatchParts, kind: Kind, input: Json): Json {
  const [idProperty, id] = [textOf(input["idProperty"]), textOf(input["id"])];
  const properties = partOf(input["properties"]);
  const before = portal.findBy(kind, idProperty || undefined, id);
  if (before !== undefined) {
    counts.upsertedAgain += 1;
    const after = portal.update(kind, before.id, properties);
    return shownUpserted(portal, after, Object.keys(properties), false);
  }
  if (idProperty === "" || idProperty === "hs_object_id") {
    throw new Refusal(404, "OBJECT_NOT_FOUND", `Object ${id} does not exist`);
  }
  const made = portal.create(kind, { ...properties, [idProperty]: id });
  counts.created[kind] += 1;
  return shownUpserted(portal, made, Object.keys(properties), true);
}

function refuseTwice(inputs: readonly Json[]): void {
  const ids = inputs.map((input) => `${textOf(input["idProperty"])}/${textOf(input["id"])}`);
  if (new Set(ids).size < ids.length) throw invalid("Duplicate IDs found in batch input");
}

function each({ now }: BatchParts, inputs: readonly Json[], act: Do, status = 200): Reply {
  const results: Json[] = [];
  const errors: Json[] = [];
  for (const input of inputs) {
    const trace = textOf(input["objectWriteTraceId"]);
    try {
      results.push({ ...act(input), ...(trace === "" ? {} : { objectWriteTraceId: trace }) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const context = { ...partOf(error.body["context"]), objectWriteTraceId: trace === "" ? [] : [trace] };
      errors.push({ ...error.body, context });
    }
  }
  return answer(now, results, errors, status);
}

function answer(now: number, results: readonly Json[], errors: readonly Json[], status = 200): Reply {
  const at = new Date(now).toISOString();
  const json = { status: "COMPLETE", results, startedAt: at, completedAt: at };
  if (errors.length === 0) return { status, json };
  return { status: 207, json: { ...json, numErrors: errors.length, errors } };
}
