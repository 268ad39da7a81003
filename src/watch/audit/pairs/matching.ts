// Whom records would be matched with, among all that were listed of a side: by digests, so that whoever is told is still to be read.
import type { Side } from "../../../define/two-way.ts";
import { SLICE_ROWS } from "../steps.ts";
import type { PairCourse } from "./pair-course.ts";
import { NOT_FOUND_BY } from "./pair-rows.ts";

const MATCHING_ROWS = 10 * SLICE_ROWS;
/** More records that one is found by are not told apart: it is ambiguous long before. */
const FOUND_MAX = 20;

/** By key, the digests of what a record is found by, one for each of the sync's alternatives. */
export type MatchDigests = ReadonlyMap<string, readonly number[]>;

/** For each of them that finds any, the keys of this side's records; of its own side, without itself. */
export async function matchingIn(
  course: PairCourse,
  side: Side,
  wanted: MatchDigests,
  { isOwn }: { readonly isOwn: boolean },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { id, store, sync, calls } = course;
  const found = new Map<string, string[]>();
  const byDigest = sync.match.map((_rule, index) => owners(wanted, index));
  const digests = byDigest.map((one) => [...one.keys()]);
  if (digests.every(({ length }) => length === 0)) return found;
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.auditMatching(
      id,
      { side, fields: sync.pairs.length, digests },
      after,
      MATCHING_ROWS,
    );
    calls.goOn();
    for (const { key, alternative, digest } of rows) {
      for (const owner of byDigest[alternative]?.get(digest) ?? []) {
        const keys = found.get(owner) ?? [];
        const isItself = isOwn && owner === key;
        if (!isItself && keys.length < FOUND_MAX && !keys.includes(key)) found.set(owner, [...keys, key]);
      }
    }
    if (next === undefined) return found;
    after = next;
  }
}

function owners(wanted: MatchDigests, index: number): ReadonlyMap<number, readonly string[]> {
  const byDigest = new Map<number, string[]>();
  for (const [key, digests] of wanted) {
    const digest = digests[index] ?? NOT_FOUND_BY;
    if (digest === NOT_FOUND_BY) continue;
    const keys = byDigest.get(digest);
    if (keys === undefined) byDigest.set(digest, [key]);
    else keys.push(key);
  }
  return byDigest;
}
