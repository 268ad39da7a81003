import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Cell } from "./cells.ts";
import type { Plant } from "./options.ts";
import { runBatch } from "./run-batch.ts";

interface Options {
  readonly plant?: Plant;
  readonly records?: number;
}

async function endings(t: TestContext, cell: Cell, seed: number, { plant, records = 4 }: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "bowline-ambiguous-"));
  t.after(() => rm(folder, { recursive: true }));
  const { endings: all, errors } = await runBatch({ cell, seed, records, folder, plant });
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

const FAILED: Cell = { class: "idempotency-key", fault: "500-after-effect", crash: false, retention: "inside" };

test("what befalls a record depends on the seed alone, not on how many others there are", async (t) => {
  const told = (all: Awaited<ReturnType<typeof endings>>) =>
    all.map(({ ref, objects, parked }) => [ref, objects, parked]);
  const few = told(await endings(t, FAILED, 1));
  const many = told(await endings(t, FAILED, 1, { records: 8 }));
  assert.deepEqual(many.slice(0, 4), few);
});

test("a failure that a key is remembered with is a person's question in the end, and nothing is made again", async (t) => {
  const all = await endings(t, FAILED, 1, { records: 8 });
  assert.ok(all.some(({ parked }) => parked === "unknown-outcome"));
  assert.ok(all.some(({ isTrue }) => isTrue));
  for (const { objects, isTrue, parked } of all) assert.deepEqual([objects, isTrue], [1, parked === undefined]);
});

test("a planted key for each attempt makes two", async (t) => {
  const all = await endings(t, { ...LATE, fault: "processed-no-reply" }, 1, { plant: "key-per-attempt" });
  assert.ok(all.some(({ objects }) => objects > 1));
});
