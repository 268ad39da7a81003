// The quirks of one world's provider, drawn from its seed, and what the author of a connector declares after reading of them
// in its documentation.
import type { Random } from "../../src/world/world.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** How far the provider says that its clock may be off, either way. */
export const CLOCK_OFF_MS_MAX = 10 * MINUTE_MS;
const LAG_MS_MAX = 2 * HOUR_MS;

/** Longer than any world lasts. */
export const KEPT_LONG_MS = 240 * HOUR_MS;

export interface Quirks {
  /** A change shows in listings up to so much later than it was made; each has a lag of its own. */
  readonly lagMsMax: number;
  /** Its listings tell up to when they show all. */
  readonly tellsCovered: boolean;
  /** Stamps are cut to this. */
  readonly stampMs: number;
  readonly since: "inclusive" | "exclusive";
  readonly paging: "keyset" | "id" | "offset" | "snapshot";
  readonly pageRecords: number;
  /** What the resource has for a version. */
  readonly version: "stamp" | "none";
  /** How far the clock behind the stamps is off at first, and from some time on. */
  readonly clock: { readonly offMs: number; readonly jump?: { readonly afterMs: number; readonly offMs: number } };
  /** The header Date is by the clock of the stamps, by the right one (somebody in between), or not there. */
  readonly date: "stamps" | "right" | "none";
  readonly deletions: "log" | "none";
  readonly deletionsKeptMs: number;
  /** The log tells a deletion though the record was restored since. */
  readonly tombstonesStay: boolean;
  /** Older changes are not listed any more, without a word. */
  readonly lookbackMs: number | undefined;
  /** How long a snapshot can be paged through. */
  readonly cursorLivesMs: number;
  readonly editsWhilePaging: boolean;
  /** Of the answers, this share fails. */
  readonly failureShare: number;
  /** After this share of the pages Bowline is killed. */
  readonly restartShare: number;
  /** For so long Bowline is stopped, once; 0: never. */
  readonly pauseMs: number;
  readonly pollEveryMs: number;
  readonly activeMs: number;
}

/** Beyond the sum of what is documented: seconds that are cut off, a request on its way. */
const SAFETY_MS = 5_000;
/** A complete listing is made so often where nothing else tells deletions. */
const EVERYTHING_OFTEN_MS = 4 * HOUR_MS;
const EVERYTHING_SELDOM_MS = 240 * HOUR_MS;

export function quirksOf(random: Random): Quirks {
  const chance = (share: number): boolean => random.next() < share;
  const between = (least: number, most: number): number => Math.round(least + random.next() * (most - least));
  const one = <Value>(...values: readonly Value[]): Value => values[Math.floor(random.next() * values.length)]!;
  const off = (): number => between(-CLOCK_OFF_MS_MAX, CLOCK_OFF_MS_MAX);
  const activeMs = between(3 * HOUR_MS, 4.5 * HOUR_MS);
  const lagMsMax = chance(0.6) ? between(MINUTE_MS, LAG_MS_MAX) : 0;
  const offMs = chance(0.7) ? off() : 0;
  const jump = chance(0.5) ? { jump: { afterMs: between(HOUR_MS, activeMs - HOUR_MS / 2), offMs: off() } } : {};
  return {
    lagMsMax,
    tellsCovered: lagMsMax > 0 && chance(0.4),
    stampMs: one(1, 1_000, 1_000, MINUTE_MS),
    since: one("inclusive", "exclusive"),
    paging: one("keyset", "keyset", "id", "offset", "snapshot", "snapshot"),
    pageRecords: between(2, 6),
    version: one("stamp", "none"),
    clock: { offMs, ...jump },
    date: one("stamps", "stamps", "right", "none"),
    deletions: chance(0.75) ? "log" : "none",
    deletionsKeptMs: chance(0.4) ? between(HOUR_MS, 2 * HOUR_MS) : KEPT_LONG_MS,
    tombstonesStay: chance(0.5),
    lookbackMs: chance(0.4) ? between(3 * HOUR_MS, 4.5 * HOUR_MS) : undefined,
    cursorLivesMs: between(1, 2) * MINUTE_MS,
    editsWhilePaging: chance(0.7),
    failureShare: chance(0.5) ? 0.02 + random.next() * 0.13 : 0,
    restartShare: chance(0.5) ? 0.02 + random.next() * 0.06 : 0,
    pauseMs: chance(0.5) ? between(HOUR_MS, 7 * HOUR_MS) : 0,
    pollEveryMs: one(10, 10, 15, 20, 30) * MINUTE_MS,
    activeMs,
  };
}

export interface Declared {
  readonly overlapMs: number;
  readonly lookbackMaxMs: number | undefined;
  readonly everythingEveryMs: number;
}

/**
 * What covers late showing, cut stamps and a clock that is off. Where the provider tells its time, or up to when it showed
 * all, that is counted from, and only a clock that jumps in between needs more: twice as much where what was told before
 * the jump counts.
 */
export function declaredFor(quirks: Quirks): Declared {
  const { lagMsMax, tellsCovered, stampMs, deletions, lookbackMs } = quirks;
  return {
    overlapMs: (tellsCovered ? 0 : lagMsMax) + stampMs + clockAllowanceMs(quirks) + SAFETY_MS,
    lookbackMaxMs: lookbackMs,
    everythingEveryMs: deletions === "none" ? EVERYTHING_OFTEN_MS : EVERYTHING_SELDOM_MS,
  };
}

function clockAllowanceMs({ clock, date, tellsCovered }: Quirks): number {
  if (clock.jump !== undefined) return tellsCovered ? 2 * CLOCK_OFF_MS_MAX : CLOCK_OFF_MS_MAX;
  return clock.offMs === 0 || date === "stamps" || tellsCovered ? 0 : CLOCK_OFF_MS_MAX;
}
