// What the command line asks of the trial.
import { readOptions } from "../options.ts";

const PLANTS = ["blind-to-fields", "stale-reads", "skip-repair"] as const;
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

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { trials: { least: 1, otherwise: 100 }, records: { least: 1_000, otherwise: 100_000 } };
  return readOptions(words, now, { plants: PLANTS, counts });
}
