// The trial `refresh`: four processes share the credentials of accounts at a provider that rotates refresh tokens and detects
// their reuse, while one of the four is killed or stopped at the worst moments; no connection may be lost by our doing.
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE } from "./options.ts";
import { runRefresh } from "./run.ts";
import { shortcomings } from "./verdict.ts";

const EXAMPLES_MAX = 12;

export const refresh: Trial = {
  name: "refresh",
  shows:
    "four processes, rotating refresh tokens, kill -9 and SIGSTOP: no connection is lost, no token presented twice",
  usage: USAGE,
  async run(words) {
    const options = optionsOf(words, Date.now());
    const say = (line: string): void => void process.stderr.write(`refresh: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${options.trials} trials, seed ${options.seed}${planted}`);
    const { figures, problems: found, folder } = await runRefresh(options, say);
    const problems = [...found, ...shortcomings(figures, options.trials)];
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    if (options.keep) say(`the file of state is in ${folder}`);
    say(`${problems.length === 0 ? "held" : "did not hold"}, after ${figures.seconds} s`);
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
