import assert from "node:assert/strict";
import { test } from "node:test";
import { CELLS, type Cell } from "./cells.ts";
import type { Ending } from "./run-batch.ts";
import { verdictOf } from "./verdict.ts";

const DONE: Ending = { ref: "r1", objects: 1, linkedTo: "o1", isTrue: true, parked: undefined, faultMet: true };

function verdictWith(ending: Partial<Ending>, at: (cell: Cell) => boolean = () => true) {
  const [chosen] = CELLS.filter(at);
  return verdictOf(
    CELLS.map((cell) => ({ cell, endings: [cell === chosen ? { ...DONE, ...ending } : DONE] })),
    1,
  );
}

test("the matrix has 72 different cells", () => {
  assert.equal(new Set(CELLS.map((cell) => JSON.stringify(cell))).size, 72);
});

test("one object for each record holds", () => {
  const { figures, problems } = verdictWith({});
  assert.deepEqual(problems, []);
  assert.deepEqual([figures.cells, figures.trials, figures.duplicates, figures.parked], [72, 72, 0, 0]);
});

const WRONG: readonly (readonly [string, Partial<Ending>, (cell: Cell) => boolean, RegExp])[] = [
  ["two objects", { objects: 2 }, () => true, /2 objects/],
  ["a link to nothing", { objects: 0, isTrue: false }, () => true, /object is not there/],
  ["a record that is forgotten", { linkedTo: undefined }, () => true, /neither done nor parked/],
  ["a fault that was not met", { faultMet: false }, () => true, /not exercised/],
  [
    "no object where a key may be repeated",
    { objects: 0, linkedTo: undefined, isTrue: false, parked: "unknown-outcome" },
    (cell) => cell.class === "idempotency-key" && cell.retention === "inside",
    /no object/,
  ],
];

for (const [what, ending, at, problem] of WRONG) {
  test(`${what} does not hold`, () => assert.match(verdictWith(ending, at).problems.join("\n"), problem));
}

test("a question for a person holds where nothing can be looked up", () => {
  const asked = { objects: 1, linkedTo: undefined, isTrue: false, parked: "unknown-outcome" };
  const { figures, problems } = verdictWith(asked, (cell) => cell.class === "neither");
  assert.deepEqual([problems.length, figures.parkedByClass.neither], [0, 1]);
});
