import assert from "node:assert/strict";
import { test } from "node:test";
import { anyCase, email, exact, phone, type MatchAs } from "./match-as.ts";

const cases: readonly (readonly [string, MatchAs, string, string | undefined])[] = [
  ["white space at the ends is nothing", exact, " A b ", "A b"],
  ["nothing never matches", exact, "  ", undefined],
  ["case is kept", exact, "ABC", "ABC"],
  ["case is nothing", anyCase, "Straße  12", "straße 12"],
  ["an address in any case", email, " Anna@Example.COM ", "anna@example.com"],
  ["what is no address never matches", email, "anna at example.com", undefined],
  ["two addresses are none", email, "a@x.org b@x.org", undefined],
  ["a whole number", phone(), "+49 (30) 123-4567", "+49301234567"],
  ["a trunk zero in brackets is not dialled", phone(), "+49 (0)30 1234567", "+49301234567"],
  ["two zeros are a plus", phone(), "0049 30 1234567", "+49301234567"],
  ["a number within the country", phone({ country: "49" }), "030 1234567", "+49301234567"],
  ["a country without a trunk digit", phone({ country: "1", trunk: "" }), "(415) 555-0100", "+14155550100"],
  ["without a country it is only the same as one written like it", phone(), "030 1234567", "0301234567"],
  [
    "an extension is not part of the number",
    phone({ country: "1", trunk: "1" }),
    "415-555-0100 ext. 12",
    "+14155550100",
  ],
  ["an extension alone never matches", phone(), "4412", undefined],
  ["too many digits are no number", phone(), "+1234567890123456", undefined],
];
for (const [rule, as, value, normal] of cases) {
  test(`${as.rule}: ${rule}`, () => {
    assert.equal(as.normal(value), normal);
  });
}
