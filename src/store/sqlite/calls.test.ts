// What may be asked for very many rows is done in slices, so that a webhook's arrival comes in between.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { DECLARATION, INVOICES, read } from "../exam/fixture.ts";
import type { Claim, Store } from "../store.ts";
import { storeOf } from "./calls.ts";
import { prepareCore } from "./core.ts";
import { openDatabase } from "./database.ts";
import { groupCommit, type Call } from "./group-commit.ts";

const ROWS = 1_201;
const SLICE_ROWS = 500;
const KEYS = Array.from({ length: ROWS }, (_nothing, index) => String(index).padStart(4, "0"));

/** A store with so many orders noted, and how many rows each call told of. */
async function setup(t: TestContext) {
  const open = openDatabase(":memory:", 0);
  const commit = groupCommit(open, prepareCore(open.database));
  const told: number[] = [];
  const hears: { after: (call: Call) => Promise<void> } = { after: async () => {} };
  const store = storeOf(
    ":memory:",
    async (call) => {
      const [outcome] = commit([call]);
      assert.ok(outcome?.ok === true);
      if (/^(retry|discard|refuse|shorten)/.test(call.method)) told.push((outcome.value as readonly unknown[]).length);
      await hears.after(call);
      return outcome.value;
    },
    async () => open.close(),
  );
  t.after(() => store.close());
  await store.declare(DECLARATION);
  await store.observe({ observations: KEYS.map((key, at) => read(key, "a", { at })) });
  return { store, told, hears };
}

async function claimAll(store: Store): Promise<readonly Claim[]> {
  return store.claim({ sync: INVOICES, limit: ROWS, at: ROWS });
}

async function parkAll(store: Store, from: number): Promise<void> {
  const claims = await claimAll(store);
  const parked = { to: "parked", cause: "denied", reason: "no", todo: "allow it" } as const;
  await store.settle(claims.map(({ sync, key, seq }, index) => ({ sync, key, seq, at: from + index, ...parked })));
}

test("rows are retried a slice at a time, the oldest first, and those that are parked again meanwhile only once", async (t) => {
  const { store, told, hears } = await setup(t);
  await parkAll(store, 2_000);
  hears.after = async ({ method }) => {
    if (method === "retryParked") await parkAll(store, 2_000 + ROWS + told.length * ROWS);
  };
  const retried = await store.retryParked({ cause: "denied" }, 9_000);
  assert.deepEqual(
    retried.map(({ key }) => key),
    KEYS,
  );
  assert.ok(told.every((rows) => rows <= SLICE_ROWS));
  assert.equal((await store.parked({ limit: 2 * ROWS })).length, ROWS);
});

test("rows are discarded a slice at a time, and one that was parked for another cause meanwhile is kept", async (t) => {
  const { store, told, hears } = await setup(t);
  await parkAll(store, 2_000);
  hears.after = async ({ method }) => {
    hears.after = async () => {};
    assert.equal(method, "parkedIds");
    await store.observe({ observations: [read("0700", "b", { at: 5_000 })] });
    const [{ sync, key, seq } = { sync: "", key: "", seq: 0 }] = await claimAll(store);
    const parked = { to: "parked", cause: "invalid", reason: "no", todo: "mend it" } as const;
    await store.settle([{ sync, key, seq, at: 5_000, ...parked }]);
  };
  const discarded = await store.discardParked({ cause: "denied" }, 9_000, "enough");
  assert.deepEqual(
    discarded.map(({ key }) => key),
    KEYS.filter((key) => key !== "0700"),
  );
  assert.ok(told.every((rows) => rows <= SLICE_ROWS));
  assert.deepEqual(
    (await store.parked({})).map(({ key, cause }) => [key, cause]),
    [["0700", "invalid"]],
  );
});

test("what a clock that was ahead told to wait is due again a slice at a time", async (t) => {
  const { store, told } = await setup(t);
  const claims = await claimAll(store);
  const waits = { to: "waiting", until: 365 * 86_400_000, reason: "down", attempts: 1, waits: 0 } as const;
  await store.settle(claims.map(({ sync, key, seq }) => ({ sync, key, seq, at: 2_000, ...waits })));
  assert.deepEqual(await store.shortenWaits(2_000), [INVOICES]);
  assert.deepEqual(told, [SLICE_ROWS, SLICE_ROWS, ROWS - 2 * SLICE_ROWS]);
  assert.equal((await store.claim({ sync: INVOICES, limit: 2 * ROWS, at: 2_000 })).length, ROWS);
});
