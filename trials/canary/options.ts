// What the command line asks of the trial.
import type { Plant } from "../../src/world/plant.ts";
import { readOptions } from "../options.ts";

/** Each takes one of the gates away. */
const PLANTS = ["leak-log", "leak-store"] as const satisfies readonly Plant[];

const CANARIES_DEFAULT = 200;
/** Fewer leave no token for the provider to give out. */
const CANARIES_MIN = 180;

export interface Options {
  readonly canaries: number;
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
  readonly keep: boolean;
}

export const USAGE = `canary [--canaries N] [--seed S] [--plant NAME] [--json] [--keep]
  --canaries  how many secrets there are (default 200; at least ${CANARIES_MIN})
  --seed      of the secrets (default: from the clock; printed)
  --plant     takes away a gate that the trial has to miss: ${PLANTS.join(", ")}
  --json      the last line of standard output is one JSON object
  --keep      leaves the folder with all that was scanned behind`;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { canaries: { least: CANARIES_MIN, otherwise: CANARIES_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts, flags: ["keep"] });
}
