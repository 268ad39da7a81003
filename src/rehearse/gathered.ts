// Gathers changes for a moment and tells them together, as providers do that send one webhook for many.
import type { Clock } from "../world/world.ts";

export interface GatheredOptions<Change> {
  readonly clock: Clock;
  readonly gatherMs: number;
  /** The most that are told at once. */
  readonly most: number;
  readonly tell: (changes: readonly Change[]) => void;
}

export class Gathered<Change> {
  /** How many were told. */
  told = 0;
  readonly #options: GatheredOptions<Change>;
  #waiting: Change[] = [];

  constructor(options: GatheredOptions<Change>) {
    this.#options = options;
  }

  add(change: Change): void {
    this.#waiting.push(change);
    if (this.#waiting.length === 1) this.#options.clock.timer(this.#options.gatherMs, () => this.#tell());
  }

  #tell(): void {
    const changes = this.#waiting;
    this.#waiting = [];
    for (let first = 0; first < changes.length; first += this.#options.most) {
      const some = changes.slice(first, first + this.#options.most);
      this.told += some.length;
      this.#options.tell(some);
    }
  }
}
