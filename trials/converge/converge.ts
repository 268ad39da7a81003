// The trial `converge`: people and troubles at systems that agree two ways, in thousands of drawn sequences against the whole
// engine in virtual time. When the dust has settled both sides agree by the rules, and no edit has vanished.
import { availableParallelism } from "node:os";
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE, type Options } from "./options.ts";
import type { Chunk, Failure } from "./run-chunk.ts";
import { verdictOf, type Verdict } from "./verdict.ts";
import { runAll, shortenOne } from "./workers.ts";

const SEQUENCES_PER_CHUNK = 25;
/** More failures than this tell nothing new. */
const FAILURES_MAX = 10;
const PROBLEMS_SHOWN = 6;
const SHRINK_MS = 120_000;
const TOLD_EVERY_CHUNKS = 8;

export const converge: Trial = {
  name: "converge",
  shows: "two-way syncs under edits, crashes and lost webhooks: both sides agree by the rules, no edit vanishes",
  usage: USAGE,
  async run(words) {
    const began = Date.now();
    const options = optionsOf(words, began, availableParallelism());
    const say = (line: string): void => void process.stderr.write(`converge: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${options.sequences} sequences, seed ${options.seed}${planted}`);
    const { figures, failures, shortcomings } = await runSequences(options, say);
    const [first] = failures;
    if (first !== undefined && options.shrink) await shrink(first, options, say);
    for (const shortcoming of shortcomings) say(shortcoming);
    const seconds = Math.round((Date.now() - began) / 100) / 10;
    const holds = failures.length === 0 && shortcomings.length === 0;
    say(holds ? `held, in ${seconds} s` : `did not hold, after ${seconds} s`);
    const told = { ...figures, seed: options.seed, plant: options.plant ?? null, seconds };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return holds ? 0 : 1;
  },
};

async function runSequences(options: Options, say: (line: string) => void): Promise<Verdict> {
  let [failed, done, chunksDone] = [0, 0, 0];
  const stopAtFailure = options.plant !== undefined;
  const ended = await runAll({
    ...options,
    chunks: chunksOf(options),
    stopAtFailure,
    isEnough: () => failed >= (stopAtFailure ? 1 : FAILURES_MAX),
    onChunk: ({ failures, tallies }) => {
      failed += failures.length;
      done += tallies.length;
      for (const failure of failures) tell(failure, say);
      chunksDone += 1;
      if (chunksDone % TOLD_EVERY_CHUNKS === 0) say(`${done} sequences, ${failed} failures`);
    },
  });
  return verdictOf(ended);
}

function chunksOf({ sequences, seed, path }: Options): readonly Chunk[] {
  if (path !== undefined) return [{ seed, sequences: 1, path }];
  return Array.from({ length: Math.ceil(sequences / SEQUENCES_PER_CHUNK) }, (_, index) => ({
    seed: seed + index,
    sequences: Math.min(SEQUENCES_PER_CHUNK, sequences - index * SEQUENCES_PER_CHUNK),
  }));
}

function tell({ seed, path, problems }: Failure, say: (line: string) => void): void {
  say(`FAILED with --seed ${seed} --path ${path}`);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN)) say(`  ${problem}`);
  if (problems.length > PROBLEMS_SHOWN) say(`  and ${problems.length - PROBLEMS_SHOWN} more`);
}

async function shrink(failure: Failure, { plant }: Options, say: (line: string) => void): Promise<void> {
  say(`making --seed ${failure.seed} --path ${failure.path} shorter, for two minutes at the most`);
  const shortest = await shortenOne(failure, plant, SHRINK_MS);
  if (shortest === undefined) return say("it does not fail any more: expected the same seed to give the same");
  say(`the shortest of ${shortest.tries} that fail, in ${JSON.stringify(shortest.setting)}:`);
  for (const [index, line] of shortest.sentences.entries()) say(`  ${index + 1}. ${line}`);
  for (const problem of shortest.problems.slice(0, PROBLEMS_SHOWN)) say(`  → ${problem}`);
}
