// How far an audit is, and what every stage of every audit needs: each step is durable before the next begins, so that it goes on
// where it was after a restart.
import type { AuditFindingRow, AuditRow, AuditStep } from "../../store/audit.ts";
import type { Store } from "../../store/store.ts";
import { Turns } from "../../world/turns.ts";
import type { World } from "../../world/world.ts";
import { AuditCalls } from "./calls.ts";
import type { AuditAsked, AuditCounts, AuditFinding, AuditProgress, AuditStage } from "./report.ts";

/** Rows that are compared in one go. */
export const SLICE_ROWS = 2_000;
/** Records that are read again on both sides together. */
export const LOOK_KEYS = 100;
/** The kind under which a record that may be amiss is kept until it was read again. */
export const SUSPECT = "suspect";

export interface StepsParts {
  readonly store: Store;
  readonly world: World;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
}

export class Steps {
  readonly id: number;
  readonly asked: AuditAsked;
  readonly calls: AuditCalls;
  readonly #parts: StepsParts;
  readonly #callsBefore: number;
  #progress: AuditProgress;

  constructor(parts: StepsParts, row: AuditRow) {
    this.id = row.id;
    this.asked = JSON.parse(row.asked) as AuditAsked;
    this.calls = new AuditCalls(parts.world, row.sync);
    this.#parts = parts;
    this.#progress = JSON.parse(row.progress) as AuditProgress;
    this.#callsBefore = this.#progress.counts.calls;
  }

  get progress(): AuditProgress {
    return this.#progress;
  }

  get now(): number {
    return this.#parts.world.clock.now();
  }

  /** All that was counted, with the calls that no step has kept yet. */
  get counts(): AuditCounts {
    return { ...this.#progress.counts, calls: this.#callsBefore + this.calls.made };
  }

  async step(
    progress: Partial<AuditProgress>,
    step: Omit<AuditStep, "id" | "progress" | "requests"> = {},
  ): Promise<void> {
    const requests = this.calls.takeEntries();
    const counts = { ...this.#progress.counts, ...progress.counts, calls: this.#callsBefore + this.calls.made };
    this.#progress = { ...this.#progress, ...progress, counts };
    await this.#parts.store.auditStep({ id: this.id, progress: JSON.stringify(this.#progress), requests, ...step });
    this.calls.goOn();
  }

  /** The stage is over. */
  next(stage: AuditStage, more: Partial<AuditProgress> = {}): Promise<void> {
    const { at: _at, ...rest } = this.#progress;
    this.#progress = { ...rest, ...more, stage };
    return this.step({});
  }

  /** The stage begins anew, without what it counted under these names. */
  again(...counted: readonly (keyof AuditCounts)[]): void {
    const { at: _at, ...rest } = this.#progress;
    const none = Object.fromEntries(counted.map((name) => [name, 0]));
    this.#progress = { ...rest, counts: { ...rest.counts, ...none } };
  }

  /** The counts with so many more. */
  count(more: Partial<AuditCounts>): AuditCounts {
    const counts: Record<string, number> = { ...this.#progress.counts };
    for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + count;
    return counts as unknown as AuditCounts;
  }

  /** What is done with each may ask people's functions: others go on in between, and a stop ends it. */
  async each<Item>(items: readonly Item[], work: (item: Item) => void): Promise<void> {
    const turns = new Turns(this.#parts.world.clock);
    for (const item of items) {
      if (turns.areOver()) {
        await turns.next();
        this.calls.goOn();
      }
      work(item);
    }
  }

  /** All that was found of one kind, or of every kind, a few at a time. */
  async *findings(kind: string | undefined): AsyncGenerator<readonly AuditFindingRow[]> {
    for (let after: string | undefined; ;) {
      const rows = await this.#parts.store.auditFindings(this.id, kind, after, LOOK_KEYS);
      this.calls.goOn();
      if (rows.length > 0) yield rows;
      if (rows.length < LOOK_KEYS) return;
      after = rows.at(-1)?.key;
    }
  }
}

/** `key`: of the row, where it is not the finding's. */
export const rowOf = (finding: AuditFinding, key = finding.key): AuditFindingRow => ({
  kind: finding.kind,
  key,
  detail: JSON.stringify(finding),
});

export const findingOf = ({ detail }: AuditFindingRow): AuditFinding => JSON.parse(detail) as AuditFinding;

export const suspectRow = ({ key }: { readonly key: string }): AuditFindingRow => ({
  kind: SUSPECT,
  key,
  detail: "{}",
});
