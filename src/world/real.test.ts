import assert from "node:assert/strict";
import { test } from "node:test";
import { realClock, realRandom, realWorld } from "./real.ts";

test("a timer that was taken back does not wake, one that was not does, and far ones are no near ones", async () => {
  const order: string[] = [];
  const keepAlive = realWorld();
  await new Promise<void>((resolve) => {
    realClock.timer(1e12, () => order.push("in thirty years"));
    const takeBack = realClock.timer(0, () => order.push("taken back"));
    takeBack();
    const server = setImmediate(function wait() {
      if (order.length === 0) setImmediate(wait);
      else resolve();
    });
    server.ref();
    realClock.timer(1, () => order.push("woken"));
  });
  assert.deepEqual(order, ["woken"]);
  await keepAlive.close();
});

test("randomness does not repeat itself", () => {
  assert.equal(
    new Set(Array.from({ length: 1_000 }, () => Buffer.from(realRandom.bytes(16)).toString("hex"))).size,
    1_000,
  );
  assert.equal(realRandom.bytes(7).length, 7);
  const number = realRandom.next();
  assert.ok(number >= 0 && number < 1);
});
