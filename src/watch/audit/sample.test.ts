import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "../../world/virtual.ts";
import { drawSample } from "./sample.ts";

const keys = Array.from({ length: 12_000 }, (_nothing, index) => String(index).padStart(6, "0"));
const page = async (after: string | undefined, limit: number): Promise<readonly string[]> =>
  keys.filter((key) => after === undefined || key > after).slice(0, limit);

test("a sample has so many different keys, from everywhere", async () => {
  const drawn = await drawSample(page, 600, new SeededRandom(1));
  assert.equal(new Set(drawn).size, 600);
  const inFirstHalf = drawn.filter((key) => Number(key) < 6_000).length;
  assert.ok(inFirstHalf > 240 && inFirstHalf < 360, String(inFirstHalf));
});

test("a sample that is larger than all there are is all there are", async () => {
  assert.deepEqual((await drawSample(page, 20_000, new SeededRandom(1))).toSorted(), keys);
});
