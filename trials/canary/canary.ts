// The trial `canary`: two hundred secrets that are like no other, in every slot and quoted back by the provider in every way;
// no part of one may be seen in anything that Bowline says or leaves.
import type { Trial } from "../trial.ts";
import { optionsOf, USAGE } from "./options.ts";
import { runCanary } from "./run.ts";
import type { Scanner } from "./scan.ts";
import { shortcomings } from "./verdict.ts";

const EXAMPLES_MAX = 12;

export const canary: Trial = {
  name: "canary",
  shows: "no part of a secret is seen in logs, errors, answers, pages or files, whatever fails and whoever quotes it",
  usage: USAGE,
  async run(words) {
    const options = optionsOf(words, Date.now());
    const say = (line: string): void => void process.stderr.write(`canary: ${line}\n`);
    const planted = options.plant === undefined ? "" : `, ${options.plant} planted`;
    say(`${options.canaries} canaries, seed ${options.seed}${planted}`);
    const { figures, scanner } = await runCanary(options, say);
    const seen = sightings(scanner);
    const problems = seen.length > 0 ? seen : shortcomings(figures, scanner.places);
    for (const problem of problems.slice(0, EXAMPLES_MAX)) say(`PROBLEM ${problem}`);
    say(problems.length === 0 ? `held, in ${figures.seconds} s` : `did not hold, after ${figures.seconds} s`);
    const told = problems.length === 0 ? figures : { ...figures, problems: problems.slice(0, EXAMPLES_MAX) };
    process.stdout.write(`${options.json ? JSON.stringify(told) : JSON.stringify(told, null, 2)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};

/** One line for each place and form, with how often; never the canary itself. */
function sightings({ hits }: Scanner): readonly string[] {
  const counts = new Map<string, number>();
  for (const { where, form, canary: number } of hits) {
    const words = `a part of a canary in ${where}, as ${form} (such as number ${number})`;
    const place = words.replace(/ \(.*/, "");
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${words}: ${count} times`);
}
