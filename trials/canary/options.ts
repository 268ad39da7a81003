// What the command line asks of the trial.
import { parseArgs } from "node:util";
import type { Plant } from "../../src/world/plant.ts";
import { UsageError } from "../trial.ts";

/** Each takes one of the gates away. */
export const PLANTS = ["leak-log", "leak-store"] as const satisfies readonly Plant[];

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

const SEED_MAX = 2 ** 31;

export function optionsOf(words: readonly string[], now: number): Options {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return {
    canaries: wholeNumber("--canaries", values.canaries ?? String(CANARIES_DEFAULT), CANARIES_MIN),
    seed: wholeNumber("--seed", values.seed ?? String(now % SEED_MAX), 0),
    plant,
    json: values.json,
    keep: values.keep,
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        canaries: { type: "string" },
        seed: { type: "string" },
        plant: { type: "string" },
        json: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
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
