// The trial `redirect`: a provider that is asked sends each kind of call elsewhere, in every way; no credential and no byte of
// a body may come to another origin.
import { parseArgs } from "node:util";
import { UsageError, type Trial } from "../trial.ts";
import { PLANTS, runMatrix, type Plant } from "./run.ts";

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
    const { plant, json } = optionsOf(words);
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

function optionsOf(words: readonly string[]): { readonly plant: Plant | undefined; readonly json: boolean } {
  const { values } = parsed(words);
  const plant = PLANTS.find((known) => known === values.plant);
  if (values.plant !== undefined && plant === undefined) {
    throw new UsageError(`could not plant ${values.plant}: expected one of ${PLANTS.join(", ")}`);
  }
  return { plant, json: values.json };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: { plant: { type: "string" }, seed: { type: "string" }, json: { type: "boolean", default: false } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
