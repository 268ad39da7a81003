import assert from "node:assert/strict";
import { test } from "node:test";
import { OneWriter } from "./one-writer.ts";

test("a record is written by one at a time, and others meanwhile", () => {
  const writers = new OneWriter();
  assert.deepEqual([writers.begin("a", 0), writers.begin("a", 0), writers.begin("b", 0)], [true, false, true]);
});

test("who saw a record before it was written has to see it again", () => {
  const writers = new OneWriter();
  const before = writers.writes;
  writers.begin("a", before);
  writers.end("a");
  assert.deepEqual([writers.begin("a", before), writers.begin("a", writers.writes)], [false, true]);
});

test("it remembers a bounded number of records", () => {
  const writers = new OneWriter();
  for (let index = 0; index <= 10_000; index += 1) writers.end(`record ${index}`);
  assert.deepEqual([writers.begin("record 0", 0), writers.begin("record 1", 0)], [true, false]);
});
