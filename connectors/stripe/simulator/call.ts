// One call as an endpoint sees it, and how endpoints are named.
import type { Body } from "./body.ts";
import type { Ledger } from "./ledger.ts";
import type { Params } from "./params.ts";

export interface Call {
  readonly ledger: Ledger;
  readonly params: Params;
  /** What stands for `{…}` in the endpoint's path, in order. */
  readonly ids: readonly string[];
}

export interface Endpoint {
  readonly method: "GET" | "POST" | "DELETE";
  /** Such as "/v1/customers/{id}". */
  readonly path: string;
  /** What a restricted key must be allowed, such as "customer_read". */
  readonly permission: string;
  /** `expand` is taken care of before and after. */
  run(call: Call): Body;
}

export function idOf({ ids }: Call): string {
  return ids[0] ?? "";
}
