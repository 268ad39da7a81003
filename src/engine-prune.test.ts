import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Pruned } from "./store/store.ts";
import { smallWorld } from "./testing/small-world.ts";

test("old history goes a few rows at a time: one after another, and with pauses once there is something else to do", async (t) => {
  const small = await smallWorld(t);
  const slicesAt: number[] = [];
  const engine = await small.open({
    throughStore: (store) => ({
      ...store,
      async prune(limits) {
        assert.ok(limits.rowsMax <= 100);
        slicesAt.push(small.clock.now() - began);
        if (slicesAt.length === 3) await engine.control.sync("bills", { full: false });
        await store.prune(limits);
        return { rows: 0, isAll: slicesAt.length === 5 };
      },
    }),
  });
  const began = small.clock.now();
  await engine.start();
  await small.clock.advance(15_000);
  assert.deepEqual(slicesAt, [10_000, 10_000, 10_000, 10_020, 10_020]);
});

/** An engine that has something else to do until it is free, and when it took old history away. */
async function busy(t: TestContext, prune: (slice: number, rowsMax: number) => Promise<Pruned>) {
  const small = await smallWorld(t);
  const slicesAt: number[] = [];
  const isFree = Promise.withResolvers<void>();
  small.shop.putOrder("1");
  const engine = await small.open({
    throughStore: (store) => ({
      ...store,
      settle: (settlements) => isFree.promise.then(() => store.settle(settlements)),
      prune({ rowsMax }) {
        slicesAt.push(small.clock.now() - began);
        return prune(slicesAt.length, rowsMax);
      },
    }),
  });
  const began = small.clock.now();
  await engine.start();
  return { small, slicesAt, isFree: isFree.resolve };
}

test("old history waits for its next turn while there is something else to do, and when it could not be taken away", async (t) => {
  const { small, slicesAt, isFree } = await busy(t, () => Promise.reject(new Error("no room")));
  await small.clock.advance(10_000);
  isFree();
  await small.clock.advance(20_000);
  assert.deepEqual(slicesAt, [20_000, 30_000]);
  const warnings = small.logged.filter((line) => line.startsWith("warn"));
  assert.deepEqual(warnings, Array(2).fill("warn: could not take away old history: Error: no room"));
});

test("old history goes, too, where there is always something else to do: after a minute, and with a pause after each few rows", async (t) => {
  const { small, slicesAt, isFree } = await busy(t, (slice, rowsMax) => {
    assert.ok(rowsMax <= 100);
    return Promise.resolve({ rows: rowsMax, isAll: slice % 3 === 0 });
  });
  await small.clock.advance(75_000);
  isFree();
  assert.deepEqual(slicesAt, [60_000, 60_020, 60_040, 70_040, 70_060, 70_080]);
});
