import assert from "node:assert/strict";
import { test } from "node:test";
import { KINDS } from "./operations.ts";
import type { Tally } from "./sequence.ts";
import { RULES, verdictOf } from "./verdict.ts";

const each = (names: readonly string[], count: number) => Object.fromEntries(names.map((name) => [name, count]));

const FULL: Tally = {
  operations: each(KINDS, 5),
  conflicts: each(RULES, 5),
  parked: {},
  edits: 100,
  writes: 150,
  webhooksLost: 3,
  unprotected: 0,
};

const verdict = (tally: Partial<Tally>, failures: readonly { seed: number; path: string; problems: string[] }[] = []) =>
  verdictOf([
    {
      tallies: Array.from({ length: 100 }, (_, index) => (index === 0 ? { ...FULL, ...tally } : EMPTY)),
      failures,
      trace: "t",
    },
  ]);

const EMPTY: Tally = {
  operations: {},
  conflicts: {},
  parked: {},
  edits: 0,
  writes: 0,
  webhooksLost: 0,
  unprotected: 0,
};

test("everything exercised and nothing wrong holds", () => {
  const { figures, failures, shortcomings } = verdict({});
  assert.deepEqual([failures, shortcomings], [[], []]);
  assert.deepEqual([figures.sequences, figures.crashes, figures.writesPerEdit], [100, 5, 1.5]);
});

const SHORT: readonly (readonly [string, Partial<Tally>, RegExp])[] = [
  ["an operation that did not come", { operations: { ...FULL.operations, merge: 4 } }, /operation merge \(4, wanted 5/],
  ["a rule that decided nothing", { conflicts: { ...FULL.conflicts, park: 0 } }, /rule park/],
  ["too many writes", { writes: 201 }, /2.01 writes for each edit/],
];
for (const [what, tally, shortcoming] of SHORT) {
  test(`${what} does not hold`, () => assert.match(verdict(tally).shortcomings.join("\n"), shortcoming));
}
