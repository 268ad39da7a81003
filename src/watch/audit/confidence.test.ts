import assert from "node:assert/strict";
import { test } from "node:test";
import { shareMax } from "./confidence.ts";

test("the bound is that of Clopper and Pearson", () => {
  // The first row is the rule of three; the others are from tables of the beta distribution.
  const cases: readonly (readonly [differing: number, size: number, bound: number])[] = [
    [0, 500, 1 - 0.05 ** (1 / 500)],
    [0, 10, 0.2589],
    [1, 12, 0.3387],
    [5, 100, 0.1023],
    [10, 10, 1],
    [0, 0, 1],
  ];
  for (const [differing, size, bound] of cases) {
    assert.ok(
      Math.abs(shareMax(differing, size) - bound) < 1e-3,
      `${differing} of ${size}: ${shareMax(differing, size)}`,
    );
  }
});

test("a large sample with many differing records is no trouble", () => {
  const bound = shareMax(3_000, 10_000);
  assert.ok(bound > 0.3 && bound < 0.31, String(bound));
});
