import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../world/virtual.ts";
import { ClockWatch } from "./clock-watch.ts";

const YEAR_MS = 365 * 86_400_000;

/** A clock that can be set, and when what waits was looked through. */
function setup() {
  const virtual = new VirtualClock(0);
  let ahead = 0;
  let isFull = false;
  const found: string[] = [];
  const [looked, woken, logged]: [number[], string[], string[]] = [[], [], []];
  const watch = new ClockWatch({
    clock: { now: () => virtual.now() + ahead, timer: (delayMs, wake) => virtual.timer(delayMs, wake) },
    store: {
      shortenWaits: (at) => {
        looked.push(at);
        return isFull ? Promise.reject(new Error("no room")) : Promise.resolve(found);
      },
    },
    wakeSyncs: (syncs) => woken.push(...syncs),
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  watch.start();
  const set = (values: { readonly ahead?: number; readonly isFull?: boolean }): void => {
    ({ ahead, isFull } = { ahead, isFull, ...values });
  };
  return { virtual, watch, found, looked, woken, logged, set };
}

test("a clock that goes on, jumps ahead, or is put right by seconds leaves what waits alone", async () => {
  const { virtual, watch, looked, set } = setup();
  await virtual.advance(100_000);
  set({ ahead: YEAR_MS });
  await virtual.advance(100_000);
  set({ ahead: YEAR_MS - 5_000 });
  await virtual.advance(100_000);
  assert.deepEqual(looked, []);
  await watch.stop();
});

test("once a clock was set back, what waits is looked through once, and its syncs are woken", async () => {
  const { virtual, watch, found, looked, woken, set } = setup();
  found.push("orders");
  set({ ahead: YEAR_MS });
  await virtual.advance(45_000);
  set({ ahead: 0 });
  await virtual.advance(100_000);
  assert.deepEqual([looked, woken], [[60_000], ["orders"]]);
  await watch.stop();
  await virtual.advance(100_000);
  assert.equal(virtual.waiting, 0);
});

test("what waits is looked through again while that fails", async () => {
  const { virtual, watch, looked, logged, set } = setup();
  set({ ahead: YEAR_MS });
  await virtual.advance(45_000);
  set({ ahead: 0, isFull: true });
  await virtual.advance(60_000);
  set({ isFull: false });
  await virtual.advance(60_000);
  assert.deepEqual(looked, [60_000, 90_000, 120_000]);
  assert.equal(logged.length, 2);
  assert.match(logged[0] ?? "", /^warn: could not look through what waits .*no room/);
  await watch.stop();
});
