// When each record was first about to be made on the other side: only what was asked there after that shows whether somebody made
// it there in the same moment. When it was noted does not say: a page shows what came until it was answered, and its records count
// as seen when it was asked for.
import type { Claim } from "../store/store.ts";

/** Of so many records it is remembered; one that is forgotten is only asked for once more. */
const RECORDS_MAX = 10_000;

export class CreationWanted {
  /** The oldest first. */
  readonly #since = new Map<string, number>();

  /** Since when it is wanted: now, unless it was before. */
  since({ key, side }: Pick<Claim, "key" | "side">, now: number): number {
    const record = `${side ?? 0} ${key}`;
    const since = this.#since.get(record) ?? now;
    this.#since.set(record, since);
    if (this.#since.size > RECORDS_MAX) this.#forgetOldest();
    return since;
  }

  /** It was found or made, or is wanted no more. */
  ended({ key, side }: Pick<Claim, "key" | "side">): void {
    this.#since.delete(`${side ?? 0} ${key}`);
  }

  #forgetOldest(): void {
    for (const [oldest] of this.#since) {
      this.#since.delete(oldest);
      return;
    }
  }
}
