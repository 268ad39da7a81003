// What the command line asks of the trial.
import { readOptions } from "../options.ts";

export const PLANTS = ["no-place", "short-tag"] as const;
export type Plant = (typeof PLANTS)[number];

export interface Options {
  readonly trials: number;
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
}

export const USAGE = `transplant [--trials N] [--seed S] [--plant NAME] [--json]
  --trials  how often something in the file is moved or changed (default 10000; fewer than 500 cannot exercise every kind)
  --seed    of what is changed (default: from the clock; printed)
  --plant   weakens the vault in a way that the trial has to find: ${PLANTS.join(", ")}
  --json    the last line of standard output is one JSON object`;

const TRIALS_DEFAULT = 10_000;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { trials: { least: 1, otherwise: TRIALS_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts });
}
