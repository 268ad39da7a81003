// A wrong name gives the nearest right one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, unknownName } from "./did-you-mean.ts";

const SYNCS = ["orders-to-invoices", "customers"];
const CASES: readonly (readonly [name: string, known: readonly string[], hint: string])[] = [
  ["orders-to-invoice", SYNCS, 'did you mean "orders-to-invoices"?'],
  ["Customers", SYNCS, 'did you mean "customers"?'],
  ["csutomers", SYNCS, 'did you mean "customers"?'],
  ["payouts", SYNCS, "expected one of orders-to-invoices, customers"],
  ["any", [], "there are none yet"],
];
for (const [name, known, hint] of CASES) {
  test(`${name} among ${known.length} names`, () => assert.equal(didYouMean(name, known), hint));
}

test("a name that does not exist is told with what it should name", () => {
  assert.equal(unknownName("sync", "csutomers", SYNCS), 'there is no sync "csutomers": did you mean "customers"?');
});
