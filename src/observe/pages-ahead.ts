// Reads the next pages of a listing while the last one is made durable, so that neither the provider nor the disk is waited
// for twice.
import type { ScanKind } from "../store/store.ts";

/** Where a page is: which listing, from when, after which cursor. */
export interface Place {
  readonly kind: ScanKind;
  readonly since: number | undefined;
  readonly cursor: string | undefined;
}

/** Pages that are read and not asked for yet; each is held in memory. */
const AHEAD_MAX = 2;

interface Ahead<Page> {
  readonly place: Place;
  readonly page: Promise<Page>;
}

export class PagesAhead<Page> {
  readonly #read: (place: Place) => Promise<Page>;
  readonly #nextOf: (page: Page) => string | undefined;
  #queue: Ahead<Page>[] = [];

  constructor(read: (place: Place) => Promise<Page>, nextOf: (page: Page) => string | undefined) {
    this.#read = read;
    this.#nextOf = nextOf;
  }

  /** The page at this place: the one that was read ahead, or read now. Then the ones behind it are begun. */
  async at(place: Place): Promise<Page> {
    const first = this.#queue.shift();
    const isIt = first !== undefined && isSame(first.place, place);
    if (!isIt) this.#queue = [];
    const page = await (isIt ? first.page : this.#read(place));
    if (this.#queue.length === 0) this.#begin(place, page);
    else this.#extend();
    return page;
  }

  #begin(place: Place, page: Page): void {
    const cursor = this.#nextOf(page);
    if (cursor === undefined) return;
    const next = { ...place, cursor };
    const ahead = { place: next, page: this.#read(next) };
    // Whether it failed is told to whoever asks for it.
    ahead.page.catch(() => {});
    this.#queue.push(ahead);
    this.#extend();
  }

  #extend(): void {
    const last = this.#queue.at(-1);
    last?.page.then(
      (page) => {
        if (this.#queue.at(-1) === last && this.#queue.length < AHEAD_MAX) this.#begin(last.place, page);
      },
      () => {},
    );
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.kind === other.kind && one.since === other.since && one.cursor === other.cursor;
}
