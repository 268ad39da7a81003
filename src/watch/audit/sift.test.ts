import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MARK_WORDS, placeIn, type AuditMarks } from "../../store/audit.ts";
import { PlaceSums } from "./sift.ts";

type Mark = readonly [place: number, first: number, second: number];

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const marks = fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 40 });

const page = (side: AuditMarks["side"], ...all: readonly Mark[]): AuditMarks => ({
  side,
  marks: Uint32Array.from(all.flat()),
});

function differing(...pages: readonly AuditMarks[]): readonly number[] {
  const sums = new PlaceSums();
  for (const one of pages) sums.add(one);
  const places = sums.differing() ?? new Uint8Array();
  return [...places].flatMap((bits, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bit) => (bits & (1 << bit) ? [8 * at + bit] : [])),
  );
}

test("where both sides list the same no place differs, in whatever order and pages", () => {
  fc.assert(
    fc.property(marks, fc.nat(), (all, cut) => {
      const turned = all.toReversed();
      const at = cut % (all.length + 1);
      const pages = [
        page("target", ...turned.slice(0, at)),
        page("source", ...all),
        page("target", ...turned.slice(at)),
      ];
      assert.deepEqual(differing(...pages), []);
    }),
    { seed: 1 },
  );
});

test("what one side shows otherwise, or does not list, makes its place differ, and no other", () => {
  fc.assert(
    fc.property(marks, fc.nat(), fc.boolean(), word, (all, chosen, isListed, other) => {
      const at = chosen % all.length;
      const [place, first, second] = all[at] as Mark;
      fc.pre(other !== first && (first !== 0 || second !== 0));
      const rest = all.filter((_mark, index) => index !== at);
      const changed: readonly Mark[] = isListed ? [...rest, [place, other, second]] : rest;
      const expected = placeIn(Uint32Array.of(place, first, second), 0);
      assert.deepEqual(differing(page("source", ...all), page("target", ...changed)), [expected]);
    }),
    { seed: 1 },
  );
});

test("a mark is three words, the first of which tells the place", () => {
  assert.equal(MARK_WORDS, 3);
  assert.equal(placeIn(Uint32Array.of(1, 2, 3, 0x1234_0007, 5, 6), 1), 7);
});
