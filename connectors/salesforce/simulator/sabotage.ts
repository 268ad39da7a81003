// What can go wrong between a client and Salesforce although both are well.
import type { SpoiledCalls } from "../../../src/rehearse/sabotages.ts";

export interface Sabotage extends SpoiledCalls {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `fault-before`, `fault-after`: UNKNOWN_EXCEPTION with 500, before or after it was done.
   * - `html-before`, `html-after`: a page for people with status 200 instead of the answer.
   * - `maintenance`: a page for people with 503; nothing is done.
   * - `locked`: UNABLE_TO_LOCK_ROW; nothing is done.
   * - `truncated`: it was done, and only half of the answer comes.
   * - `late`: it is done, and answered `lateMs` later.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "fault-before"
    | "fault-after"
    | "html-before"
    | "html-after"
    | "maintenance"
    | "locked"
    | "truncated"
    | "late";
  /** Only calls whose path below the version begins so, such as "/composite" or "/query". Default: any. */
  readonly path?: string;
  /** Of `late`, in milliseconds of the injected clock. Default 30,000. */
  readonly lateMs?: number;
}

export const MAINTENANCE_PAGE =
  "<html><head><title>Salesforce</title></head><body>We are down for maintenance.</body></html>";
