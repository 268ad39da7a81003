// Measures the works, Bowline beside its limit in the same run, and says what was measured in what way:
// `npm run -s bench -- --json`.
import { availableParallelism } from "node:os";
import { measureAudit } from "./audit.ts";
import { fsyncMs } from "./disk.ts";
import type { WorkFigures } from "./figures.ts";
import { Lab } from "./lab.ts";
import { measureMerge } from "./merge.ts";
import { measureMaxima } from "./maxima.ts";
import { USAGE, planOf, type Plan, type Work } from "./options.ts";
import { table } from "./table.ts";
import { measureIngest } from "./w1-ingest.ts";
import { measureEndToEnd } from "./w2-end-to-end.ts";
import { measureBackfill } from "./w3-backfill.ts";

const MEASURE: Record<Work, (lab: Lab, plan: Plan) => Promise<WorkFigures>> = {
  w1: measureIngest,
  w2: measureEndToEnd,
  w3: measureBackfill,
  audit: measureAudit,
  merge: measureMerge,
};

function planOrExit(): Plan {
  try {
    return planOf(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exit(2);
  }
}

/** With --json the table goes to standard error, so that standard output is for programs. */
function sayTo(plan: Plan): (text: string) => void {
  const stream = plan.json ? process.stderr : process.stdout;
  return (text) => void stream.write(`${text}\n`);
}

const thousands = (value: number): string => `${Math.round(value / 1000).toLocaleString("en")},000`;

async function describe(lab: Lab, plan: Plan): Promise<string> {
  const { requests, records } = await measureMaxima(lab);
  const caution =
    "they take their share of the cores from what is measured: compare ratios only, or install a C compiler";
  return [
    `Node ${process.versions.node}, ${availableParallelism()} cores, fsync ${fsyncMs(lab.folder).toFixed(2)} ms; medians of ${plan.runs}`,
    `generator and fakes in ${lab.writtenIn}; their own maxima: ${thousands(requests)} requests/s, ${thousands(records)} records/s read`,
    ...(lab.writtenIn === "Node" ? [caution] : []),
  ].join("\n");
}

async function bench(plan: Plan): Promise<number> {
  const say = sayTo(plan);
  const lab = new Lab();
  process.once("SIGINT", () => {
    lab.close();
    process.exit(130);
  });
  try {
    await lab.open(plan.withoutC);
    say(`${await describe(lab, plan)}\n`);
    const json: Record<string, unknown> = {};
    const problems: string[] = [];
    for (const work of plan.works) {
      const figures = await MEASURE[work](lab, plan);
      say(`${table(figures)}\n`);
      json[work] = figures.json;
      problems.push(...figures.problems);
    }
    for (const problem of problems) say(`PROBLEM ${problem}`);
    if (plan.json) process.stdout.write(`${JSON.stringify(problems.length > 0 ? { ...json, problems } : json)}\n`);
    return problems.length > 0 ? 1 : 0;
  } finally {
    lab.close();
  }
}

process.exitCode = await bench(planOrExit());
