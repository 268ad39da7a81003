// Which listing of a resource is due, and where it goes on: pure functions of what the last ones left.
import type { Resource } from "../define/resource.ts";
import type { ScanKind, ScanState } from "../store/store.ts";

export interface Listings {
  readonly changes?: ScanState | undefined;
  readonly everything?: ScanState | undefined;
}

export interface Intervals {
  readonly pollEveryMs: number;
  readonly everythingEveryMs: number;
}

export interface DueListing {
  readonly kind: ScanKind;
  /** When it is due, in milliseconds since 1970; in the past: now. */
  readonly at: number;
  /** A listing that was begun goes on from here. */
  readonly state?: ScanState;
}

/**
 * The next listing. The first is of everything; changes are polled from when that one began, so nothing falls between.
 * A gap longer than the provider can look back is filled by everything again.
 */
export function nextListing(
  resource: Resource,
  states: Listings,
  intervals: Intervals,
  now: number,
): DueListing | undefined {
  const { changes } = states;
  if (resource.changes !== undefined && changes?.beganAt !== undefined)
    return { kind: "changes", at: now, state: changes };
  const whole = resource.everything === undefined ? undefined : everythingDue(resource, states, intervals, now);
  const poll = resource.changes === undefined ? undefined : pollDue(resource, states, intervals, now);
  if (poll === undefined || (whole !== undefined && startsOver(resource, states, now))) return whole;
  if (whole === undefined) return poll;
  // A whole listing takes long: polls that become due in between go first.
  return poll.at <= Math.max(now, whole.at) ? poll : whole;
}

function pollDue(
  resource: Resource,
  states: Listings,
  { pollEveryMs }: Intervals,
  now: number,
): DueListing | undefined {
  const lastAt = polledAt(resource, states, now);
  if (lastAt !== undefined) return { kind: "changes", at: lastAt + pollEveryMs };
  return resource.everything === undefined ? { kind: "changes", at: now } : undefined;
}

function everythingDue(resource: Resource, states: Listings, intervals: Intervals, now: number): DueListing {
  const { everything } = states;
  if (everything?.beganAt !== undefined) return { kind: "everything", at: now, state: everything };
  if (everything?.completeAt === undefined || startsOver(resource, states, now)) return { kind: "everything", at: now };
  if ((states.changes?.missedDeletionsAt ?? 0) > everything.completeAt) return { kind: "everything", at: now };
  return { kind: "everything", at: everything.completeAt + intervals.everythingEveryMs };
}

/** From when changes are asked for: the last listing's beginning, less what the provider may show late. */
export function sinceOf(resource: Resource, states: Listings, now: number): number {
  return Math.max(0, (watermark(resource, states, now) ?? 0) - (resource.changes?.overlapMs ?? 0));
}

/** Is the gap longer than the provider can look back, and nothing under way that fills it? */
function startsOver(resource: Resource, states: Listings, now: number): boolean {
  return states.everything?.beganAt === undefined && isTooLongAgo(resource, completeUntil(states), now);
}

function isTooLongAgo(resource: Resource, at: number, now: number): boolean {
  return now - at > (resource.changes?.lookbackMaxMs ?? Number.POSITIVE_INFINITY);
}

/** Everything that was changed before this time has been listed, or is being listed; undefined: nothing was. */
function watermark(resource: Resource, states: Listings, now: number): number | undefined {
  const complete = completeUntil(states);
  return complete === 0 || isTooLongAgo(resource, complete, now) ? states.everything?.beganAt : complete;
}

/** When changes were last asked for, however far the provider then showed them. */
function polledAt(resource: Resource, states: Listings, now: number): number | undefined {
  const seenUntil = watermark(resource, states, now);
  return seenUntil === undefined ? undefined : Math.max(seenUntil, states.changes?.completeAt ?? 0);
}

function completeUntil({ changes, everything }: Listings): number {
  return Math.max(changes?.coveredUntil ?? changes?.completeAt ?? 0, everything?.completeAt ?? 0);
}
