// Writes that are decided and not armed yet, the most urgent first: what a person or a webhook asked for does not stand behind
// a backfill that was decided before it.
import type { Claim, PendingWrite, Priority } from "../store/store.ts";
import type { KeptConflict } from "../store/two-way.ts";
import type { Fields } from "./decide.ts";
import type { Both } from "./merge.ts";

export interface DecidedWrite {
  readonly claim: Claim;
  readonly write: PendingWrite;
  readonly fields: unknown;
  /** It was armed in the transaction that first saw its record. */
  readonly isArmed?: true;
  /** Of a two-way sync: what both sides showed when it was decided, and the values that lose. */
  readonly shown?: Both<Fields>;
  readonly conflicts?: readonly KeptConflict[];
  /** How many writes had ended when both sides were seen. */
  readonly seenAt?: number;
}

const URGENT: readonly Priority[] = ["person", "live"];
const LATER: readonly Priority[] = ["scheduled", "backfill"];

export class Decided {
  readonly #lines: Readonly<Record<Priority, DecidedWrite[]>> = { person: [], live: [], scheduled: [], backfill: [] };

  add(decided: DecidedWrite): void {
    this.#lines[decided.claim.priority].push(decided);
  }

  /** Up to so many that cannot wait. */
  takeUrgent(count: number): readonly DecidedWrite[] {
    return this.#take(URGENT, count);
  }

  takeLater(count: number): readonly DecidedWrite[] {
    return this.#take(LATER, count);
  }

  takeAll(): readonly DecidedWrite[] {
    return [...this.takeUrgent(Infinity), ...this.takeLater(Infinity)];
  }

  #take(priorities: readonly Priority[], count: number): readonly DecidedWrite[] {
    const taken: DecidedWrite[] = [];
    for (const priority of priorities) {
      const room = count - taken.length;
      if (room > 0 && this.#lines[priority].length > 0) taken.push(...this.#lines[priority].splice(0, room));
    }
    return taken;
  }
}
