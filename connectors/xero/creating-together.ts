// Creates many records in one call, since calls are dear: 60 a minute. Only those that Xero itself cannot take twice, by
// their name, number or code: the call's key covers it as a whole, and each record is repeated alone.
import { createHash } from "node:crypto";
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { WriteOrder, WriteTogether, Written } from "../../src/define/resource.ts";
import { BATCH_ITEMS_MAX, sendBatch, type Batch } from "./batch.ts";
import type { Entity, EntityRecord } from "./entity.ts";
import { written } from "./writing.ts";

export interface Creating<Record, Fields> {
  readonly entity: Entity;
  readonly resource: Batch["resource"];
  /** Does Xero refuse a second record with these fields? */
  isUnique(fields: Fields): boolean;
  alone(api: Api, order: WriteOrder<Fields>): Promise<Written<Record>>;
}

export function creatingTogether<Record extends EntityRecord, Fields extends object, Removal extends string>(
  creating: Creating<Record, Fields>,
): WriteTogether<Record, Fields, Removal> {
  return {
    most: BATCH_ITEMS_MAX,
    create: async (api, orders) => {
      const unique = orders.filter(({ fields }) => creating.isUnique(fields));
      const together = unique.length > 1 ? unique : [];
      const ended = new Map<WriteOrder<Fields>, Written<Record> | CallFailed>();
      if (together.length > 0) {
        const answers = await createdTogether(api, creating, together);
        together.forEach((order, index) => ended.set(order, answers[index]!));
      }
      for (const order of orders) if (!ended.has(order)) ended.set(order, await createdAlone(api, creating, order));
      return orders.map((order) => ended.get(order)!);
    },
  };
}

async function createdTogether<Record extends EntityRecord, Fields extends object>(
  api: Api,
  { entity, resource }: Creating<Record, Fields>,
  orders: readonly WriteOrder<Fields>[],
): Promise<readonly (Written<Record> | CallFailed)[]> {
  const keys = orders.map((order) => order.idempotencyKey).join("\n");
  const idempotencyKey = `together-${createHash("sha256").update(keys).digest("hex").slice(0, 32)}`;
  const records = orders.map(({ fields }) => fields);
  const answers = await sendBatch(api, { resource, operation: "create", records, idempotencyKey });
  return answers.map(({ outcome, record }) =>
    outcome.kind === "done"
      ? written(entity, record as unknown as Record)
      : new CallFailed(outcome, `A record of ${resource} among others ended ${outcome.kind}: ${outcome.reason ?? ""}`),
  );
}

/** Fails alone, too. */
async function createdAlone<Record, Fields>(
  api: Api,
  { alone }: Creating<Record, Fields>,
  order: WriteOrder<Fields>,
): Promise<Written<Record> | CallFailed> {
  try {
    return await alone(api, order);
  } catch (error) {
    if (error instanceof CallFailed) return error;
    throw error;
  }
}
