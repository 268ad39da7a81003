import assert from "node:assert/strict";
import { test } from "node:test";
import { median, percentile, spread } from "./statistics.ts";

void test("the median of an odd count is the middle value and of an even count the mean of the two", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 7]), 6);
  assert.ok(Number.isNaN(median([])));
});

void test("the spread says the least and the most beside the median", () => {
  assert.deepEqual(spread([3, 1, 2]), { median: 2, least: 1, most: 3 });
});

void test("a percentile sorts by number, not by text", () => {
  const values = Array.from({ length: 101 }, (_nothing, at) => 100 - at);
  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile(values, 0.5), 50);
});
