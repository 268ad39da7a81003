// A thread that runs some of the worlds, one after the other, and tells how each ended.
import { isMainThread, parentPort, workerData } from "node:worker_threads";

export interface Orders<Plant extends string> {
  readonly seeds: readonly number[];
  readonly plant: Plant | undefined;
  readonly folder: string;
}

export interface WorldResult {
  readonly seed: number;
  /** The same for the same seed. */
  readonly trace: string;
}

/** One world; undefined for the trace where it was not run a second time. */
export interface Told<Result extends WorldResult> {
  readonly result: Result;
  readonly again?: string;
}

export interface SeedOptions<Plant extends string> {
  readonly seed: number;
  readonly plant: Plant | undefined;
  /** Where the files of state are made. */
  readonly folder: string;
}

/** Each so many-th world is run twice: the same seed has to leave the same trace. */
const TWICE_EVERY = 50;

/** In the main thread nothing. */
export async function runWorlds<Plant extends string, Result extends WorldResult>(
  runSeed: (options: SeedOptions<Plant>) => Promise<Result>,
): Promise<void> {
  if (isMainThread || parentPort === null) return;
  const { seeds, plant, folder } = workerData as Orders<Plant>;
  for (const seed of seeds) {
    const result = await runSeed({ seed, plant, folder });
    const again = seed % TWICE_EVERY === 0 ? (await runSeed({ seed, plant, folder })).trace : undefined;
    parentPort.postMessage({ result, ...(again === undefined ? {} : { again }) } satisfies Told<Result>);
  }
}
