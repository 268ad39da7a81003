// Gathers what arrives while the last batch is being committed into the next one: the busier it is the larger the batches.
// What nobody waits for lingers a moment, so that it shares the commit of what comes next.
import type { Clock } from "../world/world.ts";

/** How long an item that nobody waits for lingers at the most, in milliseconds. */
const LINGER_MS = 2;
/** Batches under way at once: while one is on its way to the disk, the next is on its way to the store. */
const UNDER_WAY_MAX = 2;
/** So many items are committed at once, however little anybody waits for them. */
const LINGERING_MAX = 32;

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Gather<Item> {
  readonly #commit: (items: readonly Item[]) => Promise<void>;
  #waiting: Waiting<Item>[] = [];
  readonly #clock: Clock;
  #underWay = 0;
  #takeBackTimer: (() => void) | undefined;

  /** A commit that fails as a batch is tried again one by one, so that one bad item fails alone. */
  constructor(clock: Clock, commit: (items: readonly Item[]) => Promise<void>) {
    this.#clock = clock;
    this.#commit = commit;
  }

  /** Resolves when the item is durable. `lingers`: nobody waits for it. */
  add(item: Item, { lingers = false }: { readonly lingers?: boolean } = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#underWay >= UNDER_WAY_MAX) return;
      if (lingers && this.#waiting.length < LINGERING_MAX) this.#linger();
      else void this.#run();
    });
  }

  #linger(): void {
    this.#takeBackTimer ??= this.#clock.timer(LINGER_MS, () => {
      this.#takeBackTimer = undefined;
      if (this.#underWay < UNDER_WAY_MAX) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#underWay += 1;
    this.#takeBackTimer?.();
    this.#takeBackTimer = undefined;
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#commit(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else await this.#oneByOne(batch);
      }
    }
    this.#underWay -= 1;
  }

  async #oneByOne(batch: readonly Waiting<Item>[]): Promise<void> {
    for (const { item, resolve, reject } of batch) await this.#commit([item]).then(resolve, reject);
  }
}
