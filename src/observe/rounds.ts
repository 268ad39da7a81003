// Notices a listing that goes round in a circle, however long: one place is kept in mind, after twice as many pages each time another one.
import { CallFailed } from "../define/outcome.ts";

/** Follows one listing from place to place. */
export class Rounds {
  #kept: string | undefined;
  #steps = 0;
  #stepsMax = 1;

  /** The listing begins. */
  begin(): void {
    this.#kept = undefined;
    this.#steps = 0;
    this.#stepsMax = 1;
  }

  /** It goes on there. Rejects where that leads back; only then, so that what was listed on the way counts. */
  goOn(resource: string, next: string): void {
    if (next === this.#kept) throw goesRound(resource, next);
    this.#steps += 1;
    if (this.#steps < this.#stepsMax) return;
    this.#kept = next;
    this.#steps = 0;
    this.#stepsMax *= 2;
  }
}

function goesRound(resource: string, next: string): CallFailed {
  const reason = `could not list ${resource} to its end: expected \`next\` to lead on, but ${next} led back to a place that was listed`;
  return new CallFailed({ kind: "invalid", reason }, reason);
}
