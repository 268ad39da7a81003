// What can go wrong between a client and Xero although both are well.
import type { SpoiledCalls } from "../../../src/rehearse/sabotages.ts";

export interface Sabotage extends SpoiledCalls {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `error-before`, `error-after`: status 500, before or after it was done; remembered for its idempotency key.
   * - `page-before`, `page-after`: a page for people with status 200 instead of the answer.
   * - `truncated`: it was done, and only half of the answer comes.
   * - `offline`: status 503, nothing was done.
   * - `late`: it is done `lateMs` after it came, and answered then.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "error-before"
    | "error-after"
    | "page-before"
    | "page-after"
    | "truncated"
    | "offline"
    | "late";
  /** Of the injected clock. Default 60,000. */
  readonly lateMs?: number;
  /** Only calls to this path below the API, such as "Invoices". Default: any. */
  readonly path?: string;
}

export const MAINTENANCE_PAGE =
  "<html><head><title>Xero</title></head><body>We are doing some maintenance.</body></html>";
export const ERROR_BODY = JSON.stringify({
  ErrorNumber: 500,
  Type: "InternalServerException",
  Message: "An error occurred in Xero.",
});
