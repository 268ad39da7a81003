// The machine's clock was an hour ahead at boot, and is put right after the first listing: polls go on as they should, and find edits.
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
