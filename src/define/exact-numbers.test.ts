import assert from "node:assert/strict";
import { test } from "node:test";
import { numberText, readExactNumbers, writeExactNumbers, type NumberKind } from "./exact-numbers.ts";

const KINDS: Readonly<Record<string, NumberKind>> = { total: "money", rate: "decimal" };
const read = (text: string): unknown => readExactNumbers(text, (field) => KINDS[field]);

test("equal numbers become the same text, whatever their form", () => {
  const cases: readonly (readonly [string, NumberKind, string | undefined])[] = [
    ["19.9", "money", "19.90"],
    ["19.900", "money", "19.90"],
    ["1.99E1", "money", "19.90"],
    ["-0.00", "money", "0.00"],
    ["0.125", "money", "0.125"],
    ["2.00", "decimal", "2"],
    ["12345678901234567890.10", "decimal", "12345678901234567890.1"],
    ["1e41", "decimal", undefined],
    ["1e9999999", "decimal", undefined],
    ["", "decimal", undefined],
    [".5", "decimal", undefined],
    ["12 EUR", "money", undefined],
  ];
  for (const [source, kind, text] of cases) assert.equal(numberText(source, kind), text, source);
});

test("digits that a binary number would round go in and come out as they are", () => {
  const text = '{"total":12345678901234.10,"rate":0.30000000000000000004,"count":3}';
  const value = read(text);
  assert.deepEqual(value, { total: "12345678901234.10", rate: "0.30000000000000000004", count: 3 });
  const isNumber = (field: string, part: string): boolean => field in KINDS && /^[\d.]+$/.test(part);
  assert.equal(writeExactNumbers(value, isNumber), text.replace("34.10", "34.1"));
});

test("an absurd number stays a number, and text that is none stays text", () => {
  assert.deepEqual(read('{"total":1e300,"rate":"1"}'), { total: 1e300, rate: "1" });
  assert.equal(
    writeExactNumbers({ rate: "many" }, () => false),
    '{"rate":"many"}',
  );
});
