// Runs a trial: faults against real processes, counted, from a seed. `npm run -s trial` lists them.
import { ambiguous } from "./ambiguous/ambiguous.ts";
import { audit } from "./audit/audit.ts";
import { budget } from "./budget/budget.ts";
import { canary } from "./canary/canary.ts";
import { converge } from "./converge/converge.ts";
import { crash } from "./crash/crash.ts";
import { cursor } from "./cursor/cursor.ts";
import { redirect } from "./redirect/redirect.ts";
import { refresh } from "./refresh/refresh.ts";
import { restore } from "./restore/restore.ts";
import { rotate } from "./rotate/rotate.ts";
import { ssrf } from "./ssrf/ssrf.ts";
import { transplant } from "./transplant/transplant.ts";
import { UsageError, type Trial } from "./trial.ts";

const TRIALS: readonly Trial[] = [
  ambiguous,
  audit,
  budget,
  canary,
  converge,
  crash,
  cursor,
  redirect,
  refresh,
  restore,
  rotate,
  ssrf,
  transplant,
];

const [name, ...words] = process.argv.slice(2);
if (name === undefined) {
  for (const trial of TRIALS) process.stdout.write(`${trial.name.padEnd(10)} ${trial.shows}\n`);
} else process.exitCode = await run(name, words);

async function run(wanted: string, rest: readonly string[]): Promise<number> {
  const trial = TRIALS.find((one) => one.name === wanted);
  if (trial === undefined) {
    const names = TRIALS.map((one) => one.name).join(", ");
    process.stderr.write(`trial: could not run ${wanted}: expected one of ${names}\n`);
    return 2;
  }
  try {
    return await trial.run(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`trial: ${error.message}\n${trial.usage}\n`);
    return 2;
  }
}
