import assert from "node:assert/strict";
import { test } from "node:test";
import { Big } from "big.js";
import fc from "fast-check";
import { compare, decimal, decimalText, minus, plus, rounded, times } from "./decimal.ts";

const number = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 9 }))
  .map(([units, scale]) => decimalText({ units, scale }));

test("sums, products, orders and roundings are those of a library that is known to be right", () => {
  fc.assert(
    fc.property(number, number, fc.integer({ min: 0, max: 4 }), (left, right, scale) => {
      const [a, b] = [decimal(left)!, decimal(right)!];
      assert.equal(decimalText(plus(a, b)), new Big(left).plus(right).toFixed());
      assert.equal(decimalText(minus(a, b)), new Big(left).minus(right).toFixed());
      assert.equal(decimalText(times(a, b)), new Big(left).times(right).toFixed());
      assert.equal(compare(a, b), new Big(left).cmp(right));
      const round = new Big(left).round(scale, 1);
      assert.ok(new Big(decimalText(rounded(a, scale))).eq(round));
    }),
  );
});

for (const [text, shown] of [
  ["19.90", "19.9"],
  ["1E+2", "100"],
  ["5e-3", "0.005"],
  ["-0.10", "-0.1"],
  ["", undefined],
  ["1.", undefined],
  ["1e99", undefined],
] as const) {
  test(`"${text}" is ${shown ?? "no number"}`, () => {
    const value = decimal(text);
    assert.equal(value && decimalText(value), shown);
  });
}
