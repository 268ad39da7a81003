// The first listing of a resource: what it shows is likely new, and is armed in the transaction that first sees it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Settlement, Store } from "./store/store.ts";
import { slowClock } from "./testing/slow-clock.ts";
import { billsSync, smallProject, smallWorld, unlinked, type SmallWorld } from "./testing/small-world.ts";

const project = smallProject({ syncs: [billsSync({ map: unlinked })] });

/** Of 40 orders each takes 5 ms to map. */
function slowlyMapped(small: SmallWorld) {
  const keys = Array.from({ length: 40 }, (_, index) => String(index + 10));
  for (const key of keys) small.shop.putOrder(key);
  const slow = slowClock(small.clock);
  const map: typeof unlinked = ({ field }) => ({
    note: field(({ note }) => {
      slow.take(5);
      return note;
    }),
    client: field(({ customer }) => customer).orOmit(),
  });
  const slowly = { project: smallProject({ syncs: [billsSync({ map })] }), world: { ...small.world, clock: slow } };
  return { slow, slowly, notes: keys.map((key) => `order ${key}`) };
}

/** Which settlements went through the store, by the keys of their records. */
function settledIn() {
  const settled: Settlement[] = [];
  const throughStore = (store: Store): Store => ({
    ...store,
    settle(settlements) {
      settled.push(...settlements);
      return store.settle(settlements);
    },
  });
  return {
    throughStore,
    to: (fate: Settlement["to"]) => settled.filter(({ to }) => to === fate).map(({ key }) => key),
  };
}

test("records of a first listing are armed where they are first seen, and those of later listings by themselves", async (t) => {
  const small = await smallWorld(t);
  const { throughStore, to } = settledIn();
  for (const key of ["1", "2", "3"]) small.shop.putOrder(key);
  const engine = await small.running({ project, throughStore });
  assert.deepEqual(small.books.notes(), ["order 1", "order 2", "order 3"]);
  assert.deepEqual(to("sending"), []);
  assert.deepEqual(to("cleared").toSorted(), ["1", "2", "3"]);
  small.shop.putOrder("4");
  await engine.control.sync("bills", { full: false });
  await small.settle(engine);
  assert.deepEqual(small.books.notes(), ["order 1", "order 2", "order 3", "order 4"]);
  assert.deepEqual(to("sending"), ["4"]);
});

test("the story of a record that was armed where it was first seen tells all that happened to it", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running({ project });
  const story = await engine.control.story("1");
  const told = story.map(({ what }) => what).filter((what) => what !== "request");
  assert.deepEqual(told, ["noted", "sending", "cleared"]);
});

test("what a mapping refuses in a first listing is parked, and holds up none beside it", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1", { note: "x".repeat(101) });
  small.shop.putOrder("2");
  const engine = await small.running({ project });
  assert.deepEqual(small.books.notes(), ["order 2"]);
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ key }) => key),
    ["1"],
  );
});

test("what was armed where it was first seen and never answered is made once, by whoever starts next", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  let stopped = false;
  const throughStore = (store: Store): Store => ({
    ...store,
    async observe(batch) {
      const counts = await store.observe(batch);
      // As if the process had ended here: nobody hears what became of it.
      if (counts.armed.length > 0) stopped = true;
      return stopped ? { ...counts, armed: [], claimed: [], syncs: [] } : counts;
    },
  });
  const engine = await small.open({ project, throughStore });
  await small.until(engine.start());
  await small.clock.advance(1_000);
  assert.equal(stopped, true);
  assert.deepEqual(small.books.writes, []);
  await small.stop(engine);
  const again = await small.running({ project });
  assert.deepEqual(small.books.notes(), ["order 1"]);
  assert.equal((await again.control.status()).tallies["recovered"], 1);
});

test("what cannot be foreseen holds up no page: it is claimed, and decided then", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  small.shop.putOrder("1", { customer: "c1" });
  let asked = 0;
  const throughStore = (store: Store): Store => ({
    ...store,
    links: (needs) => ((asked += 1) === 1 ? Promise.reject(new Error("no links just now")) : store.links(needs)),
  });
  await small.running({ throughStore });
  assert.deepEqual(small.books.notes(), ["order 1"]);
  assert.ok(asked > 1);
  assert.deepEqual(
    small.logged.filter((line) => line.includes("could not list")),
    [],
  );
});

test("a mapping that takes long over each record of a first listing lets others go on in between", async (t) => {
  const small = await smallWorld(t);
  const { throughStore, to } = settledIn();
  const { slow, slowly, notes } = slowlyMapped(small);
  await small.running({ ...slowly, throughStore });
  assert.deepEqual(small.books.notes().toSorted(), notes);
  assert.deepEqual(to("sending"), []);
  // What is foreseen and what is claimed besides may follow one another.
  assert.ok(slow.heldMs <= 50, `others waited for ${slow.heldMs} ms`);
});

test("stopped while a first listing is slowly mapped, it arms nothing, and the next start makes each once", async (t) => {
  const small = await smallWorld(t);
  const { slow, slowly, notes } = slowlyMapped(small);
  const engine = await small.open(slowly);
  const stopped = new Promise<void>((resolve, reject) => {
    slow.onTurn = () => {
      slow.onTurn = undefined;
      engine.stop().then(resolve, reject);
    };
  });
  await small.until(engine.start());
  await small.until(stopped);
  assert.deepEqual(small.books.writes, []);
  const again = await small.running({ project });
  assert.deepEqual(small.books.notes().toSorted(), notes);
  const { tallies } = await again.control.status();
  assert.deepEqual([tallies["recovered"] ?? 0, small.books.writes.length], [0, notes.length]);
});
