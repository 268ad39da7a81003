// What is remembered of alerts, and who is to be told what (pure): once when it begins, again when it lasts or has become much
// more, and once when it is over.
import type { AlertCause, KeptAlert, Telling } from "./alert.ts";

/** Something that comes back within this time was never over, in milliseconds. */
export const OVER_MS = 5 * 60_000;
/** So many times as many records as were told of: told again. */
const WORSE_TIMES = 10;
/** An alert that is over, and that nobody could be told of for so long, is let go, in milliseconds. */
const GIVE_UP_MS = 7 * 86_400_000;
/** The most alerts that are remembered. */
const ALERTS_MAX = 1_000;
/** How long until an undelivered alert is tried again, in milliseconds: doubled each time, up to the greatest. */
const RETRY_MS = 30_000;
const RETRY_MS_MAX = 3_600_000;

/** The alerts as they are remembered after a look at the causes there are now. */
export function afterLook(
  before: readonly KeptAlert[],
  causes: readonly AlertCause[],
  now: number,
): readonly KeptAlert[] {
  const kept = before.map((alert) => notAhead(alert, now));
  const known = new Map(kept.map((alert) => [alert.id, alert]));
  const present = new Set(causes.map(({ id }) => id));
  const open = causes.map((cause) => seenAgain(cause, known.get(cause.id), now));
  const gone = kept.filter(({ id }) => !present.has(id)).flatMap((alert) => seenGone(alert, now));
  return [...open, ...gone].slice(0, ALERTS_MAX);
}

/** What was remembered by a clock that was ahead, and was set back since, is as of now. */
function notAhead(alert: KeptAlert, now: number): KeptAlert {
  const { openedAt, told, overAt, failure } = alert;
  return {
    ...alert,
    openedAt: Math.min(openedAt, now),
    ...(told === undefined ? {} : { told: { ...told, at: Math.min(told.at, now) } }),
    ...(overAt === undefined ? {} : { overAt: Math.min(overAt, now) }),
    ...(failure === undefined ? {} : { failure: { ...failure, nextAt: Math.min(failure.nextAt, now + RETRY_MS_MAX) } }),
  };
}

function seenAgain(cause: AlertCause, before: KeptAlert | undefined, now: number): KeptAlert {
  if (before === undefined) return { ...cause, openedAt: now };
  const { openedAt, told, failure, since } = before;
  return {
    ...cause,
    since: Math.min(since, cause.since),
    openedAt,
    ...(told === undefined ? {} : { told }),
    ...(failure === undefined ? {} : { failure }),
  };
}

/** What nobody was told of is forgotten as soon as it is over. */
function seenGone(alert: KeptAlert, now: number): readonly KeptAlert[] {
  const overAt = alert.overAt ?? now;
  if (alert.told === undefined && alert.failure === undefined) return [];
  return now - overAt >= GIVE_UP_MS ? [] : [{ ...alert, overAt }];
}

/** What is to be told of it now; undefined: nothing. */
export function dueTelling(alert: KeptAlert, now: number, remindEveryMs: number): Telling | undefined {
  const { told, overAt, failure, openedAt, graceMs = 0, count } = alert;
  if (failure !== undefined && now < failure.nextAt) return undefined;
  if (overAt !== undefined) return now - overAt >= OVER_MS ? "resolved" : undefined;
  if (told === undefined) return now - openedAt >= graceMs ? "opened" : undefined;
  if (count >= told.count * WORSE_TIMES) return "worse";
  return now - told.at >= remindEveryMs ? "reminder" : undefined;
}

/** Everybody was told; undefined: there is nothing left to remember. */
export function afterTold(alert: KeptAlert, telling: Telling, now: number): KeptAlert | undefined {
  if (telling === "resolved") return undefined;
  const { failure: _failure, ...rest } = alert;
  return { ...rest, told: { at: now, count: alert.count, times: (alert.told?.times ?? 0) + 1 } };
}

export function afterFailure(
  alert: KeptAlert,
  { reason, reached, now }: { readonly reason: string; readonly reached: readonly string[]; readonly now: number },
): KeptAlert {
  const attempts = (alert.failure?.attempts ?? 0) + 1;
  const nextAt = now + Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** (attempts - 1));
  return { ...alert, failure: { attempts, nextAt, reason, reached } };
}
