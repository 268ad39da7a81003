// Where a listing is: how it begins, what each page adds to that, and what was put aside on the way.
import type { ConnectedResource } from "../define/connection.ts";
import type { Page } from "../define/resource.ts";
import type { Plants } from "../world/plant.ts";
import type { ScanKind, ScanState, UnreadableRecord } from "../store/store.ts";
import { seenUntil, sinceOf, startsOver, type DueListing, type Listings } from "./schedule.ts";
import { stillUnreadable, withFound } from "./unreadable.ts";

export interface Beginning {
  readonly from: ConnectedResource;
  readonly plants: Plants;
}

export interface Asked {
  readonly kind: ScanKind;
  readonly evenUnchanged: boolean;
  /** Changes since then, even where they were listed already, in milliseconds since 1970. */
  readonly since?: number;
}

/** The listing that was asked for, as it begins now. */
export function askedFor(asked: Asked, states: Listings, beginning: Beginning, now: number): DueListing {
  const { resource } = beginning.from;
  const { changes, everything } = resource;
  const isTooLong = now - (asked.since ?? now) > (changes?.lookbackMaxMs ?? Number.POSITIVE_INFINITY);
  const fills = everything !== undefined && (isTooLong || startsOver(resource, states, now));
  const wanted = fills ? "everything" : asked.kind;
  const kind = resource[wanted] === undefined ? other(wanted) : wanted;
  const begun = begin(kind, states, beginning, now);
  const since = Math.min(begun.since ?? 0, Math.max(0, (asked.since ?? now) - (changes?.overlapMs ?? 0)));
  const state = begun.since === undefined ? begun : { ...begun, since };
  return { kind, at: now, state: asked.evenUnchanged ? { ...state, evenUnchanged: true } : state };
}

/** A listing that begins now. */
export function begin(kind: ScanKind, states: Listings, { from, plants }: Beginning, now: number): ScanState {
  const before = states[kind];
  // While a listing is under way, only what the last one covered counts.
  const last = seenUntil(before);
  const planted = plants.has("cursor-max-updated") ? (states.changes?.since ?? 0) : 0;
  return {
    beganAt: now,
    ...(kind === "changes" ? { since: Math.max(planted, sinceOf(from.resource, states, now)) } : {}),
    ...(last === undefined ? {} : { completeAt: last }),
    ...(before?.missedDeletionsAt === undefined ? {} : { missedDeletionsAt: Math.min(before.missedDeletionsAt, now) }),
    ...(before?.unreadable === undefined ? {} : { unreadable: before.unreadable }),
  };
}

/** The state after a page, with the records that were put aside on it and before. */
export function withAside(
  kind: ScanKind,
  { unreadable: known = [], beganAt = 0 }: ScanState,
  next: ScanState,
  found: ReadonlyMap<unknown, UnreadableRecord>,
): ScanState {
  const all = withFound(known, [...found.values()]);
  return withUnreadable(next, next.beganAt === undefined ? stillUnreadable(all, { kind, beganAt }) : all);
}

/** The same state, with just these put aside. */
export function withUnreadable(
  { unreadable: _before, ...state }: ScanState,
  unreadable: readonly UnreadableRecord[] = [],
): ScanState {
  return unreadable.length === 0 ? state : { ...state, unreadable };
}

/** What the provider says of the time and the limits of its own listing; the least of all pages counts. */
export function toldBy(
  { coveredUntil, deletionsIncomplete }: Page<unknown>,
  askedAt: number | undefined,
  state: ScanState,
) {
  const times = [coveredUntil, askedAt, state.coveredUntil];
  const until = Math.min(...times.map((at) => at ?? Number.POSITIVE_INFINITY));
  const missedAt = deletionsIncomplete ? state.beganAt : state.missedDeletionsAt;
  return {
    ...(Number.isFinite(until) ? { coveredUntil: until } : {}),
    ...(missedAt === undefined ? {} : { missedDeletionsAt: missedAt }),
  };
}

const other = (kind: ScanKind): ScanKind => (kind === "changes" ? "everything" : "changes");
