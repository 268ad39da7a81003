import assert from "node:assert/strict";
import { test } from "node:test";
import { CreationWanted } from "./creation-wanted.ts";

const one = (key: string, waits = 0) => ({ key, waits });

test("a record is wanted since it first was, until that has ended", () => {
  const wanted = new CreationWanted();
  assert.deepEqual([wanted.since(one("a"), 5), wanted.since(one("a", 1), 9)], [5, 5]);
  wanted.ended(one("a"));
  assert.equal(wanted.since(one("a", 1), 9), 9);
});

test("a record that waits for long is wanted anew", () => {
  const wanted = new CreationWanted();
  assert.deepEqual([wanted.since(one("a"), 5), wanted.since(one("a", 1), 600_006)], [5, 600_006]);
});

test("two records of one key, one of each side, are wanted apart", () => {
  const wanted = new CreationWanted();
  assert.deepEqual([wanted.since(one("a"), 5), wanted.since({ ...one("a"), side: 1 }, 7)], [5, 7]);
});

test("of more records than it remembers, those that waited already are wanted since the last that it forgot", () => {
  const wanted = new CreationWanted();
  for (let index = 0; index < 10_002; index += 1) wanted.since(one(`record ${index}`), index);
  assert.deepEqual(
    [
      wanted.since(one("record 2", 1), 20_000),
      wanted.since(one("record 0", 1), 20_000),
      wanted.since(one("new"), 20_000),
    ],
    [2, 1, 20_000],
  );
});
