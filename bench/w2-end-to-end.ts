// W2: each webhook ends as an invoice at the target. Flat out, gently, and under hardship (slow target, failing target);
// times are taken by the generator and the target, so they say nothing of what the receiver believes.
import { setTimeout as sleep } from "node:timers/promises";
import {
  countsOf,
  receivedNs,
  type Fake,
  type Lab,
  type SubjectEnd,
  type SubjectReady,
  type TargetCounts,
} from "./lab.ts";
import { rounded, type Row, type WorkFigures } from "./figures.ts";
import type { Plan } from "./options.ts";
import { interleave, type Side } from "./sides.ts";
import { SECRET } from "./signature.ts";
import { median, percentile } from "./statistics.ts";

const CONCURRENCY = 64;
const LOOK_EVERY_MS = 25;
/** A target that gets nothing new for so long will get nothing more. */
const STALLED_MS = 20_000;

interface Delivered {
  readonly rate: number;
  /** From a webhook's sending to its invoice's arrival, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly undelivered: number;
}

interface Round {
  readonly flatOut: Delivered;
  readonly gentle: Delivered;
  readonly counts: TargetCounts;
  readonly end: SubjectEnd;
}

const HARDSHIPS = [
  { name: "target takes 20 ms", flags: { "--latency-ms": 20 } },
  { name: "1 % of 500s, 429 now and then", flags: { "--error-share": 0.01, "--throttle-every": 5000 } },
] as const;

export async function measureEndToEnd(lab: Lab, plan: Plan): Promise<WorkFigures> {
  const problems: string[] = [];
  const figures = await interleave(plan, async (side) => {
    const round = await run(lab, plan, side, {}, true);
    problems.push(...problemsOf(side, round));
    return round;
  });
  const rows = [
    row("receive, map, post, mark done (limit)", figures.limit, "fsync; no order per record, link, base or log"),
    row("Bowline", figures.bowline, "fsync; nothing left out"),
    gentleRow(plan, "limit", figures.limit),
    gentleRow(plan, "Bowline", figures.bowline),
  ];
  for (const { name, flags } of plan.withHardships ? HARDSHIPS : []) {
    const hard = await interleave({ ...plan, runs: 1 }, (side) => run(lab, plan, side, flags, false));
    for (const side of ["limit", "bowline"] as const) {
      problems.push(...hard[side].flatMap((round) => problemsOf(`${side}, ${name}`, round)));
      rows.push(row(`${side === "limit" ? "limit" : "Bowline"}, ${name}`, hard[side], "one run"));
    }
  }
  const rate = median(figures.bowline.map((round) => round.flatOut.rate));
  const limit = median(figures.limit.map((round) => round.flatOut.rate));
  return {
    title: `W2 end to end: ${plan.deliverEvents.toLocaleString("en")} webhooks to invoices, ${CONCURRENCY} at a time`,
    rows,
    json: {
      rate: rounded(rate, 0),
      limit: rounded(limit, 0),
      ratio: rounded(rate / limit),
      e2e_p99_ms: rounded(median(figures.bowline.map((round) => round.gentle.p99Ms)), 2),
    },
    problems,
  };
}

async function run(lab: Lab, plan: Plan, side: Side, flags: Record<string, number>, isGentle: boolean): Promise<Round> {
  const target = await lab.fake("target", flags);
  const settings = { folder: lab.newFolder(), secret: SECRET, targetUrl: target.url, concurrency: CONCURRENCY };
  const child =
    side === "limit"
      ? lab.subject("limits/deliver.ts", settings)
      : lab.subject("bowline.ts", { work: "deliver", ...settings });
  const { port } = await child.next<SubjectReady>();
  const warm = plan.warmUpEvents / 2;
  await deliver(lab, target, port, { from: 0, events: warm, rate: 0 });
  const flatOut = await deliver(lab, target, port, { from: warm, events: plan.deliverEvents, rate: 0 });
  const from = warm + plan.deliverEvents;
  const gentle = isGentle
    ? await deliver(lab, target, port, { from, events: plan.gentleEvents, rate: plan.gentleRate })
    : { rate: Number.NaN, p50Ms: Number.NaN, p99Ms: Number.NaN, undelivered: 0 };
  const counts = await countsOf(target);
  const end = await child.stop<SubjectEnd>();
  target.kill();
  return { flatOut, gentle, counts, end };
}

async function deliver(
  lab: Lab,
  target: Fake,
  port: number,
  { from, events, rate }: { readonly from: number; readonly events: number; readonly rate: number },
): Promise<Delivered> {
  const sent = await lab.loadWithTimes(port, { "--from": from, "--events": events, "--rate": rate });
  const counts = await settled(target, from + events);
  const received = await receivedNs(target);
  const times: number[] = [];
  sent.sentNs.forEach((sentNs, at) => {
    const receivedAtNs = received[from + at] ?? 0n;
    if (receivedAtNs > 0n) times.push(Number(receivedAtNs - sentNs) / 1e6);
  });
  return {
    rate: (times.length * 1e9) / Number(BigInt(counts.lastNs) - BigInt(sent.beganNs)),
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    undelivered: events - times.length,
  };
}

/** Waits until so many orders came in all, or no more come. */
async function settled(target: Fake, orders: number): Promise<TargetCounts> {
  let counts = await countsOf(target);
  for (let stillMs = 0; counts.orders < orders && stillMs < STALLED_MS;) {
    await sleep(LOOK_EVERY_MS);
    const before = counts.orders;
    counts = await countsOf(target);
    stillMs = counts.orders === before ? stillMs + LOOK_EVERY_MS : 0;
  }
  return counts;
}

function problemsOf(who: string, { flatOut, gentle, counts }: Round): readonly string[] {
  const undelivered = flatOut.undelivered + gentle.undelivered;
  return [
    ...(undelivered > 0 ? [`W2 ${who}: ${undelivered} events never reached the target`] : []),
    ...(counts.duplicates > 0 ? [`W2 ${who}: ${counts.duplicates} orders became two invoices`] : []),
  ];
}

function row(name: string, rounds: readonly Round[], leftOut: string): Row {
  const middle = (of: (round: Round) => number): string => median(rounds.map(of)).toFixed(0);
  return {
    name,
    unit: "events/s",
    rates: rounds.map((round) => round.flatOut.rate),
    notes: [
      `duplicates ${middle((round) => round.counts.duplicates)}`,
      `repeated calls ${middle((round) => round.counts.repeats)}`,
      `undelivered ${middle((round) => round.flatOut.undelivered + round.gentle.undelivered)}`,
      `peak ${middle((round) => round.end.peakRssMb)} MB`,
    ],
    leftOut,
  };
}

function gentleRow(plan: Plan, name: string, rounds: readonly Round[]): Row {
  const middle = (of: (round: Round) => number): string => median(rounds.map(of)).toFixed(1);
  return {
    name: `${name}, at ${plan.gentleRate} events/s`,
    unit: "events/s",
    rates: rounds.map((round) => round.gentle.rate),
    notes: [
      `webhook to target p50 ${middle((round) => round.gentle.p50Ms)} ms`,
      `p99 ${middle((round) => round.gentle.p99Ms)} ms`,
    ],
    leftOut: "",
  };
}
