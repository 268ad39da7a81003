// Salesforce's lists of what was updated and deleted between two times, made for keeping copies. They count in minutes, and
// a window with too many ids is made smaller until it is answered.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { longId } from "./record-id.ts";

export const MINUTE_MS = 60_000;
/** A window has to be longer than a minute. */
const WINDOW_MIN_MS = 2 * MINUTE_MS;

/** In milliseconds since 1970. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

export interface Updated {
  readonly ids: readonly string[];
  readonly latestDateCovered: number;
  /** What was really asked for: it may end earlier. */
  readonly window: Window;
}

export type Deleted =
  | (Updated & { readonly kind: "told"; readonly earliestDateAvailable: number })
  /** The log no longer reaches back as far. */
  | { readonly kind: "purged" }
  | { readonly kind: "not-replicated" };

/** Whole minutes, and none of the future: an end that has not come yet may be refused. */
export function windowOf(start: number, end: number): Window {
  const last = wholeMinutes(end);
  return { start: Math.min(wholeMinutes(start), last - WINDOW_MIN_MS), end: last };
}

export function wholeMinutes(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Undefined: Salesforce keeps no such list of this object, or none that goes back as far. */
export async function updatedIn(api: Api, object: string, window: Window): Promise<Updated | undefined> {
  try {
    const { window: asked, json } = await ask(api, object, "updated", window);
    const ids = Array.isArray(json["ids"]) ? json["ids"].map((id) => longId(String(id))) : [];
    return { ids, window: asked, latestDateCovered: timeOf(json["latestDateCovered"]) ?? asked.end };
  } catch (error) {
    if (codeOf(error) === "INVALID_REPLICATION_DATE" || codeOf(error) === "INVALID_TYPE") return undefined;
    throw error;
  }
}

export async function deletedIn(api: Api, object: string, window: Window): Promise<Deleted> {
  try {
    const { window: asked, json } = await ask(api, object, "deleted", window);
    const records = Array.isArray(json["deletedRecords"]) ? (json["deletedRecords"] as readonly { id: string }[]) : [];
    return {
      kind: "told",
      ids: records.map(({ id }) => longId(id)),
      window: asked,
      latestDateCovered: timeOf(json["latestDateCovered"]) ?? asked.end,
      earliestDateAvailable: timeOf(json["earliestDateAvailable"]) ?? 0,
    };
  } catch (error) {
    if (codeOf(error) === "INVALID_REPLICATION_DATE") return { kind: "purged" };
    if (codeOf(error) === "INVALID_TYPE") return { kind: "not-replicated" };
    throw error;
  }
}

interface Answered {
  readonly window: Window;
  readonly json: Readonly<Record<string, unknown>>;
}

async function ask(api: Api, object: string, list: "updated" | "deleted", window: Window): Promise<Answered> {
  try {
    const answer = await api.request({
      method: "GET",
      path: `/sobjects/${object}/${list}`,
      query: { start: timeText(window.start), end: timeText(window.end) },
    });
    return { window, json: (answer.json ?? {}) as Readonly<Record<string, unknown>> };
  } catch (error) {
    const length = window.end - window.start;
    if (codeOf(error) !== "EXCEEDED_ID_LIMIT" || length <= WINDOW_MIN_MS) throw error;
    const half = Math.max(WINDOW_MIN_MS, Math.floor(length / 2 / MINUTE_MS) * MINUTE_MS);
    return ask(api, object, list, { start: window.start, end: window.start + half });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof CallFailed ? error.outcome.code : undefined;
}

function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "+00:00");
}

function timeOf(value: unknown): number | undefined {
  const at = typeof value === "string" ? Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, "$1:$2")) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
