// Every call of the accounting API names the organisation it is for, and answers with a list, also for one record.
import type { Answer, Api, ApiRequest } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Entity } from "./entity.ts";
import { readXeroJson } from "./wire-json.ts";

const ACCOUNTING = "/api.xro/2.0";

/** `path` is below the accounting API, such as "/Invoices". */
export function ask(api: Api, request: ApiRequest): Promise<Answer> {
  const tenantId = api.settings["tenantId"];
  if (typeof tenantId !== "string") {
    const reason = "no organisation is chosen: set `tenantId` to one of those that `bowline connections` shows";
    return Promise.reject(new CallFailed({ kind: "denied", reason }, `Could not ask Xero: ${reason}`));
  }
  const headers = { ...request.headers, "xero-tenant-id": tenantId };
  return api.request({ ...request, path: `${ACCOUNTING}${request.path}`, headers });
}

export interface Listed<Record> {
  readonly records: readonly Record[];
  /** Are there pages behind this one? Absent: the answer does not count pages. */
  readonly hasMore?: boolean;
}

export interface ListQuery {
  readonly query: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function list<Record>(api: Api, entity: Entity, { query, headers }: ListQuery): Promise<Listed<Record>> {
  const answer = await ask(api, {
    method: "GET",
    path: `/${entity.name}`,
    query: { ...entity.query, ...query },
    ...(headers === undefined ? {} : { headers }),
  });
  const json = readXeroJson(answer.text) as Envelope;
  const records = json[entity.name];
  if (!Array.isArray(records)) {
    const reason = `Could not read a listing of ${entity.name}: expected a list under that name and got none`;
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  const { page, pageCount } = json.pagination ?? {};
  const counted = typeof page === "number" && typeof pageCount === "number";
  return { records: records as readonly Record[], ...(counted ? { hasMore: page < pageCount } : {}) };
}

interface Envelope {
  readonly pagination?: { readonly page?: unknown; readonly pageCount?: unknown };
  readonly [name: string]: unknown;
}
