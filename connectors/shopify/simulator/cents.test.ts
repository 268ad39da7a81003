import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allocate, amountOf, centsOf, decimalOf, shareOf, taxOf } from "./cents.ts";
import { unitsShare } from "./order-sums.ts";

describe("money in cents", () => {
  for (const [text, cents] of [
    ["19.99", 1999],
    ["5", 500],
    ["0.1", 10],
    ["-3.05", -305],
    ["20.0", 2000],
  ] as const) {
    test(`${text} is ${cents} cents`, () => {
      assert.equal(centsOf(text), cents);
      assert.equal(centsOf(decimalOf(cents)), cents);
      assert.equal(centsOf(amountOf(cents)), cents);
    });
  }

  test("text that is no amount is refused", () => {
    for (const text of ["", "1,50", "NaN", "1e3"]) assert.throws(() => centsOf(text), /wanted text such as/);
  });

  test("a MoneyV2 drops one trailing zero, a price keeps both decimals", () => {
    assert.deepEqual([amountOf(1990), amountOf(2000), amountOf(1999)], ["19.9", "20.0", "19.99"]);
    assert.deepEqual([decimalOf(1990), decimalOf(5), decimalOf(-5)], ["19.90", "0.05", "-0.05"]);
  });

  test("shares are rounded half up and taxes are too", () => {
    assert.equal(shareOf(1, 1, 2), 1);
    assert.equal(taxOf(50, 0.01), 1);
    assert.equal(taxOf(49, 0.01), 0);
    assert.equal(taxOf(10_000, 0.00375), 38);
  });

  test("what is divided sums to the whole, by weights and unit by unit", () => {
    assert.deepEqual(allocate(100, [1, 1, 1]), [33, 34, 33]);
    for (let total = 0; total < 60; total += 1) {
      for (let quantity = 1; quantity < 9; quantity += 1) {
        const units = Array.from({ length: quantity }, (_, unit) => unitsShare(total, quantity, unit, unit + 1));
        assert.equal(
          units.reduce((sum, cents) => sum + cents, 0),
          total,
        );
      }
    }
  });
});
