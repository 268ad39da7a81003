// What the command line asks of the trial.
import { readOptions } from "../options.ts";
import { PLANTS, type Plant } from "./lines.ts";

export interface Options {
  readonly rotations: number;
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
}

export const USAGE = `rotate [--rotations N] [--seed S] [--plant NAME] [--json]
  --rotations  how often the keys are replaced (default 50; fewer than 40 cannot exercise every kill point)
  --seed       of the kills and the load (default: from the clock; printed)
  --plant      plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json       the last line of standard output is one JSON object`;

const ROTATIONS_DEFAULT = 50;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { rotations: { least: 1, otherwise: ROTATIONS_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts });
}
