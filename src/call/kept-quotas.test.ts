import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { Store } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { openKeptQuotas } from "./kept-quotas.ts";
import { quotaState } from "./limit.ts";
import { createTravel } from "./travel.ts";

const DAY = 86_400_000;
const SIZE = 1_000;

async function setup() {
  const clock = new VirtualClock();
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  /** A life of Bowline; what it took is in the store when it is closed, or when enough time has passed. */
  async function live(use: Pick<Store, "spent" | "keepSpent"> = store, from = clock) {
    const clock = from;
    const quotas = await openKeptQuotas({ store: use, clock });
    const limit = { kind: "quota", name: "day", count: SIZE, day: "rolling", every: true } as const;
    const state = quotas.follow("books", "day", quotaState(limit, createTravel()));
    const call = (): void => {
      state.take(clock.now(), 1);
      state.give(clock.now(), 1, clock.now(), "answered", undefined);
    };
    return { quotas, call, left: () => state.left(clock.now()).available };
  }
  return { clock, store, live };
}

test("what is left of a day's quota is the same after a stop and a start", async () => {
  const { clock, store, live } = await setup();
  const first = await live();
  for (let call = 0; call < 120; call += 1) first.call();
  await first.quotas.close();
  await clock.advance(3_600_000);
  const second = await live();
  assert.equal(second.left(), SIZE - 120);
  await second.quotas.close();
  await clock.advance(DAY - 3_600_000 + 10);
  assert.equal((await live()).left(), SIZE, "what is older than a day is free again");
  await store.close();
});

test("what was spent before the clock was set back is free again a day after the start", async () => {
  const { clock, store, live } = await setup();
  const first = await live();
  for (let call = 0; call < 120; call += 1) first.call();
  await first.quotas.close();
  const earlier = new VirtualClock(clock.now() - 700 * DAY);
  const second = await live(store, earlier);
  assert.equal(second.left(), SIZE - 120);
  await earlier.advance(DAY + 10);
  assert.equal(second.left(), SIZE);
  await second.quotas.close();
  await store.close();
});

test("after a crash too much is thought to be used rather than too little, and not much too much", async () => {
  const { clock, store, live } = await setup();
  const first = await live();
  for (let call = 0; call < 300; call += 1) {
    first.call();
    await clock.advance(50);
    const after = await live();
    assert.ok(after.left() <= SIZE - call - 1, `${after.left()} left after ${call + 1} calls`);
    assert.ok(after.left() >= SIZE - 3 * (call + 1) - 20, `${after.left()} left after ${call + 1} calls`);
  }
  await store.close();
});

test("calls wait for no disk, and what could not be written is written later", async () => {
  const { clock, store, live } = await setup();
  let fails = true;
  let writes = 0;
  const full: Pick<Store, "spent" | "keepSpent"> = {
    spent: () => store.spent(),
    async keepSpent(rows) {
      writes += 1;
      if (fails) throw new Error("the disk is full");
      await store.keepSpent(rows);
    },
  };
  const first = await live(full);
  for (let call = 0; call < 50; call += 1) first.call();
  await clock.advance(10);
  fails = false;
  first.call();
  await clock.advance(6_000);
  assert.ok(writes < 10, `${writes}`);
  assert.ok((await live()).left() <= SIZE - 51);
  await store.close();
});
