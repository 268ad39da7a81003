// Notices a listing that never ends. One that goes round in a circle, however long: one place is kept in mind, after twice as many pages
// each time another one. And one that only leads on, with nothing on its pages.
import { CallFailed } from "../define/outcome.ts";

/** More empty pages than this in a row are no listing: they are more than the days of thirteen years, listed one a page. */
export const EMPTY_PAGES_MAX = 5_000;

/** Follows one listing from place to place. */
export class Rounds {
  #kept: string | undefined;
  #steps = 0;
  #stepsMax = 1;
  #emptyPages = 0;

  /** The listing begins. */
  begin(): void {
    this.#kept = undefined;
    this.#steps = 0;
    this.#stepsMax = 1;
    this.#emptyPages = 0;
  }

  /** It goes on there. Throws where that leads back, or nowhere; only then, so that what was listed on the way counts. */
  goOn(resource: string, next: string, isEmpty = false): void {
    if (next === this.#kept) throw endless(resource, `${next} led back to a place that was listed`);
    this.#emptyPages = isEmpty ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages > EMPTY_PAGES_MAX)
      throw endless(resource, `${this.#emptyPages} pages in a row were empty, up to ${next}`);
    this.#steps += 1;
    if (this.#steps < this.#stepsMax) return;
    this.#kept = next;
    this.#steps = 0;
    this.#stepsMax *= 2;
  }
}

function endless(resource: string, came: string): CallFailed {
  const reason = `could not list ${resource} to its end: expected \`next\` to lead on, but ${came}`;
  return new CallFailed({ kind: "invalid", reason }, reason);
}
