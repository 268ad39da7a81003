// The trial `audit`: differences of every kind are planted among a hundred thousand records that agree, and one audit has to find
// each of them and nothing else, while the source is edited; its repair has to leave none.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE } from "./options.ts";
import { prepare } from "./prepare.ts";
import { runTrial, type TrialFigures } from "./run.ts";
import { figuresOf, problemsOf } from "./verdict.ts";

const EXAMPLES_MAX = 12;
const SAY_EVERY = 10;
const MEMORY = "/dev/shm";

export const audit: Trial = {
  name: "audit",
  shows:
    "differences planted among 100,000 records, edits meanwhile: each is found, nothing else is, repair leaves none",
  usage: USAGE,
  async run(words) {
    const began = Date.now();
    const { trials, records, seed, plant, json } = optionsOf(words, began);
    const say = (line: string): void => void process.stderr.write(`audit: ${line}\n`);
    const seconds = (): number => Math.round((Date.now() - began) / 1000);
    say(`${trials} trials of ${records} records, seed ${seed}${plant === undefined ? "" : `, ${plant} planted`}`);
    // What a disk does is another trial's business: in memory, where there is such a folder, it takes a third of the time.
    const folder = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), "bowline-audit-"));
    const runs: TrialFigures[] = [];
    try {
      const base = join(folder, "base.db");
      const prepared = await prepare(base, records);
      say(`prepared after ${seconds()} s`);
      for (let trial = 0; trial < trials; trial += 1) {
        runs.push(await runTrial({ folder, base, prepared, seed: seed + trial * 7_919, plant }));
        if ((trial + 1) % SAY_EVERY === 0) say(`${trial + 1} trials after ${seconds()} s`);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    const problems = problemsOf(runs);
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    const figures = figuresOf(runs, { records, seed, plant: plant ?? null, seconds: seconds() });
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
