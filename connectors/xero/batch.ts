// Many records in one call. Each is taken or refused by itself; the call as a whole says nothing about them.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed, type Outcome } from "../../src/define/outcome.ts";
import { ask } from "./ask.ts";
import { elementOutcome } from "./outcome.ts";
import { readXeroJson, writeXeroJson } from "./wire-json.ts";

/** Xero takes more, and advises this many. */
export const BATCH_ITEMS_MAX = 50;

export interface Batch {
  readonly resource: "Contacts" | "Invoices" | "Payments" | "Items";
  /** `create` never changes what is there already; `save` changes what its id or number names, and makes the rest. */
  readonly operation: "create" | "save";
  readonly records: readonly object[];
  /** Covers the batch as a whole. */
  readonly idempotencyKey: string;
}

export interface BatchAnswer {
  readonly outcome: Outcome;
  /** The record as Xero returned it, when it is done. */
  readonly record?: Readonly<Record<string, unknown>>;
}

/** Answers stand in the order of the records. */
export async function sendBatch(api: Api, batch: Batch): Promise<readonly BatchAnswer[]> {
  const { resource, operation, records, idempotencyKey } = batch;
  if (records.length > BATCH_ITEMS_MAX) {
    throw new RangeError(
      `Could not send a batch: expected at most ${BATCH_ITEMS_MAX} records and got ${records.length}`,
    );
  }
  const answer = await ask(api, {
    method: operation === "create" ? "PUT" : "POST",
    path: `/${resource}`,
    query: { summarizeErrors: false, ...(resource === "Invoices" || resource === "Items" ? { unitdp: 4 } : {}) },
    headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
    body: writeXeroJson({ [resource]: records }),
  });
  const answered = (readXeroJson(answer.text) as Readonly<Record<string, unknown>>)[resource];
  if (!Array.isArray(answered) || answered.length !== records.length) {
    const reason = `Could not read the answer to a batch: expected ${records.length} of ${resource}`;
    throw new CallFailed({ kind: "unknown", reason }, reason);
  }
  return answered.map((record: unknown): BatchAnswer => {
    const refused = elementOutcome(record);
    if (refused !== undefined) return { outcome: refused };
    return { outcome: { kind: "done" }, record: record as Readonly<Record<string, unknown>> };
  });
}
