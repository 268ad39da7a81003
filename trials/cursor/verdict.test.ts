import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../src/world/virtual.ts";
import { MARKERS } from "./markers.ts";
import { quirksOf } from "./quirks.ts";
import type { SeedResult } from "./run-seed.ts";
import { verdictOf } from "./verdict.ts";

function result(changes: Partial<SeedResult> = {}): SeedResult {
  return {
    seed: 1,
    quirks: quirksOf(new SeededRandom(1)),
    changes: 10,
    missed: [],
    reads: { changes: 8, reads: 20, most: 4, mostAllowed: 9, looks: 2 },
    pages: 12,
    restarts: 1,
    met: [...MARKERS],
    errors: [],
    trace: "t",
    ...changes,
  };
}

test("worlds of which nothing was missed hold, and are counted together", () => {
  const { figures, problems } = verdictOf([result(), result({ seed: 2 })]);
  assert.deepEqual(problems, []);
  assert.deepEqual([figures.seeds, figures.missed, figures.reread, figures.rereadMax], [2, 0, 2.5, 4]);
});

const WRONG: readonly [what: string, Partial<SeedResult>, RegExp][] = [
  ["a missed change", { missed: ["the edit r1#4"] }, /^seed 1: 1 changes were never read, such as the edit r1#4; its/],
  ["a change that was listed too often", { reads: { ...result().reads, most: 10 } }, /listed 10 times, expected 9/],
  ["an error of the engine's own", { errors: ["a fault"] }, /^seed 1: a fault; its quirks: \{"lagMsMax"/],
];

for (const [what, changes, words] of WRONG) {
  test(`${what} does not hold, and the seed and its quirks are told`, () => {
    assert.match(verdictOf([result(changes)]).problems.join(), words);
  });
}

test("what happened in less than a twentieth of many worlds was not exercised", () => {
  const worlds = Array.from({ length: 100 }, (_, index) => result(index < 4 ? {} : { met: MARKERS.slice(1) }));
  assert.match(verdictOf(worlds).problems.join(), /^not exercised: shown-late in 4 of 100 worlds/);
});
