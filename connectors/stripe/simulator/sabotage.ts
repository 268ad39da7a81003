// What can go wrong between a client and Stripe although both are well.
import type { SpoiledCalls } from "../../../src/rehearse/sabotages.ts";

export interface Sabotage extends SpoiledCalls {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `error-before`, `error-after`: 500 before or after it was done; it is kept under the idempotency key, and comes again.
   * - `gateway-after`: it was done and its answer kept, and a page for people comes with 502 instead.
   * - `unavailable`: 503, and nothing was done or kept.
   * - `locked`: 429 with `lock_timeout`, as when somebody else holds the object.
   * - `conflict`: 409, as when another request holds it.
   * - `limited`: 429 with `rate_limit`.
   * - `truncated`: it was done, and only half of the answer comes.
   * - `late`: it was done, and the answer comes `lateMs` later.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "error-before"
    | "error-after"
    | "gateway-after"
    | "unavailable"
    | "locked"
    | "conflict"
    | "limited"
    | "truncated"
    | "late";
  /** Only calls to paths that end so: "/v1/customers", "/finalize". Default: any. */
  readonly path?: string;
  /** For `late`, in milliseconds. Default 90,000. */
  readonly lateMs?: number;
}
