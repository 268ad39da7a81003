// What the command line asks of the trial.
import { readOptions } from "../options.ts";

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

export function optionsOf(words: readonly string[], now: number, processors: number): Options {
  const counts = {
    sequences: { least: 1, otherwise: SEQUENCES_DEFAULT },
    workers: { least: 1, otherwise: processors },
  };
  return readOptions(words, now, { plants: PLANTS, counts, flags: ["shrink"], texts: ["path"] });
}
