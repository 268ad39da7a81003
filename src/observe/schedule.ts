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
  const poll = resource.changes === undefined ? undefined : pollDue(resource, states, intervals, now);
  const whole = resource.everything === undefined ? undefined : everythingDue(resource, states, intervals, now);
  if (poll === undefined) return whole;
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
  const seenUntil = watermark(states);
  if (seenUntil !== undefined) return { kind: "changes", at: seenUntil + pollEveryMs };
  return resource.everything === undefined ? { kind: "changes", at: now } : undefined;
}

function everythingDue(resource: Resource, states: Listings, intervals: Intervals, now: number): DueListing {
  const { everything } = states;
  if (everything?.beganAt !== undefined) return { kind: "everything", at: now, state: everything };
  if (everything?.completeAt === undefined) return { kind: "everything", at: now };
  const lookbackMs = resource.changes?.lookbackMaxMs ?? Number.POSITIVE_INFINITY;
  if (now - (watermark(states) ?? now) > lookbackMs) return { kind: "everything", at: now };
  return { kind: "everything", at: everything.completeAt + intervals.everythingEveryMs };
}

/** From when changes are asked for: the last listing's beginning, less what the provider may show late. */
export function sinceOf(resource: Resource, states: Listings): number {
  return Math.max(0, (watermark(states) ?? 0) - (resource.changes?.overlapMs ?? 0));
}

/** Everything that was changed before this time has been listed. */
function watermark({ changes, everything }: Listings): number | undefined {
  const complete = Math.max(changes?.completeAt ?? 0, everything?.completeAt ?? 0);
  return complete > 0 ? complete : everything?.beganAt;
}
