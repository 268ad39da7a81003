// The trial `redirect`: a provider that is asked sends each kind of call elsewhere, in every way; no credential and no byte of
// a body may come to another origin.
import { readOptions } from "../options.ts";
import type { Trial } from "../trial.ts";
import { PLANTS, runMatrix } from "./run.ts";

const USAGE = `redirect [--plant NAME] [--json]
  --plant  plants a fault that the trial has to find: ${PLANTS.join(", ")}
  --seed   taken and not needed: every combination is tried
  --json   the last line of standard output is one JSON object`;

const TRIALS_MIN = 1_000;
const FOLLOWED_MIN = 100;
const EXAMPLES_MAX = 12;

export const redirect: Trial = {
  name: "redirect",
  shows: "every credential and every redirect: not a byte of either comes to another origin",
  usage: USAGE,
  async run(words) {
    const { plant, json } = readOptions(words, 0, { plants: PLANTS });
    const say = (line: string): void => void process.stderr.write(`redirect: ${line}\n`);
    const began = Date.now();
    const { figures, problems: found } = await runMatrix(plant);
    const problems = [...found];
    if (figures.trials < TRIALS_MIN) problems.push(`not exercised: ${figures.trials} trials, wanted ${TRIALS_MIN}`);
    if (figures.followed < FOLLOWED_MIN) problems.push(`not exercised: ${figures.followed} redirects followed`);
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    if (problems.length > EXAMPLES_MAX) say(`and ${problems.length - EXAMPLES_MAX} more`);
    say(problems.length === 0 ? "held" : "did not hold");
    const shown = { ...figures, plant: plant ?? null, seconds: Math.round((Date.now() - began) / 100) / 10 };
    process.stdout.write(`${json ? JSON.stringify(shown) : JSON.stringify(shown, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
