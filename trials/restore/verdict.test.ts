import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../src/world/virtual.ts";
import { MARKERS } from "./markers.ts";
import type { SeedResult } from "./run-seed.ts";
import { settingOf } from "./setting.ts";
import { verdictOf } from "./verdict.ts";

function result(changes: Partial<SeedResult> = {}): SeedResult {
  return {
    seed: 1,
    setting: settingOf(new SeededRandom(1)),
    problems: [],
    questions: 0,
    orphans: 1,
    changes: 10,
    restores: 2,
    met: [...MARKERS],
    errors: [],
    trace: "t",
    ...changes,
  };
}

test("worlds in which all is there once hold, and are counted together", () => {
  const { figures, problems } = verdictOf([result(), result({ seed: 2, questions: 3 })]);
  assert.deepEqual(problems, []);
  const { seeds, changes, restores, failures, questions, worldsWithoutQuestions, orphans } = figures;
  assert.deepEqual([seeds, changes, restores, failures], [2, 20, 4, 0]);
  assert.deepEqual([questions, worldsWithoutQuestions, orphans], [3, 1, 2]);
});

const WRONG: readonly [what: string, Partial<SeedResult>, RegExp][] = [
  [
    "a record that is there twice",
    { problems: ["o1 is there 2 times"] },
    /^seed 1: o1 is there 2 times; its setting: \{/,
  ],
  ["an error of the engine's own", { errors: ["a fault"] }, /^seed 1: a fault; its setting: \{"isTwoWay"/],
];

for (const [what, changes, words] of WRONG) {
  test(`${what} does not hold, and the seed and its setting are told`, () => {
    const { figures, problems } = verdictOf([result(changes), result()]);
    assert.match(problems.join(), words);
    assert.equal(figures.failures, 1);
  });
}

test("what happened in less than a hundredth of many worlds was not exercised", () => {
  const worlds = Array.from({ length: 100 }, () => result({ met: MARKERS.slice(1) }));
  assert.match(verdictOf(worlds).problems.join(), /^not exercised: lookup in 0 of 100 worlds/);
});

test("to ask a person in most worlds is no answer", () => {
  const worlds = Array.from({ length: 100 }, (_, index) => result({ questions: index < 30 ? 0 : 1 }));
  assert.match(verdictOf(worlds).problems.join(), /^a person is asked in all but 30 of 100 worlds/);
});
