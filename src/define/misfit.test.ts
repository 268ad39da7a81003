import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { misfitsOf } from "./misfit.ts";

const order = z.object({
  id: z.string(),
  status: z.enum(["open", "paid"]),
  customer: z.object({ email: z.string() }).nullable(),
  lines: z.array(z.object({ price: z.string(), kind: z.union([z.literal("item"), z.literal("tax")]) })),
});

const FITTING = {
  id: "1",
  status: "open",
  customer: null,
  lines: [
    { price: "1.00", kind: "item" },
    { price: "2.00", kind: "tax" },
  ],
};

function told(record: unknown): readonly string[] {
  const { issues = [] } = order["~standard"].validate(record) as { readonly issues?: readonly z.core.$ZodIssue[] };
  return misfitsOf(issues, record).map(({ kind, place }) => `${kind} ${place}`);
}

const cases: readonly (readonly [what: string, record: unknown, told: readonly string[]])[] = [
  ["a field that is not there has vanished", { ...FITTING, id: undefined }, ["vanished id"]],
  ["a number for text is another type", { ...FITTING, id: 1 }, ["type id"]],
  ["null where none is taken is another type", { ...FITTING, id: null }, ["type id"]],
  ["a value outside an enumeration", { ...FITTING, status: "archived" }, ["value status"]],
  ["a value outside a union", { ...FITTING, lines: [{ price: "1", kind: "tip" }] }, ["value lines[].kind"]],
  [
    "items of a list are told as one",
    { ...FITTING, lines: [{ kind: "item" }, { kind: "tax" }] },
    ["vanished lines[].price"],
  ],
  ["what is nested", { ...FITTING, customer: { email: 5 } }, ["type customer.email"]],
  ["no record at all", "order", ["type "]],
];

for (const [what, record, expected] of cases) {
  test(`tells ${what}`, () => assert.deepEqual(told(record), expected));
}

test("says what came, cut short, and never the whole of a record", () => {
  const record = { ...FITTING, status: "x".repeat(500) };
  const { issues = [] } = order["~standard"].validate(record) as { readonly issues?: readonly z.core.$ZodIssue[] };
  const [misfit] = misfitsOf(issues, record);
  assert.match(misfit?.detail ?? "", /it is "x{59}…/);
});
