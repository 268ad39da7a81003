// What the command line asks of the trial.
import { readOptions } from "../options.ts";

const PLANTS = ["no-doubt", "lost-keys-trusted"] as const;
export type Plant = (typeof PLANTS)[number];

export interface Options {
  readonly seeds: number;
  /** The first of them. */
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
}

export const USAGE = `restore [--seeds N] [--seed S] [--plant NAME] [--json]
  --seeds   how many worlds (default 300)
  --seed    the first one's seed; the others follow it (default: from the clock; printed)
  --plant   plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json    the last line of standard output is one JSON object`;

const SEEDS_DEFAULT = 300;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { seeds: { least: 1, otherwise: SEEDS_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts });
}
