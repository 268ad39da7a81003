// Up to 100 records in one call. Each succeeds or fails by itself, told apart by the trace id that it was sent with.
import type { Api, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome } from "../../src/define/outcome.ts";
import { BATCH_MAX, objectPath, type CrmObject, type CrmRecord } from "./crm-object.ts";
import { errorOf, outcomeOfError } from "./errors.ts";

export type BatchOperation = "create" | "update" | "upsert";

export interface BatchItem {
  /** Update: the record's id. Upsert: the value of `idProperty`. */
  readonly id?: string;
  /** A property with unique values. */
  readonly idProperty?: string;
  readonly properties: { readonly [name: string]: string };
  /** Create only. */
  readonly associations?: readonly object[];
}

export interface BatchAnswer {
  readonly outcome: Outcome;
  /** The record as HubSpot returned it, with some of its properties, when it is done. */
  readonly record?: CrmRecord & { readonly new?: boolean };
}

interface WireAnswer {
  readonly results?: readonly (CrmRecord & { readonly objectWriteTraceId?: string; readonly new?: boolean })[];
  readonly errors?: readonly WireError[];
}

interface WireError {
  readonly message?: string;
  readonly context?: { readonly objectWriteTraceId?: readonly string[] };
}

/** Answers stand in the order of the items. */
export async function sendBatch(
  api: Api,
  object: CrmObject,
  operation: BatchOperation,
  items: readonly BatchItem[],
): Promise<readonly BatchAnswer[]> {
  if (items.length === 0 || items.length > BATCH_MAX) {
    throw new RangeError(`Could not send a batch: expected 1 to ${BATCH_MAX} items and got ${items.length}`);
  }
  const request: ApiRequest = {
    method: "POST",
    path: objectPath(object, `/batch/${operation}`),
    body: {
      inputs: items.map((item, index) => ({
        ...item,
        objectWriteTraceId: String(index),
        ...(operation === "create" ? { associations: item.associations ?? [] } : {}),
      })),
    },
    // An upsert and an update name all that they set.
    ...(operation === "create" ? {} : { safe: true as const }),
  };
  const { results = [], errors = [] } = ((await api.request(request)).json ?? {}) as WireAnswer;
  const only = items.length === 1 ? results[0] : undefined;
  return items.map(({ id = "" }, index) => {
    const trace = String(index);
    const record = only ?? results.find(({ objectWriteTraceId }) => objectWriteTraceId === trace);
    if (record !== undefined) return { outcome: { kind: "done" }, record };
    const wire = errors.find(({ context }) => context?.objectWriteTraceId?.includes(trace));
    const error = errorOf(wire);
    const alone = operation === "update" ? { ...request, path: objectPath(object, `/${id}`) } : request;
    const outcome = error === undefined ? undefined : outcomeOfError(error, { status: 400, request: alone });
    return { outcome: outcome ?? { kind: "unknown", reason: "the batch's answer does not speak of this item" } };
  });
}
