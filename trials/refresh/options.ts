// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";

export const PLANTS = ["refresh-without-lease", "present-again"] as const;
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
const SEED_MAX = 2 ** 31;

export function optionsOf(words: readonly string[], now: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    trials: wholeNumber("--trials", values.trials ?? String(TRIALS_DEFAULT), 1),
    seed: wholeNumber("--seed", values.seed ?? String(now % SEED_MAX), 0),
    plant,
    json: values.json,
    keep: values.keep,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        trials: { type: "string" },
        seed: { type: "string" },
        plant: { type: "string" },
        json: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(option: string, text: string, min: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new UsageError(`could not read ${option}: expected a whole number of ${min} or more, got ${text}`);
}
