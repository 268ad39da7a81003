// The trial `rotate`: keys are replaced while tokens are read and saved, the process is killed in the middle of it, and the old
// key is destroyed; every token has to open afterwards, under the new keys.
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE } from "./options.ts";
import { runRotate } from "./run.ts";
import { shortcomings } from "./verdict.ts";

const EXAMPLES_MAX = 12;

export const rotate: Trial = {
  name: "rotate",
  shows: "keys are replaced under load and kill -9: every token opens afterwards, none under an old key",
  usage: USAGE,
  async run(words) {
    const options = optionsOf(words, Date.now());
    const say = (line: string): void => void process.stderr.write(`rotate: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${options.rotations} rotations, seed ${options.seed}${planted}`);
    const { figures, problems: found } = await runRotate(options, say);
    const problems = found.length > 0 ? found : shortcomings(figures, options.rotations);
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    say(problems.length === 0 ? `held, in ${figures.seconds} s` : `did not hold, after ${figures.seconds} s`);
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
