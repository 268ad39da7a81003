import assert from "node:assert/strict";
import { test } from "node:test";
import { CreationWanted } from "./creation-wanted.ts";

test("a record is wanted since it first was, until that has ended", () => {
  const wanted = new CreationWanted();
  assert.deepEqual([wanted.since({ key: "a" }, 5), wanted.since({ key: "a" }, 9)], [5, 5]);
  wanted.ended({ key: "a" });
  assert.equal(wanted.since({ key: "a" }, 9), 9);
});

test("two records of one key, one of each side, are wanted apart", () => {
  const wanted = new CreationWanted();
  assert.deepEqual([wanted.since({ key: "a" }, 5), wanted.since({ key: "a", side: 1 }, 7)], [5, 7]);
});

test("it remembers a bounded number of records", () => {
  const wanted = new CreationWanted();
  for (let index = 0; index <= 10_000; index += 1) wanted.since({ key: `record ${index}` }, 1);
  assert.deepEqual([wanted.since({ key: "record 1" }, 2), wanted.since({ key: "record 0" }, 2)], [1, 2]);
});
