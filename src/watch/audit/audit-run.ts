// One audit from its beginning to its end, in stages and slices: each is durable before the next begins, so that it goes on
// where it was after a restart. Nothing of either side is held in memory.
import type { Store } from "../../store/store.ts";
import { AuditStopped, type CallWait } from "./calls.ts";
import type { AuditProgress, AuditResult, AuditStage } from "./report.ts";
import type { Steps } from "./steps.ts";
import { sweepAudit } from "./sweep.ts";
import { thrownText } from "../../define/thrown-text.ts";

export interface AuditRunParts {
  readonly store: Store;
  readonly steps: Steps;
  /** Goes on with a stage where it was, and says in the end which comes next. */
  readonly perform: (stage: Exclude<AuditStage, "sweep">) => Promise<void>;
  readonly result: () => Promise<AuditResult>;
}

export class AuditRun {
  readonly #parts: AuditRunParts;

  constructor(parts: AuditRunParts) {
    this.#parts = parts;
  }

  get id(): number {
    return this.#parts.steps.id;
  }

  get progress(): AuditProgress {
    return this.#parts.steps.progress;
  }

  get waitsFor(): CallWait | undefined {
    return this.#parts.steps.calls.waitsFor;
  }

  stop(): void {
    this.#parts.steps.calls.stop();
  }

  /** Resolves when it has ended or was stopped. */
  async run(): Promise<void> {
    const { steps, perform, result } = this.#parts;
    try {
      for (let { stage } = steps.progress; stage !== "sweep"; { stage } = steps.progress) await perform(stage);
      await this.#end("done", await result());
    } catch (error) {
      if (error instanceof AuditStopped || steps.calls.stopped) return;
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    const reason = thrownText(error);
    const note = `the audit could not go on while it was at "${this.progress.stage}": ${reason}`;
    await this.#end("failed", { ...(await this.#parts.result()), verdict: "unknown", summary: note, notes: [note] });
  }

  async #end(state: "done" | "failed", result: AuditResult): Promise<void> {
    const { store, steps } = this.#parts;
    await store.endAudit(steps.id, { state, result: JSON.stringify(result), at: steps.now });
    await sweepAudit(store, steps.id, () => steps.calls.stopped);
  }
}
