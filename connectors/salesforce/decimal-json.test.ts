import assert from "node:assert/strict";
import { test } from "node:test";
import { numberText } from "../../src/define/exact-numbers.ts";
import { readDecimalJson, writeDecimalJson } from "./decimal-json.ts";

const DECIMALS = new Map([
  ["Amount", "money"],
  ["Probability", "decimal"],
] as const);

for (const [sent, shown] of [
  ['{"Amount":1500.0,"Probability":60.0}', { Amount: "1500.00", Probability: "60" }],
  ['{"Amount":1.2345678E7}', { Amount: "12345678.00" }],
  ['{"Amount":1234567890123.45}', { Amount: "1234567890123.45" }],
  ['{"Amount":-0.10}', { Amount: "-0.10" }],
  ['{"Amount":-0.0}', { Amount: "0.00" }],
  ['{"Amount":null,"Other":1.5}', { Amount: null, Other: 1.5 }],
] as const) {
  test(`${sent} is read as ${JSON.stringify(shown)}`, () => assert.deepEqual(readDecimalJson(sent, DECIMALS), shown));
}

test("text of the named fields leaves as a number with its own digits, any other text as text", () => {
  const written = writeDecimalJson({ Amount: "12345678901234567.10", Probability: "60", Name: "60" }, DECIMALS);
  assert.equal(written, '{"Amount":12345678901234567.1,"Probability":60,"Name":"60"}');
});

test("a number of absurd size is none", () => {
  assert.equal(numberText("1E900", "money"), undefined);
  assert.equal(numberText("NaN", "money"), undefined);
});
