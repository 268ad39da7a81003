// Asks QuickBooks' query language, and pages through a listing by Id so that nothing is skipped while it changes.
import type { Api } from "../../src/define/connector.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Page } from "../../src/define/resource.ts";
import { readDecimalJson } from "./decimal-json.ts";
import { MINOR_VERSION, type Entity, type EntityRecord } from "./entity.ts";

export const RESULTS_MAX = 1_000;
/** How many records of the page before are read again: an anchor that proves that nothing slipped between two pages. */
const ANCHORS = 10;

/** A text in a query. Nothing but quotes and backslashes has a meaning inside. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, String.raw`\$&`)}'`;
}

/** Times count in whole seconds; what is cut off makes a listing begin earlier, never later. */
export function quotedTime(at: number): string {
  return quoted(secondsTime(at));
}

export function secondsTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

export async function query<Record>(api: Api, entity: Entity, rest: string): Promise<readonly Record[]> {
  const select = `select * from ${entity.name} ${rest}`;
  const answer = await api.request({
    method: "GET",
    path: "/query",
    query: { query: select, minorversion: MINOR_VERSION },
  });
  const { QueryResponse } = readDecimalJson(answer.text) as {
    readonly QueryResponse?: { readonly [name: string]: unknown };
  };
  if (QueryResponse === undefined) {
    const reason = `Could not read a listing of ${entity.name}: expected a QueryResponse and got none`;
    throw new CallFailed({ kind: "unavailable", reason }, reason);
  }
  return (QueryResponse[entity.name] ?? []) as readonly Record[];
}

/** `where` with the condition that shows a list entity that was switched off, too. */
export function where(entity: Entity, conditions: readonly string[]): string {
  const all = entity.list ? [...conditions, "Active in (true, false)"] : conditions;
  return all.length === 0 ? "" : `where ${all.join(" and ")} `;
}

interface Position {
  /** Counted from 1, as STARTPOSITION is. */
  readonly start: number;
  /** The last Ids of the page before. */
  readonly anchors: readonly string[];
}

/**
 * One page of a listing, ordered by Id. Pages are counted, so a record deleted on an earlier page moves all others up by
 * one, past the border. So each page begins a little before the end of the last and must meet one of its records again;
 * if it does not, more was deleted meanwhile, and the listing goes back a page.
 */
export async function pageById<Record extends EntityRecord>(
  api: Api,
  entity: Entity,
  conditions: readonly string[],
  cursor: string | undefined,
): Promise<Page<Record>> {
  const { start, anchors }: Position =
    cursor === undefined ? { start: 1, anchors: [] } : (JSON.parse(cursor) as Position);
  const order = `orderby Id startposition ${start} maxresults ${RESULTS_MAX}`;
  const records = await query<Record>(api, entity, `${where(entity, conditions)}${order}`);
  const meets = start === 1 || records.some((record) => anchors.includes(record.Id));
  if (!meets) return { records, next: JSON.stringify({ start: Math.max(1, start - RESULTS_MAX), anchors }) };
  if (records.length < RESULTS_MAX) return { records };
  const next: Position = {
    start: start + RESULTS_MAX - ANCHORS,
    anchors: records.slice(-ANCHORS).map((record) => record.Id),
  };
  return { records, next: JSON.stringify(next) };
}
