import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Cell } from "./cells.ts";
import type { Plant } from "./options.ts";
import { runBatch } from "./run-batch.ts";

async function endings(t: TestContext, cell: Cell, seed: number, plant?: Plant) {
  const folder = await mkdtemp(join(tmpdir(), "bowline-ambiguous-"));
  t.after(() => rm(folder, { recursive: true }));
  const { endings: all, errors } = await runBatch({ cell, seed, records: 4, folder, plant });
  assert.deepEqual(errors, []);
  return all;
}

const LATE: Cell = { class: "idempotency-key", fault: "late-landing", crash: true, retention: "inside" };

test("a write with a key that lands late, while Bowline was dead, is made once", async (t) => {
  const all = await endings(t, LATE, 1);
  assert.deepEqual(
    all.map(({ objects, isTrue, faultMet }) => [objects, isTrue, faultMet]),
    Array(4).fill([1, true, true]),
  );
});

test("the same seed ends the same", async (t) => {
  assert.deepEqual(await endings(t, LATE, 5), await endings(t, LATE, 5));
});

test("a planted key for each attempt makes two", async (t) => {
  const all = await endings(t, { ...LATE, fault: "processed-no-reply" }, 1, "key-per-attempt");
  assert.ok(all.some(({ objects }) => objects > 1));
});
