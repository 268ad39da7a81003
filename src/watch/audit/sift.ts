// Which listed records have to be compared one by one: those at places where the sums of both sides differ. Where nothing differs
// that is none, and a million records were compared by adding them up.
import { MARK_WORDS, placeIn, PLACES, type AuditMarks } from "../../store/audit.ts";
import type { Course } from "./course.ts";

/** Pages that are added up, or looked through, in one go. */
const MARKED_PAGES = 50;
const SIFTED_PAGES = 10;

/** It can be done again: what was sifted before stays. */
export async function sift({ id, calls, parts }: Course): Promise<void> {
  const { store } = parts;
  const sums = new PlaceSums();
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.auditMarks(id, after, MARKED_PAGES);
    for (const page of rows) sums.add(page);
    calls.goOn();
    if (next === undefined) break;
    after = next;
  }
  const places = sums.differing();
  if (places === undefined) return;
  for (let after: string | undefined; ;) {
    after = await store.auditSift(id, places, after, SIFTED_PAGES);
    calls.goOn();
    if (after === undefined) return;
  }
}

/** The sums of both sides, one taken from the other: nothing is left where they agree. */
export class PlaceSums {
  readonly #sums = new Uint32Array(2 * PLACES);

  add({ side, marks }: AuditMarks): void {
    const sums = this.#sums;
    const sign = side === "source" ? 1 : -1;
    for (let index = 0; index * MARK_WORDS < marks.length; index += 1) {
      const at = 2 * placeIn(marks, index);
      const word = index * MARK_WORDS + 1;
      sums[at] = (sums[at] ?? 0) + sign * (marks[word] ?? 0);
      sums[at + 1] = (sums[at + 1] ?? 0) + sign * (marks[word + 1] ?? 0);
    }
  }

  /** A bit for each place, the lowest first; undefined: both sides agree everywhere. */
  differing(): Uint8Array | undefined {
    const places = new Uint8Array(PLACES / 8);
    for (let place = 0; place < PLACES; place += 1) {
      if (this.#sums[2 * place] === 0 && this.#sums[2 * place + 1] === 0) continue;
      places[place >> 3] = (places[place >> 3] ?? 0) | (1 << (place & 7));
    }
    return places.some((bits) => bits !== 0) ? places : undefined;
  }
}
