import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decimalText, moneyText } from "../../src/define/exact-numbers.ts";
import { readDecimalJson, readExactJson, writeDecimalJson } from "./decimal-json.ts";

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${count}}$`));

test("whatever amount is written is read back to the last digit", () => {
  fc.assert(
    fc.property(digits(18), digits(9), fc.boolean(), (whole, fraction, negative) => {
      const Amount = moneyText(`${negative ? "-" : ""}${whole}.${fraction}`);
      assert.deepEqual(readDecimalJson(writeDecimalJson({ Line: [{ Amount }] })), { Line: [{ Amount }] });
    }),
  );
});

for (const [wire, shown] of [
  ["19.9", "19.90"],
  ["19.900", "19.90"],
  ["1E+2", "100.00"],
  ["0.1e-2", "0.001"],
  ["-0.0", "0.00"],
  ["12345678901234567890.12", "12345678901234567890.12"],
] as const) {
  test(`an amount of ${wire} is shown as ${shown}`, () => {
    assert.deepEqual(readDecimalJson(`{"Amount":${wire}}`), { Amount: shown });
  });
}

test("quantities have no needless zeros, and other numbers stay numbers", () => {
  assert.deepEqual(readDecimalJson('{"Qty":2.50,"LineNum":3}'), { Qty: "2.5", LineNum: 3 });
  assert.equal(decimalText("2.00"), "2");
});

test("an exponent that would become megabytes of zeros stays a number", () => {
  assert.deepEqual(readDecimalJson('{"Amount":1e300}'), { Amount: 1e300 });
});

test("text that only looks like an amount is written as text", () => {
  assert.equal(writeDecimalJson({ DocNumber: "12.50", Amount: "12.50" }), '{"DocNumber":"12.50","Amount":12.5}');
  assert.equal(writeDecimalJson({ Amount: "1e9" }), '{"Amount":"1e9"}');
});

test("what was read exactly is written with the very same digits", () => {
  const wire = '{"Amount":19.90,"New":0.1000000000000000055,"Big":12345678901234567890}';
  assert.equal(writeDecimalJson(readExactJson(wire)), wire);
});
