// What looks different is read on both sides as it is now, until each is judged or known to be under way: a record that changes
// while the audit runs is no false alarm.
import { durationText } from "../../define/duration.ts";
import { changedAt } from "./cause.ts";
import { rowOf, SUSPECT, type Course } from "./course.ts";
import { lookAtBoth, type Looked } from "./look-both.ts";
import type { AuditFinding, FindingKind } from "./report.ts";
import { SideRows } from "./side-rows.ts";
import { findWrongLinks } from "./wrong-links.ts";

/** How often a record that changes all the time is read again. */
const LOOKS_MAX = 4;
const LOOK_AGAIN_MS = 1_000;
/** The longest that is waited until a change counts as missed; beyond it such a record is told as under way. */
const WAIT_MS_MAX = 10 * 60_000;

interface JudgedEnd {
  readonly is: "judged";
  readonly key: string;
  readonly finding?: AuditFinding;
}

type End = JudgedEnd | { readonly is: "later"; readonly key: string; readonly at: number };

/** How often a record was looked at, and since when it is as it was the last time. */
interface Look {
  readonly times: number;
  readonly hash: string | undefined;
  readonly at: number;
}

export async function recheck(course: Course): Promise<void> {
  const looks = new Map<string, Look>();
  for (;;) {
    let dueAt = Number.POSITIVE_INFINITY;
    for await (const suspects of course.findings(SUSPECT)) {
      const keys = suspects.map(({ key }) => key);
      const looked = await lookAtBoth(course.both, keys);
      const ends = looked.map((one) => endOf(course, looks, one));
      dueAt = Math.min(dueAt, ...ends.flatMap((end) => (end.is === "later" ? [end.at] : [])));
      await keep(
        course,
        ends.filter((end) => end.is === "judged"),
      );
    }
    if (dueAt === Number.POSITIVE_INFINITY) break;
    await course.calls.wait(dueAt - course.now);
  }
  await findWrongLinks(course);
  await course.next(course.asked.repair === undefined ? "sweep" : "repair");
}

async function keep(course: Course, ends: readonly JudgedEnd[]): Promise<void> {
  const findings = ends.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
  const of = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  const counts = course.count({
    rechecked: ends.length,
    missing: of("missing"),
    extra: of("extra"),
    different: of("different"),
    inFlight: of("in-flight"),
  });
  const keys = ends.map(({ key }) => key);
  await course.step({ counts }, { without: [{ kind: SUSPECT, keys }], findings: findings.map(rowOf) });
}

function endOf(course: Course, looks: Map<string, Look>, looked: Looked): End {
  const { key, read, judged } = looked;
  const { now } = course;
  const before = looks.get(key);
  const times = (before?.times ?? 0) + 1;
  const at = before !== undefined && before.hash === read.sourceHash ? before.at : now;
  looks.set(key, { times, hash: read.sourceHash, at });
  if (judged === undefined) {
    if (times < LOOKS_MAX) return { is: "later", key, at: now + LOOK_AGAIN_MS };
    return { is: "judged", key, finding: underWay(key, "it changes all the time while it is looked at") };
  }
  const { finding } = judged;
  if (finding?.cause.code !== "missed") return { is: "judged", key, ...(finding === undefined ? {} : { finding }) };
  const { freshWithinMs } = course.parts.auditable;
  const knownSince = changedAt(read) ?? (isAsListed(course, looked) ? (course.progress.sourceUntil ?? at) : at);
  const dueAt = knownSince + freshWithinMs;
  if (dueAt <= now) return { is: "judged", key, finding };
  // A change may take so long to be noticed; only one that takes longer was missed.
  if (dueAt - now <= WAIT_MS_MAX) return { is: "later", key, at: dueAt };
  const text = `it changed within the ${durationText(freshWithinMs)} that are promised, and was not noticed yet`;
  return { is: "judged", key, finding: underWay(key, text) };
}

/** Did the listing show the source record as it is now? */
function isAsListed({ asked, parts }: Course, { key, read, linked }: Looked): boolean {
  const { source, facts } = read;
  if (asked.sample !== undefined) return false;
  if (source === undefined || facts.listed === undefined)
    return (source === undefined) === (facts.listed === undefined);
  const rows = new SideRows(parts.auditable, "source", 1);
  rows.addSource(key, source, linked);
  const now = rows.rows();
  return now.expects?.[0] === facts.listed.expects && Buffer.compare(now.digests, facts.listed.digests) === 0;
}

function underWay(key: string, text: string): AuditFinding {
  return { kind: "in-flight", key, cause: { code: "under-way", text } };
}
