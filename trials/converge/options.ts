// What the command line asks of the trial.
import { parseArgs } from "node:util";
import { UsageError } from "../trial.ts";

export const PLANTS = ["echo-by-actor", "newest-by-two-clocks", "no-base", "delete-from-partial-listing"] as const;
export type PlantName = (typeof PLANTS)[number];

export interface Options {
  readonly sequences: number;
  readonly seed: number;
  /** Only this sequence of the seed, as a failure named it. */
  readonly path: string | undefined;
  readonly plant: PlantName | undefined;
  readonly shrink: boolean;
  readonly workers: number;
  readonly json: boolean;
}

export const USAGE = `converge [--sequences N] [--seed S] [--path P] [--plant NAME] [--shrink] [--workers N] [--json]
  --sequences  how many (default 2000)
  --seed       of everything (default: from the clock; printed)
  --path       only this sequence of the seed, as a failure named it
  --plant      plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --shrink     makes the first failure as short as it can, and tells it in sentences
  --workers    processes that share the work (default: one for each processor)
  --json       the last line of standard output is one JSON object`;

const SEQUENCES_DEFAULT = 2_000;
const SEED_MAX = 2 ** 30;

export function optionsOf(words: readonly string[], now: number, processors: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    sequences: wholeNumber("--sequences", values.sequences ?? String(SEQUENCES_DEFAULT), 1),
    seed: wholeNumber("--seed", values.seed ?? String(now % SEED_MAX), 0),
    path: values.path,
    plant,
    shrink: values.shrink,
    workers: wholeNumber("--workers", values.workers ?? String(processors), 1),
    json: values.json,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        sequences: { type: "string" },
        seed: { type: "string" },
        path: { type: "string" },
        plant: { type: "string" },
        shrink: { type: "boolean", default: false },
        workers: { type: "string" },
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
