// What a run comes to: its figures, what did not hold, and what it did not exercise.
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";

const RECOVERY_S_MAX = 10;
/** Fewer recoveries than this share of the kills say little about how long they take. */
const RECOVERIES_SHARE_MIN = 1 / 4;

export interface Figures {
  readonly kills: number;
  /** Webhooks that were answered 2xx. */
  readonly acknowledged: number;
  /** Acknowledged webhooks that are not in the file of state, and records whose last state is not in the books. */
  readonly lost: number;
  /** Invoices and customers that are in the books more than once, or of nobody. */
  readonly duplicates: number;
  /** The longest time from a kill until Bowline answered again and had cleared its first record. */
  readonly recovery_s_max: number;
  /** What Bowline itself called an error; there is to be none. */
  readonly errors: number;
  readonly recovery_s_median: number;
  /** Lives that were long enough to recover. */
  readonly recoveries: number;
  readonly kills_at_points: Readonly<Record<KillPoint, number>>;
  readonly kills_at_random: number;
  /** Writes that were under way at a kill. */
  readonly writes_cut_off: number;
  /** Writes whose outcome was unknown and that were confirmed. */
  readonly unknown_resolved: number;
  /** Refreshed tokens that were committed. */
  readonly refreshes: number;
  /** Superseded refresh tokens that had to be presented again, within their grace. */
  readonly refresh_tokens_again: number;
  readonly webhooks: Readonly<Record<string, number>>;
  readonly troubles: Readonly<Record<string, number>>;
  readonly orders: number;
  readonly invoices: number;
  readonly customers: number;
  readonly seed: number;
  readonly plant: string | null;
  readonly seconds: number;
}

/** What is wrong with these figures besides losses and duplicates, which tell themselves. Empty: nothing. */
export function shortcomings(figures: Figures, killsWanted: number): readonly string[] {
  const found: string[] = [];
  if (figures.kills !== killsWanted) found.push(`wanted ${killsWanted} kills, got ${figures.kills}`);
  if (figures.recovery_s_max > RECOVERY_S_MAX) {
    found.push(`recovery took ${figures.recovery_s_max} s, wanted ${RECOVERY_S_MAX} s at the most`);
  }
  for (const point of KILL_POINTS) {
    if (figures.kills_at_points[point] === 0) found.push(`not exercised: a kill at ${point}`);
  }
  const needed: readonly (readonly [string, number, number])[] = [
    ["acknowledged webhooks", figures.acknowledged, killsWanted],
    ["recoveries", figures.recoveries, Math.ceil(killsWanted * RECOVERIES_SHARE_MIN)],
    ["kills at random times", figures.kills_at_random, 1],
    ["writes cut off by a kill", figures.writes_cut_off, 1],
    ["unknown outcomes resolved", figures.unknown_resolved, 1],
    ["refreshes", figures.refreshes, 1],
    ["webhooks lost on the way", figures.webhooks["lost"] ?? 0, 1],
    ["webhooks sent twice", figures.webhooks["duplicated"] ?? 0, 1],
    ["webhooks late", figures.webhooks["late"] ?? 0, 1],
    ["writes cut after their effect", figures.troubles["cut-after"] ?? 0, 1],
    ["invoices", figures.invoices, 1],
  ];
  for (const [what, count, least] of needed) {
    if (count < least) found.push(`not exercised enough: ${what} (${count}, wanted ${least} or more)`);
  }
  return found;
}
