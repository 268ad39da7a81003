// Marks what was found for the ordinary path: what was just read is made known, and the pair is pending for the reconciler, which
// decides, arms and writes as always.
import type { Side } from "../../../define/two-way.ts";
import { seenRecord } from "../../../observe/seen-record.ts";
import { SIDES } from "../../../reconcile/merge.ts";
import type { AuditRebase } from "../../../store/audit.ts";
import type { AuditedRecord } from "../../../store/audit-pairs.ts";
import type { Observation } from "../../../store/store.ts";
import { REPAIRABLE, type AuditFinding } from "../report.ts";
import { findingOf, rowOf } from "../steps.ts";
import { verifyMarked } from "../verify.ts";
import { lookAtPairRows, lookAtPairs, type LookedPair, type ReadRecord } from "./look-pairs.ts";
import type { PairCourse } from "./pair-course.ts";
import { suspectOf } from "./suspect-rows.ts";

interface Mending {
  readonly key: string;
  readonly finding: AuditFinding;
  readonly looked: LookedPair;
  readonly rebase?: AuditRebase;
  /** Why it is left as it is. */
  readonly left?: string;
}

export async function repairPairs(course: PairCourse): Promise<void> {
  const { upTo = Number.POSITIVE_INFINITY, dryRun = false } = course.asked.repair ?? {};
  const { missing, extra, different } = course.progress.counts;
  if (dryRun || missing + extra + different > upTo) return course.next("sweep");
  const { id, store, sync, wakeSyncs } = course;
  const readAt = course.now;
  const mendings = await mendingsOf(course);
  const rebased = new Set(
    await store.auditRebase(
      id,
      mendings.flatMap(({ rebase }) => (rebase === undefined ? [] : [rebase])),
    ),
  );
  const marked = new Set(
    mendings.filter(({ rebase, left }) => left === undefined && (rebase === undefined || rebased.has(rebase.key))),
  );
  const observations = [...marked].flatMap(({ looked }) => observationsOf(course, looked, readAt));
  const { syncs } = await store.observe({ observations });
  const findings = mendings.map((one) => rowOf(told(one, marked.has(one)), one.key));
  const counts = course.count({ marked: marked.size, left: mendings.length - marked.size });
  await course.step({ counts, repairedAt: course.now }, { findings });
  wakeSyncs([...syncs, sync.name]);
  await course.next("verify");
}

export function verifyPairs(course: PairCourse): Promise<void> {
  const target = course.sync.sides.map(({ name }) => name).join(" or ");
  return verifyMarked(course, { look: (rows) => lookAtPairRows(course, rows), target });
}

async function mendingsOf(course: PairCourse): Promise<readonly Mending[]> {
  const mendings: Mending[] = [];
  for (const kind of REPAIRABLE) {
    for await (const rows of course.findings(kind)) {
      const left = rows.filter((row) => findingOf(row).repair === undefined);
      const looked = await lookAtPairs(
        course,
        left.map((row) => suspectOf(course.sync, row)),
      );
      looked.forEach((one, index) => {
        const row = left[index];
        if (row !== undefined) mendings.push(mendingOf(row.key, findingOf(row), one));
      });
    }
  }
  return mendings;
}

function mendingOf(key: string, finding: AuditFinding, looked: LookedPair): Mending {
  const now = looked.judged?.finding;
  const { link } = looked.read.facts;
  const common = { key, finding, looked };
  if (looked.judged !== undefined && now === undefined) return { ...common, left: "it agrees by now" };
  if (now === undefined || now.kind !== finding.kind) return { ...common, left: "it changed meanwhile" };
  if (now.cause.code === "unreadable") return { ...common, left: now.cause.text };
  if (finding.write === undefined) return { ...common, left: "a person has to mend it" };
  if (finding.linkTo === undefined || link === undefined) return common;
  // What both agreed on is just what that record shows, so that nothing is written over either.
  const relinked = { ...link, targetKey: finding.linkTo };
  return { ...common, rebase: { key: finding.key, was: link.targetKey, link: relinked } };
}

function told({ finding, left }: Mending, isMarked: boolean): AuditFinding {
  if (isMarked) return { ...finding, repair: "marked" };
  return { ...finding, repair: "left", left: left ?? "it became pending, or was linked otherwise, meanwhile" };
}

/** The records as they were just read; other syncs are told only what is news. */
function observationsOf(course: PairCourse, looked: LookedPair, at: number): readonly Observation[] {
  const { sync } = course;
  const { suspect } = looked;
  const { facts, records, candidates } = looked.read;
  const side = suspect.side ?? 0;
  const own = SIDES.flatMap((of) => {
    const record = records[of];
    const before = of === side ? facts : facts.other;
    return record === undefined || before === undefined ? [] : [{ of, record, before }];
  });
  const found = candidates.map((one) => ({
    of: side === 0 ? (1 as const) : (0 as const),
    record: one,
    before: one.facts,
  }));
  const successors = own.flatMap(({ of, record }) => successorOf(course, of, record, at));
  // A record that took up another one is known first, so that the other is not taken for deleted.
  const read = [...own, ...found].map(({ of, record, before }): Observation => {
    const { id, resource } = sync.sides[of].resource;
    const common = {
      resource: id,
      key: record.key,
      cause: "audit",
      priority: "backfill",
      at,
      evenUnchanged: true,
    } as const;
    const only = isKnown(record, before) ? { onlySyncs: [sync.name] } : {};
    if (record.body === undefined) return { ...common, ...only, seen: { kind: "deleted" } };
    return { ...common, ...only, ...seenRecord(resource, record.body) };
  });
  return [...successors, ...read];
}

function successorOf(
  { sync }: PairCourse,
  side: Side,
  { key, movedTo, successor }: ReadRecord,
  at: number,
): readonly Observation[] {
  if (movedTo === undefined || successor === undefined) return [];
  const { id, resource } = sync.sides[side].resource;
  const { seen, ...version } = seenRecord(resource, successor);
  const whole = { ...seen, former: [...new Set([...(seen.former ?? []), key])] };
  return [{ resource: id, key: movedTo, cause: "audit", priority: "backfill", at, ...version, seen: whole }];
}

function isKnown({ seen }: ReadRecord, { record }: AuditedRecord): boolean {
  if (seen === undefined) return record?.deleted === true;
  return record?.deleted === false && record.hash === seen.seen.hash;
}
