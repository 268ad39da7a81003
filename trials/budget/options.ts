// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";

export const PLANTS = ["count-at-leaving"] as const;
export type BudgetPlant = (typeof PLANTS)[number];

export interface Options {
  readonly seed: number;
  readonly rounds: number;
  readonly plant: BudgetPlant | undefined;
  readonly json: boolean;
}

export const USAGE = `budget [--rounds N] [--seed S] [--plant NAME] [--json]
  --rounds  how often each kind of limit is pressed, each time from another seed (default 6)
  --seed    of the delays, the lost answers and the provider's clock (default: from the clock; printed)
  --plant   plants a fault that the trial has to find: ${PLANTS.join(", ")} (a call counts from when it left)
  --json    the last line of standard output is one JSON object`;

const ROUNDS_DEFAULT = 6;
const SEED_MAX = 2 ** 31;

export function optionsOf(words: readonly string[], now: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    rounds: wholeNumber("--rounds", values.rounds ?? String(ROUNDS_DEFAULT), 1),
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
        rounds: { type: "string" },
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
