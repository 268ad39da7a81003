// A resource of one connection: what a sync reads from or writes to.
import type { Resource } from "./resource.ts";

export interface ConnectedResource<R extends Resource<any, any, any> = Resource<any, any, any>> {
  readonly kind: "connected-resource";
  /** "shop/orders": unique in the project; the name in SQL, logs and on the web page. */
  readonly id: string;
  readonly connectionName: string;
  readonly resource: R;
}
