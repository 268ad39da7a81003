// Reads the next page of a listing while the last ones are made durable, so that neither the provider nor the disk is waited
// for twice.
import type { ScanKind } from "../store/store.ts";

/** Where a page is: which listing, from when, after which cursor. */
export interface Place {
  readonly kind: ScanKind;
  readonly since: number | undefined;
  readonly cursor: string | undefined;
}

interface Ahead<Page> {
  readonly place: Place;
  readonly page: Promise<Page>;
}

export class PagesAhead<Page> {
  readonly #read: (place: Place) => Promise<Page>;
  readonly #nextOf: (page: Page) => string | undefined;
  #ahead: Ahead<Page> | undefined;

  constructor(read: (place: Place) => Promise<Page>, nextOf: (page: Page) => string | undefined) {
    this.#read = read;
    this.#nextOf = nextOf;
  }

  /** The page at this place: the one that was read ahead, or read now. Then the one behind it is begun. */
  async at(place: Place): Promise<Page> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const page = await (ahead !== undefined && isSame(ahead.place, place) ? ahead.page : this.#read(place));
    const cursor = this.#nextOf(page);
    if (cursor !== undefined) this.#begin({ ...place, cursor });
    return page;
  }

  #begin(place: Place): void {
    const page = this.#read(place);
    // Whether it failed is told to whoever asks for it.
    page.catch(() => {});
    this.#ahead = { place, page };
  }
}

function isSame(one: Place, other: Place): boolean {
  return one.kind === other.kind && one.since === other.since && one.cursor === other.cursor;
}
