import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "./table.ts";

void test("a row shows median, spread and what was left out; a side that was not measured shows nothing", () => {
  const text = table({
    title: "W9",
    rows: [
      { name: "limit", unit: "events/s", rates: [900, 1100, 1000], notes: ["p99 9.0 ms"], leftOut: "no fsync" },
      { name: "Bowline", unit: "events/s", rates: [], notes: [], leftOut: "" },
    ],
    json: { rate: null, ratio: 0.9 },
    problems: [],
  });
  assert.equal(text, "W9\n  limit  1,000 events/s (900 to 1,100)  p99 9.0 ms  no fsync\n  → ratio 0.9");
});
