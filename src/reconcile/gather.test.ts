import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../world/virtual.ts";
import { Gather } from "./gather.ts";

test("what arrives while a batch is being committed goes into the next one", async () => {
  const batches: number[][] = [];
  const { promise: first, resolve: endFirst } = Promise.withResolvers<void>();
  const gather = new Gather<number>(new VirtualClock(), async (items) => {
    batches.push([...items]);
    if (batches.length === 1) await first;
  });
  const added = [gather.add(1), gather.add(2)];
  await Promise.resolve();
  await Promise.resolve();
  added.push(gather.add(3), gather.add(4), gather.add(5));
  endFirst();
  await Promise.all(added);
  assert.deepEqual(batches, [
    [1, 2],
    [3, 4, 5],
  ]);
});

test("one bad item fails alone", async () => {
  const committed: number[] = [];
  const gather = new Gather<number>(new VirtualClock(), async (items) => {
    if (items.includes(2)) throw new Error("two is bad");
    committed.push(...items);
  });
  const ended = await Promise.allSettled([gather.add(1), gather.add(2), gather.add(3)]);
  assert.deepEqual(
    ended.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.deepEqual(committed, [1, 3]);
});

test("what nobody waits for shares the commit of what comes next, or is committed a moment later", async () => {
  const batches: number[][] = [];
  const clock = new VirtualClock();
  const gather = new Gather<number>(clock, async (items) => void batches.push([...items]));
  const lingering = gather.add(1, { lingers: true });
  await clock.advance(1);
  assert.deepEqual(batches, []);
  await Promise.all([gather.add(2), lingering]);
  assert.deepEqual(batches, [[1, 2]]);
  const alone = gather.add(3, { lingers: true });
  await clock.advance(2);
  await alone;
  assert.deepEqual(batches, [[1, 2], [3]]);
});
