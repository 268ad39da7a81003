// One audit from its beginning to its end, in stages and slices: each is durable before the next begins, so that it goes on
// where it was after a restart. Nothing of either side is held in memory.
import type { AuditRow } from "../../store/audit.ts";
import { AuditStopped } from "./calls.ts";
import { Course, type AuditRunParts } from "./course.ts";
import { gatherSource, gatherTarget } from "./gather.ts";
import { repair, verify } from "./mend.ts";
import { recheck } from "./recheck.ts";
import type { AuditProgress, AuditResult, AuditStage } from "./report.ts";
import { resultOf } from "./result.ts";
import { compare, compareGone, sample } from "./suspects.ts";
import { sweepAudit } from "./sweep.ts";
import { findUnmatched } from "./unmatched.ts";

/** Each goes on where it was, and says in the end which comes next. */
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

export class AuditRun {
  readonly #course: Course;

  constructor(parts: AuditRunParts, row: AuditRow) {
    this.#course = new Course(parts, row);
  }

  get id(): number {
    return this.#course.id;
  }

  get progress(): AuditProgress {
    return this.#course.progress;
  }

  stop(): void {
    this.#course.calls.stop();
  }

  /** Resolves when it has ended or was stopped. */
  async run(): Promise<void> {
    const course = this.#course;
    try {
      for (let { stage } = course.progress; stage !== "sweep"; { stage } = course.progress) await STAGES[stage](course);
      await this.#end("done", await resultOf(course));
    } catch (error) {
      if (error instanceof AuditStopped || course.calls.stopped) return;
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    const note = `the audit could not go on while it was at "${this.progress.stage}": ${reason}`;
    await this.#end("failed", { ...(await resultOf(this.#course)), verdict: "unknown", summary: note, notes: [note] });
  }

  async #end(state: "done" | "failed", result: AuditResult): Promise<void> {
    const { id, now, calls, parts } = this.#course;
    await parts.store.endAudit(id, { state, result: JSON.stringify(result), at: now });
    await sweepAudit(parts.store, id, () => calls.stopped);
  }
}
