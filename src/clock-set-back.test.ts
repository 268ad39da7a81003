// The machine's clock was ahead, and is put right while Bowline runs: polls go on as they should, and find edits, and nothing waits until
// the old time returns.
import assert from "node:assert/strict";
import { test } from "node:test";
import { smallProject, billsSync, clients, smallWorld, unlinked } from "./testing/small-world.ts";
import type { Clock, Network } from "./world/world.ts";

for (const backMs of [0, 3_600_000]) {
  test(`polls after the clock was set back by ${backMs} ms`, async (t) => {
    const { shop, books, clock: virtual, world, open, until } = await smallWorld(t);
    let back = -backMs; // ahead at first
    const clock: Clock = { now: () => virtual.now() - back, timer: (delayMs, wake) => virtual.timer(delayMs, wake) };
    // Each call takes a second.
    const network: Network = {
      send: async (request) => {
        await new Promise<void>((go) => virtual.timer(1_000, go));
        return world.network.send(request);
      },
    };
    for (let one = 0; one < 3; one += 1) shop.putOrder(`o${one}`);
    const engine = await open({
      project: smallProject({ syncs: [clients, billsSync({ map: unlinked, pollEvery: "1m" })] }),
      world: { ...world, clock, network },
    });
    await engine.start();
    await until(engine.quiet());
    assert.equal(books.bills.size, 3);
    back = 0;
    shop.calls.length = 0;
    await virtual.advance(60_000);
    await virtual.advance(60_000);
    shop.putOrder("o1", { note: "edited" });
    for (let minute = 0; minute < 10; minute += 1) await virtual.advance(60_000);
    const polls = shop.calls.filter((call) => call.startsWith("GET /orders")).length;
    const notes = books.notes();
    assert.ok(
      polls < 60 && notes.includes("edited"),
      `${polls} polls in twelve minutes, and the bills are: ${notes.join()}`,
    );
  });
}

test("what a clock that was a year ahead told to wait is tried again when it was set back, without a new start", async (t) => {
  const { shop, books, clock: virtual, world, running, logged } = await smallWorld(t);
  let ahead = 0;
  let isDown = false;
  const clock: Clock = { now: () => virtual.now() + ahead, timer: (delayMs, wake) => virtual.timer(delayMs, wake) };
  const network: Network = {
    send: (request) =>
      isDown && request.method === "POST"
        ? Promise.resolve({ status: 503, headers: {}, body: new Uint8Array() })
        : world.network.send(request),
  };
  await running({
    project: smallProject({ syncs: [clients, billsSync({ map: unlinked, pollEvery: "1m" })] }),
    world: { ...world, clock, network },
  });
  ahead = 365 * 86_400_000;
  isDown = true;
  shop.putOrder("o1");
  await virtual.advance(180_000);
  isDown = false;
  ahead = 0;
  for (let minute = 0; minute < 20; minute += 1) await virtual.advance(60_000);
  assert.equal(books.bills.size, 1);
  assert.ok(logged.includes("warn: the clock was set back; what it had told to wait for days is due now: bills"));
});
