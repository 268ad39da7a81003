// What a page of a listing tells of its records: each whole, or, where versions are exact and it was listed before, only which
// version it has.
import { isKey } from "../define/checked-answers.ts";
import type { ConnectedResource } from "../define/connection.ts";
import type { Page } from "../define/resource.ts";
import type { Observation, Priority, ScanKind, ScanState } from "../store/store.ts";
import type { Listings } from "./schedule.ts";
import { seenRecord, textOrNone } from "./seen-record.ts";
import { keyOf, noKey } from "./unreadable.ts";

/** How the records of a page came to be seen. */
export interface SeenHow {
  readonly kind: ScanKind;
  readonly at: number;
  readonly evenUnchanged: boolean;
}

export const priorityOf = (kind: ScanKind): Priority => (kind === "changes" ? "scheduled" : "backfill");

/** Whom the connector cannot read, with the error; its place on the page counts from 0. */
export type PutAside = (record: unknown, index: number, error: unknown) => void;

/** `byVersion`: only the versions are told, and the store says which records it has to see whole. */
export function pageObservations(
  { id, resource }: ConnectedResource,
  page: Page<unknown>,
  { kind, at, evenUnchanged }: SeenHow,
  byVersion: boolean,
  putAside: PutAside,
): readonly Observation[] {
  const cause = kind === "changes" ? "poll" : "scan";
  const readable = resource.read !== undefined;
  const how = { resource: id, cause, priority: priorityOf(kind), at, readable } as const;
  const common = { ...how, ...(evenUnchanged ? { evenUnchanged: true } : {}) };
  const listed = { ...common, seen: { kind: "listed" } } as const;
  const observe = (record: unknown): Observation => {
    const key = keyOf(resource, record);
    if (!byVersion) return { ...common, key, ...seenRecord(resource, record) };
    const version = textOrNone("version", resource.version?.(record));
    return version === undefined ? { ...listed, key } : { ...listed, key, version };
  };
  const observations: Observation[] = [];
  for (const [index, record] of page.records.entries()) {
    try {
      observations.push(observe(record));
    } catch (error) {
      putAside(record, index, error);
    }
  }
  for (const [index, key] of (page.deleted ?? []).entries()) {
    if (isKey(key)) observations.push({ ...common, key, seen: { kind: "deleted" } });
    else putAside({ deleted: key }, page.records.length + index, noKey(`a deleted record of ${resource.name}`, key));
  }
  return observations;
}

/** A page in parts of so many records, at least one; what was deleted stands in the last. */
export function* slicesOf(
  { records, deleted, ...page }: Page<unknown>,
  count: number,
): Generator<{ readonly part: Page<unknown>; readonly from: number; readonly isLast: boolean }> {
  for (let from = 0; from === 0 || from < records.length; from += count) {
    const isLast = from + count >= records.length;
    const gone = isLast && deleted !== undefined ? { deleted } : {};
    yield { part: { ...page, records: records.slice(from, from + count), ...gone }, from, isLast };
    if (isLast) return;
  }
}

/** Where versions are exact and the records were listed before, most need no comparing. */
export function tellsVersions({ resource }: ConnectedResource, listings: Listings, state: ScanState): boolean {
  const isExact = resource.versionExact === true && resource.version !== undefined;
  return isExact && !state.evenUnchanged && wasListed(listings, state);
}

/** Was it ever listed to the end? */
export function wasListed(listings: Listings, state: ScanState): boolean {
  return (listings.everything?.completeAt ?? listings.changes?.completeAt ?? state.completeAt) !== undefined;
}
