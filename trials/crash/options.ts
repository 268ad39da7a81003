// What the command line asks of the trial.
import type { Plant } from "../../src/world/plant.ts";
import { readOptions } from "../options.ts";

const PLANTS: readonly Plant[] = ["ack-before-commit", "no-intent", "key-per-attempt", "cursor-max-updated"];

export interface Options {
  readonly kills: number;
  readonly seed: number;
  readonly plant: Plant | undefined;
  readonly json: boolean;
  readonly keep: boolean;
}

export const USAGE = `crash [--kills N] [--seed S] [--plant NAME] [--json] [--keep]
  --kills  how often Bowline is killed (default 200; fewer than 60 cannot exercise everything)
  --seed   of the traffic, the troubles and the kills (default: from the clock; printed)
  --plant  plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --json   the last line of standard output is one JSON object
  --keep   leaves the folder with the file of state behind`;

const KILLS_DEFAULT = 200;

export function optionsOf(words: readonly string[], now: number): Options {
  const counts = { kills: { least: 1, otherwise: KILLS_DEFAULT } };
  return readOptions(words, now, { plants: PLANTS, counts, flags: ["keep"] });
}
