// What the trials of many small worlds share: their seeds run in two threads, and what came of them is told in one way.
import { rm } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { temporaryFolder } from "./temporary-folder.ts";
import type { Trial } from "./trial.ts";
import type { Orders, Told, WorldResult } from "./worlds-worker.ts";

export interface WorldsOptions {
  readonly seeds: number;
  /** The first of them. */
  readonly seed: number;
  readonly plant: string | undefined;
  readonly json: boolean;
}

interface Verdict {
  readonly figures: object;
  /** Empty: it held. */
  readonly problems: readonly string[];
}

export interface Worlds<Result extends WorldResult> extends Pick<Trial, "name" | "shows" | "usage"> {
  /** Throws a UsageError. */
  readonly optionsOf: (words: readonly string[], now: number) => WorldsOptions;
  /** The file whose thread calls `runWorlds`. */
  readonly worker: URL;
  readonly verdictOf: (results: readonly Result[]) => Verdict;
  /** Of how many problems each is told. */
  readonly examplesMax: number;
  readonly saidEvery: number;
}

const THREADS = 2;

export function worldsTrial<Result extends WorldResult>(worlds: Worlds<Result>): Trial {
  const { name, shows, usage, optionsOf, examplesMax } = worlds;
  return {
    name,
    shows,
    usage,
    async run(words) {
      const began = Date.now();
      const options = optionsOf(words, began);
      const say = (line: string): void => void process.stderr.write(`${name}: ${line}\n`);
      const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
      say(`${options.seeds} worlds, from seed ${options.seed}${planted}`);
      const { told, verdict } = await runAll(worlds, options, say);
      const seconds = Math.round((Date.now() - began) / 100) / 10;
      const { figures, problems } = verdict;
      for (const problem of problems.slice(0, examplesMax)) say(`PROBLEM ${problem}`);
      if (problems.length > examplesMax) say(`and ${problems.length - examplesMax} more`);
      say(problems.length === 0 ? `held, in ${seconds} s` : `did not hold, after ${seconds} s`);
      const trace = options.seeds === 1 ? { trace: told[0]?.result.trace } : {};
      const all = { ...figures, seed: options.seed, plant: options.plant ?? null, ...trace, seconds };
      process.stdout.write(`${options.json ? JSON.stringify(all) : JSON.stringify(all, null, 2)}\n`);
      return problems.length === 0 ? 0 : 1;
    },
  };
}

async function runAll<Result extends WorldResult>(
  { name, worker, verdictOf, saidEvery }: Worlds<Result>,
  options: WorldsOptions,
  say: (line: string) => void,
): Promise<{ readonly told: readonly Told<Result>[]; readonly verdict: Verdict }> {
  const folder = await temporaryFolder(name);
  const told: Told<Result>[] = [];
  const hear = (one: Told<Result>): void => {
    told.push(one);
    if (told.length % saidEvery === 0) say(`${told.length} worlds`);
  };
  try {
    await Promise.all(shares(options).map((seeds) => runThread(worker, { seeds, plant: options.plant, folder }, hear)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  told.sort((one, other) => one.result.seed - other.result.seed);
  return { told, verdict: withTraces(verdictOf(told.map(({ result }) => result)), told) };
}

function shares({ seeds, seed }: WorldsOptions): readonly (readonly number[])[] {
  const all = Array.from({ length: seeds }, (_, index) => seed + index);
  const each = Array.from({ length: THREADS }, (_, thread) => all.filter((_seed, index) => index % THREADS === thread));
  return each.filter((share) => share.length > 0);
}

function withTraces({ figures, problems }: Verdict, told: readonly Told<WorldResult>[]): Verdict {
  const differing = told.filter(({ result, again }) => again !== undefined && again !== result.trace);
  const words = differing.map(({ result }) => `seed ${result.seed}: run twice, it left two traces`);
  return { figures, problems: [...words, ...problems] };
}

function runThread<Result extends WorldResult>(
  file: URL,
  orders: Orders<string>,
  hear: (told: Told<Result>) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: orders });
    worker.on("message", hear);
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`could not run a thread of worlds: it ended with ${code}`)),
    );
  });
}
