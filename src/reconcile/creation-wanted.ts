// When each record was first about to be made on the other side: only what was asked there after that shows whether somebody made
// it there in the same moment. When it was noted does not say: a page shows what came until it was answered, and its records count
// as seen when it was asked for.
import type { Claim } from "../store/store.ts";

/** Who waits longer, since the other side's limits are spent, wants it anew: somebody may have made it there meanwhile. */
const WANTED_MS_MAX = 600_000;
/** Of so many records it is remembered each by itself. */
const RECORDS_MAX = 10_000;

type Wanting = Pick<Claim, "key" | "side" | "waits">;

export class CreationWanted {
  /** The oldest first. */
  readonly #since = new Map<string, number>();
  /** Since when the last of those was wanted that are not remembered any more. */
  #forgottenSince: number | undefined;

  /** Since when it is wanted: now, unless it was before. */
  since({ key, side, waits }: Wanting, now: number): number {
    const record = `${side ?? 0} ${key}`;
    const known = this.#since.get(record);
    if (known !== undefined && now - known < WANTED_MS_MAX) return known;
    // It waited for this already, no later than that.
    if (known === undefined && waits > 0 && this.#forgottenSince !== undefined) return this.#forgottenSince;
    this.#since.delete(record);
    this.#since.set(record, now);
    if (this.#since.size > RECORDS_MAX) this.#forgetOldest();
    return now;
  }

  /** It was found or is being made, or is wanted no more. */
  ended({ key, side }: Pick<Claim, "key" | "side">): void {
    this.#since.delete(`${side ?? 0} ${key}`);
  }

  #forgetOldest(): void {
    for (const [oldest, since] of this.#since) {
      this.#since.delete(oldest);
      this.#forgottenSince = since;
      return;
    }
  }
}
