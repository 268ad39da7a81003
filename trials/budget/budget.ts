// The trial `budget`: every kind of limit is pressed by more demand than it allows, far and near, with lost answers and a clock
// that is not ours; the provider's own meter must find no window over the limit, and nearly all of it used.
import type { Travel } from "../../src/call/travel.ts";
import type { Trial } from "../trial.ts";
import { KINDS } from "./kinds.ts";
import { optionsOf, USAGE } from "./options.ts";
import { runKind, type KindFigures } from "./run-kind.ts";
import { runReal } from "./run-real.ts";
import { figuresOf, problemsOf } from "./verdict.ts";

const EXAMPLES_MAX = 12;

/** The fault to be found: a call counts from when it left, as if it came in at once. */
const COUNT_AT_LEAVING: Travel = { answered: () => {}, floorMs: 0, lateMs: -1 };

export const budget: Trial = {
  name: "budget",
  shows: "every kind of a provider's limits under more demand than it allows: no window over it, nearly all of it used",
  usage: USAGE,
  async run(words) {
    const began = Date.now();
    const { seed, rounds, plant, json } = optionsOf(words, began);
    const say = (line: string): void => void process.stderr.write(`budget: ${line}\n`);
    say(`${KINDS.length} kinds, ${rounds} rounds, seed ${seed}${plant === undefined ? "" : `, ${plant} planted`}`);
    const runs: KindFigures[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, kind] of KINDS.entries()) {
        const travel = plant === undefined ? {} : { travel: COUNT_AT_LEAVING };
        runs.push(await runKind(kind, { seed: seed + round * KINDS.length + index, ...travel }));
      }
    }
    if (plant === undefined) runs.push(await runReal());
    const problems = problemsOf(runs);
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    const seconds = Math.round((Date.now() - began) / 1000);
    const figures = figuresOf(runs, { rounds, seed, plant: plant ?? null, seconds });
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
