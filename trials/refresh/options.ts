// What the command line asks of the trial.
import { readOptions } from "../options.ts";

const PLANTS = ["refresh-without-lease", "present-again"] as const;
export type RefreshPlant = (typeof PLANTS)[number];

export interface Options {
  readonly trials: number;
  readonly seed: number;
  readonly plant: RefreshPlant | undefined;
  readonly json: boolean;
  readonly keep: boolean;
}

export const USAGE = `refresh [--trials N] [--seed S] [--plant NAME] [--json] [--keep]
  --trials  how many accounts are refreshed under fire (default 200; fewer than 13 cannot exercise everything)
  --seed    of the order of the faults (default: from the clock; printed)
  --plant   plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json    the last line of standard output is one JSON object
  --keep    leaves the folder with the file of state behind`;

const TRIALS_DEFAULT = 200;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { trials: { least: 1, otherwise: TRIALS_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts, flags: ["keep"] });
}
