// What one world is like: what its providers can do, and when the backups, the deaths and the restores come. All of it is drawn from
// the seed.
import type { Random } from "../../src/world/world.ts";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** `key-blind`: the provider knows a key again, and nothing can be looked up there. */
export type Safety = "lookup" | "key" | "key-blind" | "upsert" | "none";

/** From a backup to the engine that begins on it. */
export interface Restore {
  /** Undefined: the backup of the restore before is put back once more. */
  readonly backupAfterMs: number | undefined;
  /** How much is lost. */
  readonly ageMs: number;
  readonly isOrderly: boolean;
  readonly downMs: number;
  /** So soon after the start it dies once more, and begins again on the same file. */
  readonly diesAgainAfterMs: number | undefined;
}

export interface Setting {
  readonly isTwoWay: boolean;
  readonly safety: Safety;
  /** So much later at the most the target's search shows what was written. */
  readonly searchLagMs: number;
  /** A lookup gives the record, and the connector can tell its fields. */
  readonly showsFields: boolean;
  readonly onExisting: "park" | "link";
  readonly onOutOfScope: "keep" | "delete";
  readonly hasChanges: boolean;
  readonly tellsDeletions: boolean;
  /** So much later at the most the source's listings show a change. */
  readonly listLagMs: number;
  readonly lookbackMs: number | undefined;
  readonly keeps: "body" | "hash";
  /** Of the changes at the source so many are told by a webhook. */
  readonly webhookShare: number;
  readonly pollEveryMs: number;
  readonly everythingEveryMs: number;
  /** Of the calls so many go wrong. */
  readonly troubleShare: number;
  /** The target is down for so long around the first backup. */
  readonly outageMs: number;
  readonly changesPerMinute: number;
  /** Of the people so many have an address to be found by. */
  readonly addressShare: number;
  readonly restores: readonly Restore[];
  /** So long traffic goes on after the last of them. */
  readonly afterMs: number;
}

export function settingOf(random: Random): Setting {
  const chance = (share: number): boolean => random.next() < share;
  const between = (least: number, most: number): number => Math.round(least + random.next() * (most - least));
  const one = <Value>(...values: readonly Value[]): Value => values[Math.floor(random.next() * values.length)]!;
  const isTwoWay = chance(0.2);
  const safety = one<Safety>("lookup", "lookup", "key", "key", "key-blind", "upsert", "none");
  const hasChanges = chance(0.75);
  const restore = (isFirst: boolean): Restore => ({
    backupAfterMs: isFirst || chance(0.6) ? between(SECOND_MS, 8 * MINUTE_MS) : undefined,
    ageMs: chance(0.1) ? between(HOUR_MS, 2 * HOUR_MS) : between(SECOND_MS, 15 * MINUTE_MS),
    isOrderly: chance(0.3),
    downMs: chance(0.4) ? 0 : between(SECOND_MS, 10 * MINUTE_MS),
    diesAgainAfterMs: chance(0.4) ? between(100, 4 * MINUTE_MS) : undefined,
  });
  return {
    isTwoWay,
    safety,
    searchLagMs: chance(0.6) ? between(SECOND_MS, (safety === "lookup" ? 5 : 1.5) * MINUTE_MS) : SECOND_MS,
    showsFields: chance(0.6),
    onExisting: one("park", "link"),
    onOutOfScope: one("keep", "delete"),
    hasChanges,
    tellsDeletions: chance(0.6),
    listLagMs: chance(0.4) ? between(SECOND_MS, 2 * MINUTE_MS) : 0,
    lookbackMs: chance(0.3) ? between(2 * MINUTE_MS, 10 * MINUTE_MS) : undefined,
    keeps: one("body", "body", "hash"),
    webhookShare: chance(0.4) ? 0.3 + random.next() * 0.6 : 0,
    pollEveryMs: between(10 * SECOND_MS, MINUTE_MS),
    everythingEveryMs: hasChanges ? between(12 * MINUTE_MS, 25 * MINUTE_MS) : between(2 * MINUTE_MS, 10 * MINUTE_MS),
    troubleShare: chance(0.6) ? 0.01 + random.next() * 0.12 : 0,
    outageMs: chance(0.4) ? between(SECOND_MS, 6 * MINUTE_MS) : 0,
    changesPerMinute: 0.5 + random.next() * 1.5,
    addressShare: one(1, 0.8, 0.5),
    restores: [restore(true), ...(chance(0.35) ? [restore(false)] : [])],
    afterMs: between(MINUTE_MS, 10 * MINUTE_MS),
  };
}

/** For how long there is traffic. */
export function lengthMs({ restores, afterMs }: Setting): number {
  const parts = restores.flatMap(({ backupAfterMs = 0, ageMs, downMs, diesAgainAfterMs = 0 }) => [
    backupAfterMs,
    ageMs,
    downMs,
    diesAgainAfterMs,
  ]);
  return parts.reduce((sum, part) => sum + part, afterMs);
}
