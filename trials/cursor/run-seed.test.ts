import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import type { Plant } from "./options.ts";
import { runSeed } from "./run-seed.ts";
import { temporaryFolder } from "../temporary-folder.ts";

async function world(t: TestContext, seed: number, plant?: Plant) {
  const folder = await temporaryFolder("cursor");
  t.after(() => rm(folder, { recursive: true, force: true }));
  return runSeed({ seed, plant, folder });
}

test("a world of which nothing is missed, and the same seed leaves the same trace", async (t) => {
  const first = await world(t, 7);
  assert.deepEqual([first.missed, first.errors], [[], []]);
  assert.ok(first.changes > 20 && first.reads.most <= first.reads.mostAllowed);
  assert.equal((await world(t, 7)).trace, first.trace);
  assert.notEqual((await world(t, 8)).trace, first.trace);
});

test("without an overlap changes that show late are missed", async (t) => {
  assert.notDeepEqual((await world(t, 7, "no-overlap")).missed, []);
});

test("a world waits for its last edits to show, also where a life ended just before the pause", async (t) => {
  // Here the next life began when the time of edits without the pause was over, and edits were made for two hours more.
  const { missed, errors } = await world(t, 1072226453);
  assert.deepEqual([missed, errors], [[], []]);
});
