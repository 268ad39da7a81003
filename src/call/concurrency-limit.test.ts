import assert from "node:assert/strict";
import { test } from "node:test";
import { ADAPTIVE_MAX, ADAPTIVE_START, adaptiveLimit } from "./concurrency-limit.ts";
import type { CallEnd } from "./limit-state.ts";

/** Rounds of as many calls as may be at once, each round ending as it is told; answers how many may be after each. */
function rounds(ends: readonly CallEnd[]): readonly number[] {
  const limit = adaptiveLimit();
  let now = 1;
  return ends.map((end) => {
    let calls = 0;
    for (; limit.readyAt(now, 1) <= now; calls += 1) limit.take(now, 1);
    for (let call = 0; call < calls; call += 1) limit.give(now + 10, 1, now, end, undefined);
    now += 20;
    return limit.left(now).size;
  });
}

test("each round of calls that went well lets one more go at once, up to a most", () => {
  const sizes = rounds(Array<CallEnd>(100).fill("answered"));
  assert.deepEqual(sizes.slice(0, 3), [ADAPTIVE_START + 1, ADAPTIVE_START + 2, ADAPTIVE_START + 3]);
  assert.equal(sizes.at(-1), ADAPTIVE_MAX);
});

test("a round that was lost takes a good part away once, however many calls it had, and never the last", () => {
  assert.deepEqual(rounds(["answered", "answered", "lost", "lost"]).slice(1), [6, 4, 2]);
  assert.equal(rounds(Array<CallEnd>(20).fill("lost")).at(-1), 1);
});

test("what was never sent, and calls with room to spare, change nothing", () => {
  assert.deepEqual(rounds(["nothing", "nothing"]), [ADAPTIVE_START, ADAPTIVE_START]);
  const limit = adaptiveLimit();
  for (let call = 0; call < 100; call += 1) {
    limit.take(call, 1);
    limit.give(call, 1, call, "answered", undefined);
  }
  assert.equal(limit.left(100).size, ADAPTIVE_START);
});

test("after the clock was set back, too, fewer go at once when calls are lost", () => {
  const limit = adaptiveLimit();
  const loseOne = (now: number): number => {
    limit.take(now, 1);
    limit.give(now + 10, 1, now, "lost", undefined);
    return limit.left(now).size;
  };
  assert.deepEqual([loseOne(1_000_000), loseOne(500_000)], [2, 1]);
});
