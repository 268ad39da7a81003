import assert from "node:assert/strict";
import { test } from "node:test";
import { DECIMAL, plainDecimal } from "./decimal.ts";

for (const [given, plain] of [
  ["1500.00", "1500"],
  ["+1500", "1500"],
  ["007.10", "7.1"],
  [".5", "0.5"],
  ["5.", "5"],
  ["-0.50", "-0.5"],
  ["-0.00", "0"],
  ["90071992547409931234.0000000001", "90071992547409931234.0000000001"],
] as const) {
  test(`${given} is ${plain}`, () => {
    assert.match(given, DECIMAL);
    assert.equal(plainDecimal(given), plain);
  });
}

test("what is no plain number is no decimal", () => {
  for (const text of ["", ".", "1e3", "1,5", "1.2.3", "€5", " 1"]) assert.doesNotMatch(text, DECIMAL);
});
