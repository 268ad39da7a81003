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
  if (resource.changes !== undefined && changes?.beganAt !== undefined && !isOvertaken(resource, changes, now))
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
  // A time that has not come yet is left from before our clock was set back.
  if (lastAt !== undefined) return { kind: "changes", at: lastAt > now ? now : lastAt + pollEveryMs };
  return resource.everything === undefined ? { kind: "changes", at: now } : undefined;
}

function everythingDue(resource: Resource, states: Listings, intervals: Intervals, now: number): DueListing {
  const { everything } = states;
  // Not one after the other without a pause, where a provider that shows all that late never looks back far enough.
  if (startsOver(resource, states, now)) {
    return { kind: "everything", at: Math.max(now, (everything?.completeAt ?? 0) + intervals.pollEveryMs) };
  }
  if (everything?.beganAt !== undefined) return { kind: "everything", at: now, state: everything };
  if (everything?.completeAt === undefined) return { kind: "everything", at: now };
  // A time that has not come yet is left from before our clock was set back: the next poll puts its own in its place.
  const missedAt = states.changes?.missedDeletionsAt ?? 0;
  if (missedAt > everything.completeAt && missedAt <= now) return { kind: "everything", at: now };
  // A clock that was ahead and was set back puts the next one off by no more than one interval.
  const isAhead = everything.completeAt - now > intervals.everythingEveryMs;
  return { kind: "everything", at: isAhead ? now : everything.completeAt + intervals.everythingEveryMs };
}

/** From when changes are asked for: up to when they were all seen, less what the provider may show late. */
export function sinceOf(resource: Resource, states: Listings, now: number): number {
  return Math.max(0, (watermark(resource, states, now) ?? 0) - (resource.changes?.overlapMs ?? 0));
}

/**
 * Up to when a listing showed all: when it began, by our clock or by the provider's, whichever says earlier, and no further
 * than the provider itself says. Of one that is under way this is up to when the last one did.
 */
export function seenUntil(scan: ScanState | undefined): number | undefined {
  if (scan?.beganAt !== undefined) return scan.completeAt;
  return earlier(scan?.completeAt, scan?.coveredUntil);
}

/** How late a provider may show what is new where its connector does not say: it has no listing of changes. */
const LATE_MS = 600_000;

/** What changed before this was shown by a listing that is complete: what the provider shows late, too. */
export function wholeUntil({ changes }: Resource, scan: ScanState): number {
  return (seenUntil(scan) ?? 0) - (changes?.overlapMs ?? LATE_MS);
}

function earlier(at: number | undefined, other: number | undefined): number | undefined {
  return at === undefined || other === undefined ? at : Math.min(at, other);
}

/** Was a listing of changes interrupted for so long that its next pages no longer show all since it asks for? */
function isOvertaken(resource: Resource, { since }: ScanState, now: number): boolean {
  return resource.everything !== undefined && isBeyondReach(resource, since, now);
}

/** Is the gap longer than the provider can look back, and nothing under way that fills it? */
export function startsOver(resource: Resource, states: Listings, now: number): boolean {
  const { everything } = states;
  return (
    isTooLongAgo(resource, completeUntil(states, now), now) && isTooLongAgo(resource, everything?.beganAt ?? 0, now)
  );
}

function isTooLongAgo(resource: Resource, at: number, now: number): boolean {
  return isBeyondReach(resource, at - (resource.changes?.overlapMs ?? 0), now);
}

function isBeyondReach(resource: Resource, since: number | undefined, now: number): boolean {
  return now - (since ?? now) > (resource.changes?.lookbackMaxMs ?? Number.POSITIVE_INFINITY);
}

/** Everything that was changed before this time has been listed, or is being listed; undefined: nothing was. */
function watermark(resource: Resource, states: Listings, now: number): number | undefined {
  const complete = completeUntil(states, now);
  return complete === 0 || isTooLongAgo(resource, complete, now) ? fillingFrom(states) : complete;
}

/** From when on a listing of everything that is under way leaves the changes to polls. */
function fillingFrom({ everything }: Listings): number | undefined {
  return earlier(everything?.beganAt, everything?.coveredUntil);
}

/** When changes were last asked for, by our clock, however far the provider then showed them. */
function polledAt(resource: Resource, states: Listings, now: number): number | undefined {
  const seen = watermark(resource, states, now);
  if (seen === undefined) return undefined;
  const polled = states.changes?.completeAt ?? 0;
  const listed = listedAt(states.everything, seen);
  // As above: a listing that is complete at a time to come tells nothing of when was polled.
  return Math.max(seen, polled, listed > now && polled > 0 ? 0 : listed);
}

/** A listing of everything counts as a poll of when it began. */
function listedAt(everything: ScanState | undefined, seen: number): number {
  if (everything?.beganAt === undefined) return everything?.completeAt ?? 0;
  return seen === earlier(everything.beganAt, everything.coveredUntil) ? everything.beganAt : 0;
}

/** A time that has not come yet is left from before our clock was set back: it counts only where there is no other, and as now. */
function completeUntil({ changes, everything }: Listings, now: number): number {
  const times = [seenUntil(changes) ?? 0, seenUntil(everything) ?? 0];
  const past = Math.max(0, ...times.filter((at) => at <= now));
  return past > 0 ? past : Math.min(now, Math.max(...times));
}
