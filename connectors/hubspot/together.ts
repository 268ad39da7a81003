// Many writes of one object in one call. Each is as safe there as by itself: it carries its own address or key.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type {
  RemoveOrder,
  UpdateOrder,
  WriteOrder,
  WriteTogether,
  Written,
  WrittenEach,
} from "../../src/define/resource.ts";
import { sendBatch, type BatchAnswer, type BatchItem } from "./batch.ts";
import { BATCH_MAX, objectPath, type CrmObject } from "./crm-object.ts";
import {
  associationsIn,
  keyProperty,
  madeBefore,
  propertiesIn,
  update,
  written,
  type CommonFields,
} from "./writing.ts";

/** How records are made: by what is unique in them, under a key of ours, or one at a time. */
export type Making = "plainly" | "by-key" | "alone";

export function togetherOf<Record, Fields extends CommonFields>(
  object: CrmObject,
  making: Making,
): WriteTogether<Record, Fields, "archive"> {
  return {
    most: BATCH_MAX,
    update: (api, orders) => updateEach(api, object, orders),
    removals: { archive: (api, orders) => archiveEach(api, object, orders) },
    ...(making === "plainly" ? { create: (api, orders) => createEach(api, object, orders) } : {}),
    ...(making === "by-key" ? { create: (api, orders) => createEachByKey(api, object, orders) } : {}),
  };
}

async function createEach(
  api: Api,
  object: CrmObject,
  orders: readonly WriteOrder<CommonFields>[],
): Promise<WrittenEach<Written<never>>> {
  const items = orders.map(({ fields }) => ({
    properties: propertiesIn(object, fields, Object.keys(fields)),
    associations: associationsIn(object, fields),
  }));
  return each(object, await sendBatch(api, object, "create", items));
}

/** An upsert takes no associations; where there are some, the unique key refuses a second try, and leads to the first. */
async function createEachByKey(
  api: Api,
  object: CrmObject,
  orders: readonly WriteOrder<CommonFields>[],
): Promise<WrittenEach<Written<never>>> {
  const idProperty = keyProperty(api);
  const items = orders.map(({ fields, idempotencyKey }) => ({
    id: idempotencyKey,
    idProperty,
    properties: { ...propertiesIn(object, fields, Object.keys(fields)), [idProperty]: idempotencyKey },
    associations: associationsIn(object, fields),
  }));
  if (items.every(({ associations }) => associations.length === 0)) {
    const upserts = items.map(({ associations: _none, ...item }): BatchItem => item);
    return each(object, await sendBatch(api, object, "upsert", upserts));
  }
  const creates = items.map(({ properties, associations }) => ({ properties, associations }));
  const made = each(object, await sendBatch(api, object, "create", creates));
  return Promise.all(
    made.map(async (result, index) => {
      const key = orders[index]?.idempotencyKey;
      if (!(result instanceof CallFailed) || result.outcome.kind !== "conflict" || key === undefined) return result;
      return (await madeBefore(api, object, key)) ?? result;
    }),
  );
}

/** Those that change associations go by themselves, after the others: what fails there fails alone. */
async function updateEach<Fields extends CommonFields, Record>(
  api: Api,
  object: CrmObject,
  orders: readonly UpdateOrder<Fields, Record>[],
): Promise<WrittenEach<Written<never>>> {
  const isPlain = ({ changed }: UpdateOrder<Fields, Record>): boolean =>
    !object.associated.some(({ to }) => (changed as readonly string[]).includes(to));
  const plain = orders.filter(isPlain);
  const items = plain.map(({ key, fields, changed }) => ({
    id: key,
    properties: propertiesIn(object, fields, changed),
  }));
  const answers = items.length === 0 ? [] : each(object, await sendBatch(api, object, "update", items));
  const results: (Written<never> | CallFailed)[] = [];
  for (const order of orders) {
    const answer = answers[plain.indexOf(order)];
    results.push(answer ?? (await update(api, object, order).catch(failure)));
  }
  return results;
}

function failure(error: unknown): CallFailed {
  if (error instanceof CallFailed) return error;
  throw error;
}

async function archiveEach(
  api: Api,
  object: CrmObject,
  orders: readonly RemoveOrder[],
): Promise<WrittenEach<undefined>> {
  const inputs = orders.map(({ key }) => ({ id: key }));
  await api.request({ method: "POST", path: objectPath(object, "/batch/archive"), body: { inputs }, safe: true });
  return orders.map(() => undefined);
}

function each(object: CrmObject, answers: readonly BatchAnswer[]): readonly (Written<never> | CallFailed)[] {
  return answers.map(({ outcome, record }) => {
    if (outcome.kind === "done") return written(record, object);
    return new CallFailed(outcome, `Could not write one of the ${object.name}: ${outcome.reason ?? outcome.kind}`);
  });
}
