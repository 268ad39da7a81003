// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";

export const PLANTS = ["blind-to-fields", "stale-reads", "skip-repair"] as const;
export type AuditPlant = (typeof PLANTS)[number];

export interface Options {
  readonly trials: number;
  readonly records: number;
  readonly seed: number;
  readonly plant: AuditPlant | undefined;
  readonly json: boolean;
}

export const USAGE = `audit [--trials N] [--records N] [--seed S] [--plant NAME] [--json]
  --trials   how many audits, each with other differences (default 100)
  --records  how many records agree before the differences are planted (default 100,000; at least 1,000)
  --seed     of the differences and the edits meanwhile (default: from the clock; printed)
  --plant    plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json     the last line of standard output is one JSON object`;

const SEED_MAX = 2 ** 31;

export function optionsOf(words: readonly string[], now: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    trials: wholeNumber("--trials", values.trials ?? "100", 1),
    records: wholeNumber("--records", values.records ?? "100000", 1_000),
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
        records: { type: "string" },
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
