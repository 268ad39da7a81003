// A two-way sync that is stopped in the middle of its work gives back what it holds before the file of state is closed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { twoWayWorld } from "./testing/two-way-world.ts";

for (const afterMs of [0, 250, 750]) {
  test(`stopped ${afterMs} ms after its work began, it ends in peace, and goes on where it was`, async (t) => {
    const { crm, marketing, logged, running, open, settle, stop, pass } = await twoWayWorld(t);
    const engine = await running();
    for (let number = 0; number < 40; number += 1)
      crm.edit(`p${number}`, { email: `p${number}@example.com`, name: "P" });
    await engine.control.sync("people", { full: false });
    await pass(afterMs);
    await stop(engine);
    await pass(30_000);
    assert.deepEqual(logged, []);
    const again = await open();
    await again.start();
    await settle(again);
    assert.equal(marketing.all.size, 40);
  });
}
