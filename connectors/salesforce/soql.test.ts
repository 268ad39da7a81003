import assert from "node:assert/strict";
import { test } from "node:test";
import { named, quoted, select, timeLiteral } from "./soql.ts";

for (const [text, literal] of [
  ["O'Neil", "'O\\'Neil'"],
  ["a\\", "'a\\\\'"],
  ["\\' OR Name != '", "'\\\\\\' OR Name != \\''"],
  ['say "hi"', "'say \\\"hi\\\"'"],
  ["two\nlines\r\t", "'two\\nlines\\r\\t'"],
  ["100%_", "'100%_'"],
  ["", "''"],
] as const) {
  test(`${JSON.stringify(text)} is asked for as ${literal}`, () => assert.equal(quoted(text), literal));
}

test("a name that is none is refused before it is sent", () => {
  for (const name of ["Name FROM Account", "a'b", "", "1x", "Account..Name"]) assert.throws(() => named(name));
  assert.equal(named("Account.Owner.Name"), "Account.Owner.Name");
});

test("a text that Salesforce would not take in a query is refused", () => {
  assert.throws(() => quoted("x".repeat(4_001)), /at most 4000 characters/);
});

test("times of records and clocks become the same literal", () => {
  const at = Date.UTC(2026, 10, 21, 5, 11);
  assert.equal(timeLiteral(at), "2026-11-21T05:11:00.000Z");
  assert.equal(timeLiteral("2026-11-21T05:11:00.000+0000"), timeLiteral(at));
  assert.equal(timeLiteral("2026-11-21T07:11:00.000+0200"), timeLiteral(at));
});

test("a query is put together in Salesforce's order", () => {
  const soql = select({
    object: "Account",
    fields: ["Id", "Name"],
    where: ["A = 1", "B = 2"],
    orderBy: ["Id"],
    limit: 3,
  });
  assert.equal(soql, "SELECT Id, Name FROM Account WHERE A = 1 AND B = 2 ORDER BY Id LIMIT 3");
});
