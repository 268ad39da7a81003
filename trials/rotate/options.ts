// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";
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
const SEED_MAX = 2 ** 31;

export function optionsOf(words: readonly string[], now: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    rotations: wholeNumber("--rotations", values.rotations ?? String(ROTATIONS_DEFAULT), 1),
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
        rotations: { type: "string" },
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
