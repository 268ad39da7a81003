// A removal landed, its answer was lost, and the provider refuses its repetition ("it is void already"); meanwhile the order was restored.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, cutAfterwards } from "./testing/troubles.ts";
import { smallWorld } from "./testing/small-world.ts";

test("what a lost removal did is not forgotten because its repetition is refused", async (t) => {
  const { shop, books, clock, running, settle, deliver } = await smallWorld(t);
  const order = shop.putOrder("o1");
  const engine = await running({ listen: true });
  assert.equal(books.notes().length, 1);
  books.troubles.push(cutAfterwards, answers(422, '{"message":"it is void already"}'));
  shop.orders.delete("o1");
  await deliver(engine, "gone", [{ resource: "orders", key: "o1", deleted: true }]);
  for (let step = 0; step < 100 && ![...books.bills.values()][0]!.isVoid; step += 1) await clock.advance(1);
  assert.deepEqual(books.notes(), [], "the removal landed");
  // Restored before the lost answer is resolved.
  shop.putOrder("o1", { note: order.note });
  await deliver(engine, "back", [{ resource: "orders", key: "o1" }]);
  for (let minute = 0; minute < 30; minute += 1) await clock.advance(60_000);
  await settle(engine);
  const parked = await engine.control.parked({});
  assert.ok(
    books.notes().length === 1 || parked.length === 1,
    `the order is there, its bill is void, and nobody is told: ${books.writes.map(({ what }) => what).join(", ")}`,
  );
});
