// The audit of a two-way sync: both sides as they are now, against what a second pass of the reconciler would write.
import type { AuditRow } from "../../../store/audit.ts";
import { AuditRun } from "../audit-run.ts";
import type { AuditStage } from "../report.ts";
import { settleSuspects } from "../settle-suspects.ts";
import { findAlone } from "./alone.ts";
import { comparePairs, samplePairs } from "./compare-pairs.ts";
import { gatherFirst, gatherSecond } from "./gather-pairs.ts";
import { lookAtPairRows } from "./look-pairs.ts";
import { repairPairs, verifyPairs } from "./mend-pairs.ts";
import { PairCourse, type PairCourseParts } from "./pair-course.ts";
import { pairResultOf } from "./pair-result.ts";
import { findWrongPairLinks } from "./pair-wrong-links.ts";

const STAGES: Readonly<Record<Exclude<AuditStage, "sweep" | "gone">, (course: PairCourse) => Promise<void>>> = {
  source: gatherFirst,
  target: gatherSecond,
  sample: samplePairs,
  compare: comparePairs,
  unmatched: findAlone,
  recheck: recheckPairs,
  repair: repairPairs,
  verify: verifyPairs,
};

export function pairRun(parts: PairCourseParts, row: AuditRow): AuditRun {
  const course = new PairCourse(parts, row);
  return new AuditRun({
    store: parts.store,
    steps: course,
    perform: (stage) => STAGES[stage === "gone" ? "unmatched" : stage](course),
    result: () => pairResultOf(course),
  });
}

async function recheckPairs(course: PairCourse): Promise<void> {
  const { name, freshWithinMs } = course.sync;
  await settleSuspects(course, { freshWithinMs, look: (rows) => lookAtPairRows(course, rows) });
  await findWrongPairLinks(course);
  await course.step({ counts: { ...course.progress.counts, conflicts: await course.store.conflictsOpen(name) } });
  await course.next(course.asked.repair === undefined ? "sweep" : "repair");
}
