import assert from "node:assert/strict";
import { test } from "node:test";
import { majorUnits, minorUnits } from "./money.ts";

for (const [amount, currency, units] of [
  ["19.90", "usd", 1990],
  ["19.9", "EUR", 1990],
  ["0", "usd", 0],
  ["-0.00", "usd", 0],
  ["-5.01", "usd", -501],
  ["1990", "jpy", 1990],
  ["1990.00", "jpy", 1990],
  ["5.12", "kwd", 5120],
  ["5", "isk", 500],
  ["5", "ugx", 500],
  ["90071992547409.91", "usd", 9_007_199_254_740_991],
] as const) {
  test(`${amount} ${currency} are ${units} minor units`, () => {
    assert.equal(minorUnits(amount, currency), units);
  });
}

for (const [amount, currency] of [
  ["19.999", "usd"],
  ["1.5", "jpy"],
  ["5.123", "kwd"],
  ["5.10", "isk"],
  ["1e3", "usd"],
  ["", "usd"],
  ["90071992547409.92", "usd"],
] as const) {
  test(`${JSON.stringify(amount)} ${currency} is refused and not rounded`, () => {
    assert.throws(() => minorUnits(amount, currency), RangeError);
  });
}

test("minor units are read back as the text that made them", () => {
  for (const [units, currency, text] of [
    [1990, "usd", "19.90"],
    [5, "usd", "0.05"],
    [-5, "usd", "-0.05"],
    [1990, "jpy", "1990"],
    [5120, "kwd", "5.120"],
  ] as const) {
    assert.equal(majorUnits(units, currency), text);
    assert.equal(minorUnits(text, currency), units);
  }
  assert.throws(() => majorUnits(1.5, "usd"), RangeError);
});
