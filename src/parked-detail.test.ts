import assert from "node:assert/strict";
import { test } from "node:test";
import { parkedDetail } from "./parked-detail.ts";

test("what the mapping could not fill is a line for each field", () => {
  const detail = {
    problems: [
      { field: "CurrencyRef", value: '"USD"', rule: "EUR → 1", reason: "no dollars" },
      { field: "DisplayName", value: "", rule: "as it is", reason: "broken" },
    ],
  };
  assert.deepEqual(parkedDetail(detail, "CurrencyRef: no dollars; DisplayName: broken"), [
    ["CurrencyRef", 'got "USD"; the rule is: EUR → 1'],
    ["DisplayName", "got no value; the rule is: as it is"],
  ]);
});

test("what the reason says already, and what is empty, is left out", () => {
  const detail = { value: "ada@example.com", candidates: ["7", "8"], rivals: [], outcome: "invalid" };
  const reason = '"ada@example.com" does not say which record of marketing it is: 7, 8';
  assert.deepEqual(parkedDetail(detail, reason), [["outcome", "invalid"]]);
});

test("any other detail is shown as it is", () => {
  assert.deepEqual(parkedDetail([1], "r"), [["detail", "[1]"]]);
  assert.deepEqual(parkedDetail({ at: { line: 3 } }, "r"), [["at", '{"line":3}']]);
  assert.deepEqual(parkedDetail(undefined, "r"), []);
});
