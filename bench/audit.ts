// An audit of records that did not change, beside listing both sides alone: it is to cost little more, and no memory by the record.
import { runWaitMs } from "./child.ts";
import type { Lab, SubjectEnd, SubjectReady } from "./lab.ts";
import { rounded, type WorkFigures } from "./figures.ts";
import type { Plan } from "./options.ts";
import { median } from "./statistics.ts";

/** As in a backfill: speed is measured without the bound, memory with it. */
const BOUNDED_HEAP = ["--max-old-space-size=160", "--max-semi-space-size=8"];

interface Ran {
  readonly records: number;
  readonly seconds: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
}

interface AuditRun {
  readonly audited: Ran;
  readonly listed: Ran;
}

const rateOf = ({ records, seconds }: Ran): number => records / seconds;
/** Processor time by the record, in microseconds: it says the same on a machine that has other work. */
const cpuOf = ({ records, cpuSeconds }: Ran): number => (cpuSeconds / records) * 1e6;

export async function measureAudit(lab: Lab, plan: Plan): Promise<WorkFigures> {
  const problems: string[] = [];
  const { runs, peakRssMb } = plan.limitsOnly ? { runs: [], peakRssMb: Number.NaN } : await audits(lab, plan, problems);
  const audited = runs.map((run) => run.audited);
  const listed = runs.map((run) => run.listed);
  const rate = median(audited.map(rateOf));
  const listingRate = median(listed.map(rateOf));
  const cpuUs = median(audited.map(cpuOf));
  const listingCpuUs = median(listed.map(cpuOf));
  return {
    title: `Audit: ${plan.auditRecords.toLocaleString("en")} records on each side, none changed`,
    rows: [
      {
        name: "listing both sides alone (limit)",
        unit: "records/s",
        rates: listed.map(rateOf),
        notes: [`${listingCpuUs.toFixed(1)} µs CPU`],
        leftOut: "the same connectors, calls and pages; nothing mapped, compared or kept",
      },
      {
        name: "audit",
        unit: "records/s",
        rates: audited.map(rateOf),
        notes: [`${cpuUs.toFixed(1)} µs CPU`, `peak ${peakRssMb.toFixed(0)} MB`],
        leftOut: "nothing left out; peak of another run, its heap bounded at 160 MB",
      },
    ],
    json: {
      rate: rounded(rate, 0),
      listingRate: rounded(listingRate, 0),
      // How much longer it takes.
      ratio: rounded(listingRate / rate),
      cpu_us: rounded(cpuUs, 1),
      listing_cpu_us: rounded(listingCpuUs, 1),
      peak_rss_mb: rounded(peakRssMb, 1),
    },
    problems,
  };
}

/** In turn, on one file of state: the links are made once. */
async function audits(
  lab: Lab,
  plan: Plan,
  problems: string[],
): Promise<{ readonly runs: readonly AuditRun[]; readonly peakRssMb: number }> {
  const flags = { "--records": plan.auditRecords };
  const [source, target] = [await lab.fake("source", flags), await lab.fake("source", flags)];
  const settings = { folder: lab.newFolder(), sourceUrl: source.url, targetUrl: target.url };
  const waitMs = runWaitMs(2 * plan.auditRecords);
  const ran = (one: Ran): Ran => {
    if (one.records !== 2 * plan.auditRecords) problems.push(`audit: only ${one.records} were compared`);
    return one;
  };
  const bounded = lab.subject("audit-subject.ts", settings, BOUNDED_HEAP);
  await bounded.next<SubjectReady>();
  await bounded.ask<Ran>("link", waitMs);
  ran(await bounded.ask<Ran>("audit", waitMs));
  const { peakRssMb } = await bounded.stop<SubjectEnd>();
  const child = lab.subject("audit-subject.ts", settings);
  await child.next<SubjectReady>();
  const runs: AuditRun[] = [];
  for (let run = 0; run < plan.runs; run += 1) {
    const listed = ran(await child.ask<Ran>("list", waitMs));
    runs.push({ listed, audited: ran(await child.ask<Ran>("audit", waitMs)) });
  }
  await child.stop<SubjectEnd>();
  source.kill();
  target.kill();
  return { runs, peakRssMb };
}
