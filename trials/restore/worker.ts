// A thread that runs some of the worlds, one after the other, and tells how each ended.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import type { Plant } from "./options.ts";
import { runSeed, type SeedResult } from "./run-seed.ts";

export interface Orders {
  readonly seeds: readonly number[];
  readonly plant: Plant | undefined;
  readonly folder: string;
}

/** One world; undefined for the trace where it was not run a second time. */
export interface Told {
  readonly result: SeedResult;
  readonly again?: string;
}

/** Each so many-th world is run twice: the same seed has to leave the same trace. */
const TWICE_EVERY = 50;

if (!isMainThread && parentPort !== null) {
  const { seeds, plant, folder } = workerData as Orders;
  for (const seed of seeds) {
    const result = await runSeed({ seed, plant, folder });
    const again = seed % TWICE_EVERY === 0 ? (await runSeed({ seed, plant, folder })).trace : undefined;
    parentPort.postMessage({ result, ...(again === undefined ? {} : { again }) } satisfies Told);
  }
}
