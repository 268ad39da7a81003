// Up to 30 operations in one call. Each succeeds or fails by itself; the call as a whole says nothing about them.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed, type Outcome } from "../../src/define/outcome.ts";
import { readDecimalJson, writeDecimalJson } from "./decimal-json.ts";
import { MINOR_VERSION } from "./entity.ts";
import { faultOf, outcomeOfFault } from "./faults.ts";

export const BATCH_ITEMS_MAX = 30;
/** The limit that batch calls take from besides those for every call. */
export const BATCH_LIMIT = "batch";

export interface BatchItem {
  readonly operation: "create" | "update" | "delete" | "void";
  /** As QuickBooks writes it, such as "Invoice". */
  readonly entity: string;
  readonly body: { readonly [field: string]: unknown };
}

export interface BatchAnswer {
  readonly outcome: Outcome;
  /** The record as QuickBooks returned it, when it is done. */
  readonly record?: { readonly [field: string]: unknown };
}

/** Answers stand in the order of the items. `idempotencyKey` covers the batch as a whole: at most 36 characters. */
export async function sendBatch(
  api: Api,
  items: readonly BatchItem[],
  idempotencyKey: string,
): Promise<readonly BatchAnswer[]> {
  if (items.length > BATCH_ITEMS_MAX) {
    throw new RangeError(`Could not send a batch: expected at most ${BATCH_ITEMS_MAX} items and got ${items.length}`);
  }
  const answer = await api.request({
    method: "POST",
    path: "/batch",
    query: { requestid: idempotencyKey, minorversion: MINOR_VERSION },
    headers: { "content-type": "application/json" },
    limits: [BATCH_LIMIT],
    safe: "by-key",
    body: writeDecimalJson({ BatchItemRequest: items.map(wireItem) }),
  });
  const { BatchItemResponse } = readDecimalJson(answer.text) as { readonly BatchItemResponse?: readonly WireAnswer[] };
  if (BatchItemResponse === undefined) {
    const reason = "Could not read the answer to a batch: expected a BatchItemResponse and got none";
    throw new CallFailed({ kind: "unknown", reason }, reason);
  }
  const answers = new Map(BatchItemResponse.map((one) => [one.bId, one]));
  return items.map(({ entity }, index) => itemAnswer(answers.get(String(index)), entity));
}

interface WireAnswer {
  readonly bId?: string;
  readonly [field: string]: unknown;
}

function wireItem({ operation, entity, body }: BatchItem, index: number): object {
  const how = operation === "void" ? { operation: "update", optionsData: "void" } : { operation };
  return { bId: String(index), ...how, [entity]: operation === "void" ? { ...body, sparse: true } : body };
}

function itemAnswer(answer: WireAnswer | undefined, entity: string): BatchAnswer {
  if (answer === undefined)
    return { outcome: { kind: "unknown", reason: "the batch's answer does not speak of this item" } };
  const fault = faultOf(answer);
  if (fault !== undefined) return { outcome: outcomeOfFault(fault, { status: 200, writes: true }) };
  const record = answer[entity];
  if (typeof record !== "object" || record === null)
    return { outcome: { kind: "unknown", reason: "no record came back" } };
  return { outcome: { kind: "done" }, record: record as { readonly [field: string]: unknown } };
}
