// W1: signed webhooks over 64 connections, each verified, deduplicated, made durable, and only then answered.
import type { Lab, LoadReport, SubjectEnd, SubjectReady } from "./lab.ts";
import { rounded, type Row, type WorkFigures } from "./figures.ts";
import type { Plan } from "./options.ts";
import { interleave, type Side } from "./sides.ts";
import { SECRET } from "./signature.ts";
import { median } from "./statistics.ts";

interface Ingested extends LoadReport, SubjectEnd {}

const LIMIT = "limits/ingest.ts";
const BOWLINE = "bowline.ts";

export async function measureIngest(lab: Lab, plan: Plan): Promise<WorkFigures> {
  const problems: string[] = [];
  const measure = async (file: string, settings: object): Promise<Ingested> => {
    const ingested = await ingest(lab, plan, file, settings);
    const expected = plan.ingestEvents + plan.warmUpEvents;
    if (ingested.failed > 0) problems.push(`${file}: ${ingested.failed} webhooks were not answered 2xx`);
    if (ingested.stored !== undefined && ingested.stored !== expected) {
      problems.push(`${file}: ${expected} were answered and ${ingested.stored} are kept`);
    }
    return ingested;
  };
  const unsafe: Record<"answer" | "verify", Ingested[]> = { answer: [], verify: [] };
  const figures = await interleave(plan, async (side: Side) => {
    if (side === "bowline") return measure(BOWLINE, { work: "ingest" });
    for (const steps of ["answer", "verify"] as const) unsafe[steps].push(await measure(LIMIT, { steps }));
    return measure(LIMIT, { steps: "keep" });
  });
  const rate = median(figures.bowline.map((run) => run.rate));
  const limit = median(figures.limit.map((run) => run.rate));
  return {
    title: `W1 ingest: ${plan.ingestEvents.toLocaleString("en")} signed webhooks, 64 connections`,
    rows: [
      row("node:http answering 200", unsafe.answer, "nothing verified, nothing kept"),
      row("+ HMAC of the raw body", unsafe.verify, "nothing kept"),
      row("+ dedupe, SQLite by group commit (limit)", figures.limit, "fsync before 2xx; nothing else is done"),
      row("Bowline", figures.bowline, "fsync before 2xx; no sync reads them yet, as in the limit"),
    ],
    json: {
      rate: rounded(rate, 0),
      limit: rounded(limit, 0),
      ratio: rounded(rate / limit),
      p99_ms: rounded(median(figures.bowline.map((run) => run.p99Ms)), 2),
    },
    problems,
  };
}

async function ingest(lab: Lab, plan: Plan, file: string, settings: object): Promise<Ingested> {
  const child = lab.subject(file, { folder: lab.newFolder(), secret: SECRET, ...settings });
  const { port } = await child.next<SubjectReady>();
  await lab.load(port, { "--events": plan.warmUpEvents });
  const report = await lab.load(port, { "--events": plan.ingestEvents, "--from": plan.warmUpEvents });
  return { ...(await child.stop<SubjectEnd>()), ...report };
}

function row(name: string, runs: readonly Ingested[], leftOut: string): Row {
  const middle = (of: (run: Ingested) => number): string => median(runs.map(of)).toFixed(1);
  return {
    name,
    unit: "events/s",
    rates: runs.map((run) => run.rate),
    notes: [
      `p50 ${middle((run) => run.p50Ms)} ms`,
      `p99 ${middle((run) => run.p99Ms)} ms`,
      `peak ${middle((run) => run.peakRssMb)} MB`,
    ],
    leftOut,
  };
}
