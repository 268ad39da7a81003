// Until when something is held back, on a clock that may be set back meanwhile: it then lasts as long as was meant, not until
// the clock is there again.

export class Hold {
  #since = 0;
  #until = 0;

  /** The longer of two counts. */
  extend(now: number, until: number): void {
    this.#until = Math.max(this.until(now), until);
    this.#since = now;
  }

  until(now: number): number {
    const backMs = Math.max(0, this.#since - now);
    this.#since -= backMs;
    this.#until -= backMs;
    return this.#until;
  }
}
