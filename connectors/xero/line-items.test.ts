import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldLines, withLineIds, type LineFields, type LineRecord } from "./line-items.ts";

const line = (Description: string, UnitAmount: string, more: Partial<LineFields> = {}): LineFields => ({
  Description,
  UnitAmount,
  ...more,
});
const shown = (LineItemID: string, fields: LineFields): LineRecord => ({ ...fields, LineItemID });

const ids = (lines: readonly LineFields[], existing: readonly LineRecord[]): readonly (string | undefined)[] =>
  withLineIds(lines, existing).map(({ LineItemID }) => LineItemID);

test("equal lines keep their ids wherever they stand", () => {
  const [a, b, c] = [line("A", "1.00"), line("B", "2.00"), line("C", "3.00")];
  assert.deepEqual(ids([c, a, b], [shown("1", a), shown("2", b), shown("3", c)]), ["3", "1", "2"]);
});

test("a changed line continues the one of the same item or description; a further one is new", () => {
  const existing = [shown("1", line("A", "1.00")), shown("2", line("B", "2.00", { ItemCode: "ROPE" }))];
  const lines = [line("Bee", "9.00", { ItemCode: "ROPE" }), line("A", "5.00"), line("New", "1.00")];
  assert.deepEqual(ids(lines, existing), ["2", "1", undefined]);
});

test("two equal lines take two ids, and one that was taken away leaves its id unused", () => {
  const a = line("A", "1.00");
  assert.deepEqual(ids([a, { ...a }], [shown("1", a), shown("2", a), shown("3", a)]), ["1", "2"]);
});

test("shown lines read as they are written: without what Xero reckons, with what it does not", () => {
  const reckoned = { ...shown("1", line("A", "19.9025", { Quantity: "3" })), LineAmount: "59.71", TaxAmount: "8.96" };
  assert.deepEqual(fieldLines([reckoned]), [line("A", "19.9025", { Quantity: "3" })]);
  const discounted = line("A", "10.00", { Quantity: "1", DiscountRate: "10" });
  assert.deepEqual(fieldLines([{ ...discounted, LineAmount: "9.00" }]), [discounted]);
  const odd = { ...line("A", "1.00", { Quantity: "3" }), LineAmount: "3.50" };
  assert.deepEqual(fieldLines([odd]), [odd]);
});

test("tracking is kept by its names alone", () => {
  const Tracking = [{ TrackingCategoryID: "x", Name: "Region", Option: "North" }];
  assert.deepEqual(fieldLines([{ ...line("A", "1.00"), Tracking }]), [
    { ...line("A", "1.00"), Tracking: [{ Name: "Region", Option: "North" }] },
  ]);
});
