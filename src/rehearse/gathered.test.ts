import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../world/virtual.ts";
import { Gathered } from "./gathered.ts";

test("what comes within the moment is told together, so many at once, and what comes later the next time", async () => {
  const clock = new VirtualClock();
  const told: (readonly number[])[] = [];
  const gathered = new Gathered<number>({ clock, gatherMs: 100, most: 2, tell: (some) => void told.push(some) });
  for (const change of [1, 2, 3]) gathered.add(change);
  await clock.advance(99);
  assert.deepEqual([told, gathered.told], [[], 0]);
  await clock.advance(1);
  assert.deepEqual([told, gathered.told], [[[1, 2], [3]], 3]);
  gathered.add(4);
  await clock.advance(100);
  assert.deepEqual([told.at(-1), gathered.told], [[4], 4]);
  assert.equal(clock.waiting, 0);
});
