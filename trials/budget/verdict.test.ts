import assert from "node:assert/strict";
import { test } from "node:test";
import type { KindFigures } from "./run-kind.ts";
import { figuresOf, problemsOf } from "./verdict.ts";

const good: KindFigures = { kind: "a", calls: 500, windowsOver: 0, utilisation: 0.97, starved: 0, answersLost: 3 };

test("a run that held is no problem, also where a limit has to hold only", () => {
  const { utilisation: _, ...only } = good;
  assert.deepEqual(problemsOf([good, only]), []);
});

for (const [what, changes] of [
  ["a call over the limit", { windowsOver: 1 }],
  ["a limit that is not used up", { utilisation: 0.9499 }],
  ["a utilisation that is no number", { utilisation: Number.NaN }],
  ["somebody starved", { starved: 1 }],
  ["too few calls", { calls: 10 }],
  ["no answer lost", { answersLost: 0 }],
] as const) {
  test(`a problem is told: ${what}`, () => assert.equal(problemsOf([{ ...good, ...changes }]).length, 1));
}

test("the figures tell the least of each kind, rounded down", () => {
  const told = { rounds: 2, seed: 1, plant: null, seconds: 1 };
  const figures = figuresOf([good, { ...good, utilisation: 0.95999 }, { ...good, kind: "b" }], told);
  assert.deepEqual([figures.kinds, figures.utilisationMin, figures.calls], [2, 0.959, 1_500]);
  assert.deepEqual(figures.utilisation, { a: 0.959, b: 0.97 });
});
