// The trial `crash`: Bowline is killed with SIGKILL at random times and at named points, while two simulated providers have
// troubles of their own; nothing acknowledged may be lost, nothing written twice, and it has to be back quickly.
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE } from "./options.ts";
import { runCrash } from "./run.ts";
import { shortcomings } from "./verdict.ts";

const EXAMPLES_MAX = 12;

export const crash: Trial = {
  name: "crash",
  shows: "kill -9 during ingest, reconcile and refresh: nothing acknowledged is lost, nothing is written twice",
  usage: USAGE,
  async run(words) {
    const options = optionsOf(words, Date.now());
    const say = (line: string): void => void process.stderr.write(`crash: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${options.kills} kills, seed ${options.seed}${planted}`);
    const { figures, lost, doubled, errors, folder } = await runCrash(options, say);
    const problems = [...lost, ...doubled, ...errors];
    // A run that stopped at its first proof has not exercised the rest, and need not say so.
    if (problems.length === 0) problems.push(...shortcomings(figures, options.kills));
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    if (options.keep) say(`the file of state is in ${folder}`);
    say(problems.length === 0 ? `held, in ${figures.seconds} s` : `did not hold, after ${figures.seconds} s`);
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
