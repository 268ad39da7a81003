// One deletion whose removal the provider refuses for a while ("unavailable", "throttled") counts as one, however often it is armed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answers } from "./testing/troubles.ts";
import { smallWorld } from "./testing/small-world.ts";

test("one deletion that is armed again and again during an outage is one deletion", async (t) => {
  const { shop, books, clock, running, settle, deliver } = await smallWorld(t);
  for (let one = 0; one < 3; one += 1) shop.putOrder(`o${one}`);
  const engine = await running({ listen: true });
  shop.orders.delete("o1");
  for (let down = 0; down < 12; down += 1) books.troubles.push(answers(429, "{}", { "retry-after": "30" }));
  await deliver(engine, "gone", [{ resource: "orders", key: "o1", deleted: true }]);
  for (let minute = 0; minute < 55; minute += 1) await clock.advance(60_000);
  await settle(engine);
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ cause, reason }) => `${cause}: ${reason}`),
    [],
    "nobody has to be asked about one deletion",
  );
  assert.equal([...books.bills.values()].filter(({ isVoid }) => isVoid).length, 1);
});
