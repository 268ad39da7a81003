// What can go wrong between a client and QuickBooks although both are well.
import type { SpoiledCalls } from "../../../src/rehearse/sabotages.ts";

export interface Sabotage extends SpoiledCalls {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `fault-before`, `fault-after`: a system fault with 500, before or after it was done.
   * - `html-before`, `html-after`: a page for people with status 200 instead of the answer.
   * - `truncated`: it was done, and only half of the answer comes.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "fault-before"
    | "fault-after"
    | "html-before"
    | "html-after"
    | "truncated";
  /** Only calls to this path below the company, such as "invoice" or "query". Default: any. */
  readonly path?: string;
}

export const MAINTENANCE_PAGE = "<html><head><title>QuickBooks</title></head><body>We'll be right back.</body></html>";
