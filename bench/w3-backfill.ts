// W3: all records of a source read, mapped and written by one POST each, 16 at a time; then the same with nothing changed,
// which is to cost little more than the reading. And the memory it takes, at several sizes.
import { runWaitMs, type Child } from "./child.ts";
import { countsOf, type Lab, type SubjectEnd, type SubjectReady } from "./lab.ts";
import { rounded, type Row, type WorkFigures } from "./figures.ts";
import type { Plan } from "./options.ts";
import { interleave, type Side } from "./sides.ts";
import { SECRET } from "./signature.ts";
import { median } from "./statistics.ts";

const CONCURRENCY = 16;

interface How {
  readonly nodeFlags: readonly string[];
  /** How often the run with nothing changed is repeated: the first follows the backfill at once, a poll comes again and again. */
  readonly laterPasses: number;
}
const LATER_PASSES = 3;
const FREELY: How = { nodeFlags: [], laterPasses: LATER_PASSES };
/** Later passes are measured beside reading alone. */
const AS_LIMIT: How = { nodeFlags: [], laterPasses: 0 };
/**
 * Node lets its heap grow as long as there is memory, which is faster. Bounded, as an operator would where memory is scarce, it
 * shows what the work really needs: speed is measured without the bound, as the limit's is, and memory with it.
 */
const BOUNDED: How = { nodeFlags: ["--max-old-space-size=160", "--max-semi-space-size=8"], laterPasses: 0 };

interface Backfilled {
  readonly records: number;
  readonly rate: number;
  readonly unchangedRate: number;
  /** Of the passes after the first with nothing changed; not a number where there are none. */
  readonly laterRate: number;
  readonly peakRssMb: number;
}

/** What a subject answers to "run". */
interface Ran {
  readonly records: number;
  readonly seconds: number;
}

export async function measureBackfill(lab: Lab, plan: Plan): Promise<WorkFigures> {
  const problems: string[] = [];
  const alone: ReadAlone[] = [];
  const figures = await interleave(plan, async (side) => {
    if (side === "limit") alone.push(await readAlone(lab, plan.backfillRecords));
    return backfill(lab, side, plan.backfillRecords, problems, side === "limit" ? AS_LIMIT : FREELY);
  });
  const sizes: Backfilled[] = [];
  for (const records of plan.limitsOnly ? [] : plan.memoryRecords) {
    sizes.push(await backfill(lab, "bowline", records, problems, BOUNDED));
  }
  const rate = median(ratesOf(figures.bowline));
  const limit = median(ratesOf(figures.limit));
  const unchanged = median(unchangedRatesOf(figures.bowline));
  const later = median(laterRatesOf(figures.bowline));
  return {
    title: `W3 backfill: ${plan.backfillRecords.toLocaleString("en")} records, ${CONCURRENCY} writes at a time`,
    rows: [
      row("plain loop with SQLite (limit)", figures.limit, "fsync once a page; no order, base or log"),
      row("Bowline", figures.bowline, "fsync; nothing left out"),
      unchangedRow("unchanged: reading and parsing alone (limit)", ratesOf(alone), "nothing compared or kept"),
      unchangedRow("unchanged: plain loop", unchangedRatesOf(figures.limit), "compares one hash a record"),
      unchangedRow("unchanged: Bowline", unchangedRatesOf(figures.bowline), "nothing left out"),
      unchangedRow(
        "unchanged, later: reading alone (limit)",
        laterRatesOf(alone),
        `median of ${LATER_PASSES} more passes`,
      ),
      unchangedRow("unchanged, later: Bowline", laterRatesOf(figures.bowline), "nothing left out"),
      ...sizes.map((size) =>
        row(`Bowline, ${size.records.toLocaleString("en")} records, heap bounded`, [size], "one run, for its memory"),
      ),
    ],
    json: {
      rate: rounded(rate, 0),
      limit: rounded(limit, 0),
      ratio: rounded(rate / limit),
      unchangedRatio: rounded(unchanged / median(ratesOf(alone))),
      unchangedRatioLater: rounded(later / median(laterRatesOf(alone))),
      peak_rss_mb: rounded(sizes[0]?.peakRssMb ?? Number.NaN, 1),
      peak_rss_mb_million: rounded(sizes[1]?.peakRssMb ?? Number.NaN, 1),
      peak_rss_mb_unbounded: rounded(median(figures.bowline.map((run) => run.peakRssMb)), 1),
    },
    problems,
  };
}

async function backfill(
  lab: Lab,
  side: Side,
  records: number,
  problems: string[],
  { nodeFlags, laterPasses }: How,
): Promise<Backfilled> {
  const source = await lab.fake("source", { "--records": records });
  const target = await lab.fake("target");
  const settings = {
    folder: lab.newFolder(),
    secret: SECRET,
    sourceUrl: source.url,
    targetUrl: target.url,
    concurrency: CONCURRENCY,
  };
  const child =
    side === "limit"
      ? lab.subject("limits/backfill.ts", settings)
      : lab.subject("bowline.ts", { work: "backfill", ...settings }, nodeFlags);
  await child.next<SubjectReady>();
  const changed = await child.ask<Ran>("run", runWaitMs(records));
  const after = await countsOf(target);
  const unchanged = await child.ask<Ran>("run", runWaitMs(records));
  const laterRate = await laterRateOf(child, records, laterPasses);
  const counts = await countsOf(target);
  const { peakRssMb } = await child.stop<SubjectEnd>();
  source.kill();
  target.kill();
  if (after.orders !== records) problems.push(`W3 ${side}: ${records - after.orders} records were not written`);
  if (counts.duplicates > 0) problems.push(`W3 ${side}: ${counts.duplicates} orders became two invoices`);
  if (counts.posts > after.posts) problems.push(`W3 ${side}: ${counts.posts - after.posts} unchanged were written`);
  return {
    records,
    rate: rateOf(changed),
    unchangedRate: rateOf(unchanged),
    laterRate,
    peakRssMb,
  };
}

type ReadAlone = Pick<Backfilled, "rate" | "laterRate">;

/** The second pass counts first: an unchanged run comes second in its process, too. */
async function readAlone(lab: Lab, records: number): Promise<ReadAlone> {
  const source = await lab.fake("source", { "--records": records });
  const child = lab.subject("limits/read-alone.ts", { sourceUrl: source.url });
  await child.next<SubjectReady>();
  await child.ask<Ran>("run");
  const ran = await child.ask<Ran>("run");
  const laterRate = await laterRateOf(child, records, LATER_PASSES);
  await child.stop<SubjectEnd>();
  source.kill();
  return { rate: rateOf(ran), laterRate };
}

async function laterRateOf(child: Child, records: number, passes: number): Promise<number> {
  const rates: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    rates.push(rateOf(await child.ask<Ran>("run", runWaitMs(records))));
  }
  return median(rates);
}

const rateOf = ({ records, seconds }: Ran): number => records / seconds;
const ratesOf = (runs: readonly Pick<Backfilled, "rate">[]): number[] => runs.map((run) => run.rate);
const unchangedRatesOf = (runs: readonly Backfilled[]): number[] => runs.map((run) => run.unchangedRate);
const laterRatesOf = (runs: readonly Pick<Backfilled, "laterRate">[]): number[] => runs.map((run) => run.laterRate);

function row(name: string, runs: readonly Backfilled[], leftOut: string): Row {
  const peak = median(runs.map((run) => run.peakRssMb)).toFixed(0);
  return { name, unit: "records/s", rates: ratesOf(runs), notes: [`peak ${peak} MB`], leftOut };
}

function unchangedRow(name: string, rates: readonly number[], leftOut: string): Row {
  return { name, unit: "records/s", rates, notes: [], leftOut };
}
