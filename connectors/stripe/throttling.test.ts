import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { customers } from "./customers.ts";
import { setup } from "./test-api.ts";

/** Lets what was asked for reach the simulator, and what it answered come back. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("calls that keep to the declared limits go over none of the account's", async () => {
  const limits = { callsPerSecond: 25, callsPerSecondPerEndpoint: 10, searchesPerSecond: 20 };
  await using world = await setup({ settings: limits });
  const api = world.as({ callsPerSecond: 25, callsPerSecondPerEndpoint: 10 });
  const keys = Array.from({ length: 40 }, (_, index) =>
    String(world.simulator.person.post("/v1/customers", { name: `C${index}` })["id"]),
  );
  const reading = Promise.all([
    customers.read!.records(api, keys.slice(0, 20)),
    customers.read!.records(api, keys.slice(20)),
  ]);
  let isDone = false;
  void reading.then(() => (isDone = true));
  for (let tick = 0; tick < 100 && !isDone; tick += 1) {
    await settled();
    await world.clock.advance(100);
  }
  const [first, second] = await reading;
  assert.equal(first.length + second.length, 40);
  assert.equal(world.simulator.truth.limits.throttled, 0);
  assert.equal(world.simulator.truth.limits.windowsOverLimit, 0);
});

test("a call too many says which limit it met, and that nothing was executed", async () => {
  await using world = await setup({ settings: { callsPerSecond: 3, callsPerSecondPerEndpoint: 2 } });
  await customers.everything!.page(world.api, {});
  await customers.everything!.page(world.api, {});
  const own = await failure(customers.everything!.page(world.api, {}));
  assert.deepEqual([own.kind, own.code], ["throttled", "rate_limit"]);
  assert.equal(world.simulator.truth.limits.throttled, 1);
  await world.clock.advance(60_000);
  await customers.everything!.page(world.api, {});
});
