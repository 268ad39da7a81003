import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "./options.ts";
import { UsageError } from "./trial.ts";

const NOW = 5;
const asked = {
  plants: ["early", "late"] as const,
  counts: { kills: { least: 2, otherwise: 200 } },
  flags: ["keep"] as const,
  texts: ["path"] as const,
};

test("what is not said is taken as the trial says it, and the seed from the clock", () => {
  assert.deepEqual(readOptions([], NOW, asked), {
    kills: 200,
    seed: NOW,
    plant: undefined,
    path: undefined,
    json: false,
    keep: false,
  });
});

test("what is said is read", () => {
  const words = ["--kills", "7", "--seed=0", "--plant", "late", "--path", "1:2", "--json", "--keep"];
  const read = { kills: 7, seed: 0, plant: "late", path: "1:2", json: true, keep: true };
  assert.deepEqual(readOptions(words, NOW, asked), read);
});

test("what makes no sense names itself and what was expected", () => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [["--kills", "1"], /could not read --kills: expected a whole number of 2 or more, got 1/],
    [["--seed", "x"], /could not read --seed/],
    [["--plant", "never"], /could not plant never: expected one of early, late/],
    [["--kill", "3"], /--kill/],
    [["kills"], /kills/],
  ];
  for (const [words, message] of cases) {
    assert.throws(() => readOptions(words, NOW, asked), { name: UsageError.name, message });
  }
});
