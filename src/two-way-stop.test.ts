// A two-way sync that is stopped in the middle of its work gives back what it holds before the file of state is closed; and while people's
// functions take long over each pair, others go on, a stop among them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "./engine.ts";
import { across, twoWay } from "./mapping/two-way-converter.ts";
import type { Store } from "./store/store.ts";
import { slowClock, type SlowClock } from "./testing/slow-clock.ts";
import { twoWayWorld, type PeopleSync, type TwoWayWorld } from "./testing/two-way-world.ts";

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

/** Which function takes its time; those of a sync are asked in different places. */
const SLOW: Readonly<Record<string, (slowly: <Value>(value: Value) => Value) => PeopleSync>> = {
  only: (slowly) => ({ only: { crm: ({ hidden }) => !slowly(hidden) } }),
  match: (slowly) => ({ match: [{ crm: (one) => slowly(one.fields.email), marketing: (one) => one.fields.email }] }),
  convert: (slowly) => ({
    fields: [
      { crm: "email", marketing: "email" },
      {
        crm: "name",
        marketing: "name",
        convert: across("crm", twoWay("slowly", { there: slowly<string>, back: (name: string) => name })),
      },
    ],
  }),
};
const PEOPLE = 40;
const TAKES_MS = 5;

/** An engine that is not started yet. All people are known to it, and none was decided: they are due at once. */
async function slowEngine(world: TwoWayWorld, slow: SlowClock, syncOf: (typeof SLOW)[string]): Promise<Engine> {
  for (let number = 0; number < PEOPLE; number += 1)
    world.crm.edit(`p${number}`, { email: `p${number}@example.com`, name: "P" });
  const throughStore = (store: Store): Store => ({ ...store, claim: async () => [] });
  const noting = await world.open({ throughStore });
  await noting.start();
  await world.pass(5_000);
  await world.stop(noting);
  let isSlow = false;
  const project = world.project(
    syncOf((value) => {
      if (isSlow) slow.take(TAKES_MS);
      return value;
    }),
  );
  const engine = await world.open({ project, world: { ...world.world, clock: slow } });
  // Only now: a converter is tried when the project is checked.
  isSlow = true;
  return engine;
}

for (const [what, syncOf] of Object.entries(SLOW)) {
  test(`where \`${what}\` takes long over each record, others go on in between`, async (t) => {
    const world = await twoWayWorld(t);
    const slow = slowClock(world.clock);
    const engine = await slowEngine(world, slow, syncOf);
    await engine.start();
    await world.settle(engine);
    assert.equal(world.marketing.all.size, PEOPLE);
    assert.ok(slow.takenMs >= PEOPLE * TAKES_MS);
    assert.ok(slow.heldMs <= 50, `others waited for ${slow.heldMs} ms`);
  });

  test(`stopped while \`${what}\` takes long over each record, it ends in peace, and the next start makes each once`, async (t) => {
    const world = await twoWayWorld(t);
    const slow = slowClock(world.clock);
    const engine = await slowEngine(world, slow, syncOf);
    const stopped = new Promise<void>((resolve, reject) => {
      slow.onTurn = () => {
        slow.onTurn = undefined;
        engine.stop().then(resolve, reject);
      };
    });
    await engine.start();
    await world.pass(10_000);
    assert.equal(slow.onTurn, undefined, "nobody had a turn");
    await stopped;
    assert.deepEqual([world.logged, world.marketing.all.size], [[], 0]);
    const again = await world.running();
    await world.settle(again);
    assert.equal(world.marketing.all.size, PEOPLE);
  });
}
