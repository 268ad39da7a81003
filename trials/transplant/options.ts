// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";

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
