import assert from "node:assert/strict";
import { test } from "node:test";
import { counted } from "./counted.ts";

test("one is one, and none are many", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, "record")),
    ["0 records", "1 record", "2 records"],
  );
  assert.deepEqual(
    [1, 2].map((count) => counted(count, "change is", "changes are")),
    ["1 change is", "2 changes are"],
  );
});
