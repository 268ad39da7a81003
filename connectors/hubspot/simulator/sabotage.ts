// What can go wrong between a client and HubSpot although both are well.
import type { SpoiledCalls } from "../../../src/rehearse/sabotages.ts";

export interface Sabotage extends SpoiledCalls {
  /**
   * - `cut-before`: the connection ends before anything was done.
   * - `cut-after`: it was done, and the connection ends without an answer.
   * - `error-before`, `error-after`: 500 with an error of HubSpot's own, before or after it was done.
   * - `gateway-before`, `gateway-after`: a page of the edge with 502, before or after.
   * - `unreached`: the edge could not reach HubSpot at all (521), and nothing was done.
   * - `locked`: the record is locked for a moment (423), and nothing was done.
   * - `migrating`: the account is being moved (477), and nothing was done.
   * - `late`: it is done, and the answer takes ten minutes.
   * - `truncated`: it was done, and only half of the answer comes.
   */
  readonly how:
    | "cut-before"
    | "cut-after"
    | "error-before"
    | "error-after"
    | "gateway-before"
    | "gateway-after"
    | "unreached"
    | "locked"
    | "migrating"
    | "late"
    | "truncated";
  /** Only calls whose path ends so, such as "contacts" or "batch/upsert". Default: any. */
  readonly path?: string;
}

export const LATE_MS = 10 * 60_000;

/** The answer instead of the service's, before or after it did its work. */
export function spoiled(how: Sabotage["how"], when: "before" | "after"): Response | undefined {
  const isBefore = when === "before";
  if (how === `gateway-${when}`) return page(502, "Bad gateway");
  if (how === `error-${when}`) {
    return Response.json({ status: "error", message: "internal error", category: "INTERNAL_ERROR" }, { status: 500 });
  }
  if (isBefore && how === "unreached") return page(521, "Web server is down");
  if (isBefore && how === "locked") {
    return Response.json({ status: "error", message: "The resource is locked, please try again" }, { status: 423 });
  }
  if (isBefore && how === "migrating") {
    const body = { status: "error", message: "A migration between data hosting locations is in progress" };
    return Response.json(body, { status: 477, headers: { "retry-after": "3600" } });
  }
  return undefined;
}

function page(status: number, words: string): Response {
  const body = `<!DOCTYPE html><html><head><title>api.hubapi.com | ${status}: ${words}</title></head></html>`;
  return new Response(body, { status, headers: { "content-type": "text/html; charset=UTF-8" } });
}
