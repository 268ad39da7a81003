// What a run comes to: its figures, and what it did not exercise.
import { KILL_POINTS, type KillPoint } from "./kill-points.ts";

export interface Figures {
  readonly rotations: number;
  /** Tokens that did not open, at any start or rotation. */
  readonly unreadable: number;
  /** Tokens that a finished rotation left on an old key. */
  readonly onOldKey: number;
  readonly kills: number;
  readonly kills_at_points: Readonly<Record<KillPoint, number>>;
  readonly kills_at_random: number;
  readonly lives: number;
  readonly saved: number;
  readonly resealed: number;
  /** Keys that were in the key file once and are gone. */
  readonly keysDestroyed: number;
  readonly seed: number;
  readonly plant: string | null;
  readonly seconds: number;
}

/** How many rotations exercise every point. */
const ALL_POINTS_FROM = 40;

export function shortcomings(figures: Figures, rotationsWanted: number): readonly string[] {
  const found: string[] = [];
  const needed: readonly (readonly [string, number, number])[] = [
    ["rotations", figures.rotations, rotationsWanted],
    ["kills", figures.kills, Math.floor(rotationsWanted / 2)],
    ["kills at random times", figures.kills_at_random, rotationsWanted >= ALL_POINTS_FROM ? 5 : 0],
    ["tokens saved", figures.saved, 10 * rotationsWanted],
    ["secrets sealed anew", figures.resealed, 1],
    ["keys destroyed", figures.keysDestroyed, rotationsWanted],
  ];
  for (const [what, count, least] of needed) {
    if (count < least) found.push(`not exercised enough: ${what} (${count}, wanted ${least} or more)`);
  }
  if (rotationsWanted < ALL_POINTS_FROM) return found;
  for (const point of KILL_POINTS) {
    if (figures.kills_at_points[point] === 0) found.push(`not exercised: a kill at ${point}`);
  }
  return found;
}
