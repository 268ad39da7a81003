// What the command line asks of the trial.
import { readOptions } from "../options.ts";

const PLANTS = ["count-at-leaving"] as const;
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

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { rounds: { least: 1, otherwise: ROUNDS_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts });
}
