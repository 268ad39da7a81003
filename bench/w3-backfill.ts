// W3: all records of a source read, mapped and written by one POST each, 16 at a time; then the same with nothing changed,
// which is to cost little more than the reading. And the memory it takes, at several sizes.
import { runWaitMs } from "./child.ts";
import { countsOf, type Lab, type SubjectEnd, type SubjectReady } from "./lab.ts";
import { rounded, type Row, type WorkFigures } from "./figures.ts";
import type { Plan } from "./options.ts";
import { interleave, type Side } from "./sides.ts";
import { SECRET } from "./signature.ts";
import { median } from "./statistics.ts";

const CONCURRENCY = 16;
/**
 * Node lets its heap grow as long as there is memory, which is faster. Bounded, as an operator would where memory is scarce, it
 * shows what the work really needs: speed is measured without the bound, as the limit's is, and memory with it.
 */
const BOUNDED_HEAP = ["--max-old-space-size=160", "--max-semi-space-size=8"];

interface Backfilled {
  readonly records: number;
  readonly rate: number;
  readonly unchangedRate: number;
  readonly peakRssMb: number;
}

/** What a subject answers to "run". */
interface Ran {
  readonly records: number;
  readonly seconds: number;
}

export async function measureBackfill(lab: Lab, plan: Plan): Promise<WorkFigures> {
  const problems: string[] = [];
  const alone: number[] = [];
  const figures = await interleave(plan, async (side) => {
    if (side === "limit") alone.push(await readAlone(lab, plan.backfillRecords));
    return backfill(lab, side, plan.backfillRecords, problems);
  });
  const sizes: Backfilled[] = [];
  for (const records of plan.limitsOnly ? [] : plan.memoryRecords) {
    sizes.push(await backfill(lab, "bowline", records, problems, BOUNDED_HEAP));
  }
  const rate = median(figures.bowline.map((run) => run.rate));
  const limit = median(figures.limit.map((run) => run.rate));
  const unchanged = median(figures.bowline.map((run) => run.unchangedRate));
  return {
    title: `W3 backfill: ${plan.backfillRecords.toLocaleString("en")} records, ${CONCURRENCY} writes at a time`,
    rows: [
      row("plain loop with SQLite (limit)", figures.limit, "fsync once a page; no order, base or log"),
      row("Bowline", figures.bowline, "fsync; nothing left out"),
      {
        name: "unchanged: reading and parsing alone (limit)",
        unit: "records/s",
        rates: alone,
        notes: [],
        leftOut: "nothing compared or kept",
      },
      unchangedRow("unchanged: plain loop", figures.limit, "compares one hash a record"),
      unchangedRow("unchanged: Bowline", figures.bowline, "nothing left out"),
      ...sizes.map((size) =>
        row(`Bowline, ${size.records.toLocaleString("en")} records, heap bounded`, [size], "one run, for its memory"),
      ),
    ],
    json: {
      rate: rounded(rate, 0),
      limit: rounded(limit, 0),
      ratio: rounded(rate / limit),
      unchangedRatio: rounded(unchanged / median(alone)),
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
  flags: readonly string[] = [],
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
      : lab.subject("bowline.ts", { work: "backfill", ...settings }, flags);
  await child.next<SubjectReady>();
  const changed = await child.ask<Ran>("run", runWaitMs(records));
  const after = await countsOf(target);
  const unchanged = await child.ask<Ran>("run", runWaitMs(records));
  const counts = await countsOf(target);
  const { peakRssMb } = await child.stop<SubjectEnd>();
  source.kill();
  target.kill();
  if (after.orders !== records) problems.push(`W3 ${side}: ${records - after.orders} records were not written`);
  if (counts.duplicates > 0) problems.push(`W3 ${side}: ${counts.duplicates} orders became two invoices`);
  if (counts.posts > after.posts) problems.push(`W3 ${side}: ${counts.posts - after.posts} unchanged were written`);
  return {
    records,
    rate: changed.records / changed.seconds,
    unchangedRate: unchanged.records / unchanged.seconds,
    peakRssMb,
  };
}

/** The second pass counts: an unchanged run comes second in its process, too. */
async function readAlone(lab: Lab, records: number): Promise<number> {
  const source = await lab.fake("source", { "--records": records });
  const child = lab.subject("limits/read-alone.ts", { sourceUrl: source.url });
  await child.next<SubjectReady>();
  await child.ask<Ran>("run");
  const ran = await child.ask<Ran>("run");
  await child.stop<SubjectEnd>();
  source.kill();
  return ran.records / ran.seconds;
}

function row(name: string, runs: readonly Backfilled[], leftOut: string): Row {
  const peak = median(runs.map((run) => run.peakRssMb)).toFixed(0);
  return { name, unit: "records/s", rates: runs.map((run) => run.rate), notes: [`peak ${peak} MB`], leftOut };
}

function unchangedRow(name: string, runs: readonly Backfilled[], leftOut: string): Row {
  return { name, unit: "records/s", rates: runs.map((run) => run.unchangedRate), notes: [], leftOut };
}
