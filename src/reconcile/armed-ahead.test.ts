import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim, PendingWrite } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { ArmedAhead } from "./armed-ahead.ts";

const write: PendingWrite = { id: "w", action: "create", armedAt: 0, sends: 1, recordHash: "h" };

function setup() {
  const clock = new VirtualClock(0);
  const underWay: (() => void)[] = [];
  const ahead = new ArmedAhead({
    armedMax: { least: 16, most: 64 },
    clock,
    send: (_decided, answered) => void underWay.push(answered),
  });
  let decided = 0;
  const decide = (count: number): void => {
    for (const _ of Array.from({ length: count })) {
      decided += 1;
      const claim = { sync: "s", key: `k${decided}`, priority: "backfill" } as Claim;
      ahead.add({ claim, write, fields: undefined });
    }
    ahead.sendNext();
  };
  /** So many answers, spread evenly over the time. */
  const answer = async (count: number, overMs: number): Promise<void> => {
    for (const _ of Array.from({ length: count })) {
      underWay.shift()?.();
      await clock.advance(overMs / count);
    }
  };
  return { ahead, decide, answer, underWay };
}

test("few writes are armed ahead of a target that answers slowly", async () => {
  const { ahead, decide, answer, underWay } = setup();
  decide(100);
  assert.equal(underWay.length, 16);
  await answer(50, 1_000);
  assert.equal(ahead.most, 16);
  assert.ok(underWay.length <= 16, `${underWay.length} are armed`);
});

test("as many are armed as the target answers in a fifth of a second", async () => {
  const { ahead, decide, answer, underWay } = setup();
  decide(1_000);
  await answer(120, 840);
  // One every 7 ms; the store takes whole numbers only.
  assert.equal(ahead.most, 28);
  assert.ok(underWay.length > 16, `${underWay.length} are armed`);
});

test("there is an end to how many are armed, however fast the target answers", async () => {
  const { ahead, decide, answer, underWay } = setup();
  decide(1_000);
  await answer(900, 300);
  assert.equal(ahead.most, 64);
  assert.ok(underWay.length <= 64, `${underWay.length} are armed`);
});

test("of a target that becomes slow few are armed ahead again", async () => {
  const { ahead, decide, answer } = setup();
  decide(1_000);
  await answer(400, 400);
  assert.ok(ahead.most > 16, `${ahead.most} may be armed`);
  await answer(4, 40_000);
  assert.equal(ahead.most, 16);
});
