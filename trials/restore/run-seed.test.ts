import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { temporaryFolder } from "../temporary-folder.ts";
import type { Plant } from "./options.ts";
import { runSeed } from "./run-seed.ts";

async function world(t: TestContext, seed: number, plant?: Plant) {
  const folder = await temporaryFolder("restore");
  t.after(() => rm(folder, { recursive: true, force: true }));
  return runSeed({ seed, plant, folder });
}

test("a world in which all is there once, and the same seed leaves the same trace", async (t) => {
  const first = await world(t, 102);
  assert.deepEqual([first.problems, first.errors], [[], []]);
  assert.ok(first.changes > 10 && first.restores > 0);
  assert.equal((await world(t, 102)).trace, first.trace);
});

test("who doubts nothing after a restore makes twice what was made since the backup", async (t) => {
  assert.match((await world(t, 102, "no-doubt")).problems.join(), /is there 2 times/);
});
