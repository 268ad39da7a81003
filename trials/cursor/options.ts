// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";

export const PLANTS = ["cursor-max-updated", "since-exclusive", "no-overlap"] as const;
export type Plant = (typeof PLANTS)[number];

export interface Options {
  readonly seeds: number;
  /** The first of them. */
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
}

export const USAGE = `cursor [--seeds N] [--seed S] [--plant NAME] [--json]
  --seeds   how many worlds (default 2000)
  --seed    the first one's seed; the others follow it (default: from the clock; printed)
  --plant   plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json    the last line of standard output is one JSON object`;

const SEEDS_DEFAULT = 2_000;
const SEED_MAX = 2 ** 31;

export function optionsOf(words: readonly string[], now: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    seeds: wholeNumber("--seeds", values.seeds ?? String(SEEDS_DEFAULT), 1),
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
        seeds: { type: "string" },
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
