import assert from "node:assert/strict";
import { test } from "node:test";
import { defineMapping } from "./define-mapping.ts";
import { mappedPaths, targetsOf } from "./mapped-paths.ts";

interface Order {
  readonly total: string;
  readonly customer: { readonly id: string; readonly name: string } | null;
  readonly lines: readonly { readonly price: string; readonly note: string }[];
  readonly paid: boolean;
}

interface Fields {
  readonly Total: string;
  readonly Customer: string;
  readonly Line: readonly { readonly Amount: string }[];
}

const mapping = defineMapping<Order, Fields, keyof Fields>(({ field, each }) => ({
  Total: field((order) => order.total),
  Customer: field((order) => order.customer?.id).orPark("nobody"),
  Line: each(
    (order) => order.lines,
    (line) => ({ Amount: line.field((one) => one.price) }),
  ),
}));

const paths = mappedPaths({ mapping: mapping as never, only: (order) => (order as Order).paid });

const cases: readonly (readonly [place: string, targets: readonly string[]])[] = [
  ["total", ["Total"]],
  ["customer", ["Customer"]],
  ["customer.id", ["Customer"]],
  ["customer.name", []],
  ["lines[].price", ["Line[].Amount"]],
  ["lines[].note", []],
  ["lines", ["Line[].Amount", "Line"]],
  ["paid", ["only"]],
  ["totals", []],
];

for (const [place, targets] of cases) {
  test(`${place} touches ${targets.join(" and ") || "nothing"}`, () => {
    assert.deepEqual(targetsOf(paths, place), targets);
  });
}

test("the record as a whole touches everything", () => {
  assert.deepEqual(new Set(targetsOf(paths, "")), new Set(["Total", "Customer", "Line", "Line[].Amount", "only"]));
});
