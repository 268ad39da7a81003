import assert from "node:assert/strict";
import { test } from "node:test";
import type { Call } from "./group-commit.ts";
import { inline } from "./inline.ts";

test("the calls of one turn are committed together, those of the next by themselves", async () => {
  const commits: number[] = [];
  const calls = inline((together) => {
    commits.push(together.length);
    return together.map(() => ({ ok: true, value: together.length }));
  }, queueMicrotask);
  const call: Call = { method: "status", given: [] };
  assert.deepEqual(await Promise.all([calls.perform(call), calls.perform(call), calls.perform(call)]), [3, 3, 3]);
  assert.equal(await calls.perform(call), 1);
  assert.deepEqual(commits, [3, 1]);
});
