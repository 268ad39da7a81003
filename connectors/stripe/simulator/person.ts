// Somebody at work in Stripe's dashboard: what they do goes by the same rules, but needs no key and meets no limit.
import type { Body } from "./body.ts";
import { noRoute } from "./errors.ts";
import type { Ledger } from "./ledger.ts";
import { Params, treeOfValues } from "./params.ts";
import type { Route } from "./routes.ts";

export interface Person {
  /** Makes, changes or acts: `post("/v1/customers", { name: "Amy" })`, `post("/v1/invoices/in_1/void")`. */
  post(path: string, values?: Body): Body;
  delete(path: string): Body;
}

export function person(ledger: Ledger, route: Route): Person {
  const act = (method: "POST" | "DELETE", path: string, values: Body): Body => {
    const found = route(method, path);
    if (found === undefined) throw noRoute(method, path);
    return found.endpoint.run({ ledger, ids: found.ids, params: new Params(treeOfValues(values)) });
  };
  return {
    post: (path, values = {}) => act("POST", path, values),
    delete: (path) => act("DELETE", path, {}),
  };
}
