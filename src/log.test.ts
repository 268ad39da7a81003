import assert from "node:assert/strict";
import { test } from "node:test";
import { calm } from "./log.ts";
import { VirtualClock } from "./world/virtual.ts";

test("a flood of one kind fills ten lines a minute, and the next minute says how many there were", async () => {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const say = calm((_level, message) => lines.push(message), clock);
  for (let count = 0; count < 1_000; count += 1) say("refused", "warn", "refused a webhook");
  say("parked", "warn", "parked");
  assert.deepEqual(lines.slice(9), [
    "refused a webhook",
    "more of these within a minute are counted, not logged",
    "parked",
  ]);
  await clock.advance(60_000);
  say("refused", "warn", "refused a webhook");
  assert.deepEqual(lines.slice(12), ["990 more like the following were not logged", "refused a webhook"]);
});
