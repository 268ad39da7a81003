// Drifts at either side of a two-way sync, by a whole engine and by samples alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { twoWayWorld, type TwoWayWorld } from "../testing/two-way-world.ts";
import type { Person } from "../testing/small-people.ts";
import { VirtualClock } from "../world/virtual.ts";
import { pairedPaths } from "./drift-readers.ts";
import { DriftWatch } from "./drift-watch.ts";

function syncOf(small: TwoWayWorld) {
  const [sync] = small.project().twoWaySyncs;
  assert.ok(sync);
  return sync;
}

test("a field of another type is noticed on either side, with the sync and the field that it touches", async (t) => {
  const small = await twoWayWorld(t);
  small.crm.edit("a", { email: "a@example.com", name: "A", phone: "1" });
  const engine = await small.running();
  const [other = ""] = [...small.marketing.all.keys()];
  const spoilt = small.marketing.edit(other, { name: "B" });
  small.marketing.all.set(other, { ...spoilt, fields: { ...spoilt.fields, phone: 5 as never } });
  await small.settle(engine);
  const drifts = await engine.control.drift();
  assert.deepEqual(
    drifts.map(({ kind, on, place, touches }) => [kind, on, place, touches]),
    [["type", "marketing/people", "fields.phone", [{ sync: "people", fields: ["phone"], owner: "sales" }]]],
  );
  assert.ok(
    small.logged.some((line) => /fields\.phone of marketing\/people has another type.*people \(phone\)/.test(line)),
  );
  small.marketing.edit(other, { phone: "5" });
  await small.settle(engine);
  await small.pass(61_000);
  assert.deepEqual(await engine.control.drift(), []);
  assert.equal(small.crm.fields("a")?.phone, "5");
});

test("where a side's fields, its scope and what it is found by stand in its records is known", async (t) => {
  const small = await twoWayWorld(t);
  const { targets } = pairedPaths(syncOf(small), 0);
  assert.deepEqual(Object.fromEntries(targets), {
    "fields.email": ["email", "match"],
    "fields.name": ["name"],
    "fields.phone": ["phone"],
    hidden: ["only"],
  });
});

test("an optional field that vanishes from all records of a side is missed", async (t) => {
  const small = await twoWayWorld(t);
  const sync = syncOf(small);
  const clock = new VirtualClock();
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  const watch = new DriftWatch({
    store,
    clock,
    log: () => undefined,
    connections: [],
    syncs: [sync],
    sources: new Map(),
  });
  await watch.load();
  watch.start();
  const { resource } = sync.sides[1];
  const person: Person = {
    id: "m",
    version: "1",
    changedAt: 0,
    hidden: false,
    former: [],
    fields: { email: "a@example.com", name: "A", phone: "1" },
  };
  const { phone: _phone, ...rest } = person.fields;
  for (const fields of [person.fields, person.fields, rest]) {
    for (let count = 0; count < 30; count += 1) watch.sample(resource, { ...person, fields }, true);
    await clock.advance(61_000);
  }
  assert.deepEqual(
    watch.views().map(({ kind, place, touches }) => [kind, place, touches.map(({ fields }) => fields.join()).join()]),
    [["vanished", "fields.phone", "phone"]],
  );
  await watch.stop();
});
