// The trial `ambiguous`: writes whose outcome nobody told, in every way in which that comes about. Where the provider has
// idempotency keys or external ids there is one object in the end; elsewhere never two, and a question for a person.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Trial } from "../trial.ts";
import { CELLS, nameOf } from "./cells.ts";
import { optionsOf, USAGE, type Options } from "./options.ts";
import { runBatch } from "./run-batch.ts";
import { verdictOf, type CellEndings, type Verdict } from "./verdict.ts";

/** Trials that share an engine: fewer than open a breaker, so that each goes its own way. */
const RECORDS_PER_BATCH = 10;
const EXAMPLES_MAX = 12;
/** Files in memory, where the machine has such a place: the disk's patience is another trial's. */
const MEMORY_FOLDER = "/dev/shm";

export const ambiguous: Trial = {
  name: "ambiguous",
  shows: "writes whose outcome nobody told: no silent duplicate, nothing called done that is not",
  usage: USAGE,
  async run(words) {
    const began = Date.now();
    const options = optionsOf(words, began);
    const say = (line: string): void => void process.stderr.write(`ambiguous: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${CELLS.length} cells, ${options.trialsPerCell} trials each, seed ${options.seed}${planted}`);
    const { figures, problems } = await runAll(options, say);
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    say(problems.length === 0 ? `held, in ${seconds} s` : `did not hold, after ${seconds} s`);
    const told = { ...figures, seed: options.seed, plant: options.plant ?? null, seconds };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

async function runAll({ trialsPerCell, seed, plant }: Options, say: (line: string) => void): Promise<Verdict> {
  const folder = await mkdtemp(join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), "bowline-ambiguous-"));
  const all: CellEndings[] = [];
  const errors: string[] = [];
  try {
    for (const [index, cell] of CELLS.entries()) {
      for (let done = 0; done < trialsPerCell; done += RECORDS_PER_BATCH) {
        const records = Math.min(RECORDS_PER_BATCH, trialsPerCell - done);
        const result = await runBatch({ cell, records, folder, plant, seed: seed + index * 10_007 + done });
        all.push({ cell, endings: result.endings });
        errors.push(...result.errors);
      }
      if (index % 12 === 11) say(`${index + 1} cells, the last: ${nameOf(cell)}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const verdict = verdictOf(all, trialsPerCell);
  return { ...verdict, problems: [...verdict.problems, ...errors] };
}
