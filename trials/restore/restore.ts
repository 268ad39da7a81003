// The trial `restore`: hundreds of small worlds in which a file of state is brought back from a backup of any age. Nothing may be
// created twice, and nothing may be lost.
import { rm } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { temporaryFolder } from "../cursor/temporary-folder.ts";
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE, type Options } from "./options.ts";
import { verdictOf, type Verdict } from "./verdict.ts";
import type { Orders, Told } from "./worker.ts";

const THREADS = 2;
const EXAMPLES_MAX = 8;
const SAID_EVERY = 50;

export const restore: Trial = {
  name: "restore",
  shows: "brought back from a backup of any age, nothing is created twice and nothing is lost",
  usage: USAGE,
  async run(words) {
    const began = Date.now();
    const options = optionsOf(words, began);
    const say = (line: string): void => void process.stderr.write(`restore: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${options.seeds} worlds, from seed ${options.seed}${planted}`);
    const { told, verdict } = await runAll(options, say);
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    const { figures, problems } = verdict;
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    say(problems.length === 0 ? `held, in ${seconds} s` : `did not hold, after ${seconds} s`);
    const trace = options.seeds === 1 ? { trace: told[0]?.result.trace } : {};
    const all = { ...figures, seed: options.seed, plant: options.plant ?? null, ...trace, seconds };
    process.stdout.write(`${options.json ? JSON.stringify(all) : JSON.stringify(all, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

async function runAll(options: Options, say: (line: string) => void) {
  const folder = await temporaryFolder("restore");
  const told: Told[] = [];
  const hear = (one: Told): void => {
    told.push(one);
    if (told.length % SAID_EVERY === 0) say(`${told.length} worlds`);
  };
  try {
    await Promise.all(shares(options).map((seeds) => runThread({ seeds, plant: options.plant, folder }, hear)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  told.sort((one, other) => one.result.seed - other.result.seed);
  return { told, verdict: withTraces(verdictOf(told.map(({ result }) => result)), told) };
}

function shares({ seeds, seed }: Options): readonly (readonly number[])[] {
  const all = Array.from({ length: seeds }, (_, index) => seed + index);
  const each = Array.from({ length: THREADS }, (_, thread) => all.filter((_seed, index) => index % THREADS === thread));
  return each.filter((share) => share.length > 0);
}

function withTraces({ figures, problems }: Verdict, told: readonly Told[]): Verdict {
  const differing = told.filter(({ result, again }) => again !== undefined && again !== result.trace);
  const words = differing.map(({ result }) => `seed ${result.seed}: run twice, it left two traces`);
  return { figures, problems: [...words, ...problems] };
}

function runThread(orders: Orders, hear: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: orders });
    worker.on("message", hear);
    worker.on("error", reject);
    worker.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`could not run a thread of worlds: it ended with ${code}`)),
    );
  });
}
