// What the command line asks of the trial.
import { readOptions } from "../options.ts";

const PLANTS = ["key-per-attempt", "no-intent", "lag-understated", "retention-overstated"] as const;
export type Plant = (typeof PLANTS)[number];

export interface Options {
  readonly trialsPerCell: number;
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
}

export const USAGE = `ambiguous [--trials N] [--seed S] [--plant NAME] [--json]
  --trials  how many in each of the 72 cells (default 50)
  --seed    of the faults, the lags and the times (default: from the clock; printed)
  --plant   plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json    the last line of standard output is one JSON object`;

const TRIALS_DEFAULT = 50;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { trials: { least: 1, otherwise: TRIALS_DEFAULT } };
  const { trials: trialsPerCell, ...rest } = readOptions(words, now, { plants: PLANTS, counts });
  return { trialsPerCell, ...rest };
}
