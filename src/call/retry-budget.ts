// How many calls may be made a second time at once, without the engine's longer wait: a tenth of all calls, and one a
// second whatever happens. A provider that fails everything is so asked at most a tenth more, not twice as much.
const TOKENS_MAX = 10;
const PER_CALL = 0.1;
const PER_SECOND = 1;

export class RetryBudget {
  #tokens = TOKENS_MAX;
  #at: number | undefined;

  /** A call was made. */
  called(now: number): void {
    this.#fill(now);
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + PER_CALL);
  }

  /** Takes what a repetition costs; false when there is not enough. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(now: number): void {
    const elapsedMs = this.#at === undefined ? 0 : Math.max(0, now - this.#at);
    this.#tokens = Math.min(TOKENS_MAX, this.#tokens + (elapsedMs / 1000) * PER_SECOND);
    this.#at = now;
  }
}
