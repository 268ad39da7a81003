// The audit of a one-way sync: what its mapping makes of the source now against what the target shows now.
import type { AuditRow } from "../../store/audit.ts";
import { AuditRun } from "./audit-run.ts";
import { Course, type CourseParts } from "./course.ts";
import { gatherSource, gatherTarget } from "./gather.ts";
import { repair, verify } from "./mend.ts";
import { recheck } from "./recheck.ts";
import type { AuditStage } from "./report.ts";
import { resultOf } from "./result.ts";
import { compare, compareGone, sample } from "./suspects.ts";
import { findUnmatched } from "./unmatched.ts";

const STAGES: Readonly<Record<Exclude<AuditStage, "sweep">, (course: Course) => Promise<void>>> = {
  source: gatherSource,
  target: gatherTarget,
  sample,
  compare,
  gone: compareGone,
  unmatched: findUnmatched,
  recheck,
  repair,
  verify,
};

export function oneWayRun(parts: CourseParts, row: AuditRow): AuditRun {
  const course = new Course(parts, row);
  const { store } = parts;
  return new AuditRun({
    store,
    steps: course,
    perform: (stage) => STAGES[stage](course),
    result: () => resultOf(course),
  });
}
