// What a side whose limits are spent costs a two-way sync until there is room again: next to nothing, however much waits for it; and
// the other side does not wait with it.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Limit } from "./define/connector.ts";
import { askedOfStore } from "./testing/asked-of-store.ts";
import { answers } from "./testing/troubles.ts";
import { twoWayWorld, type PeopleSync } from "./testing/two-way-world.ts";

const MINUTE_MS = 60_000;
const TEN_MINUTES_MS = 10 * MINUTE_MS;
const TEN_IN_TEN_MINUTES: Limit = { kind: "rate", name: "ten minutes", count: 10, perMs: TEN_MINUTES_MS, every: true };

/** People whom both sides know and who are linked, marketing with a tight limit; and what the store was asked for. */
async function setup(t: TestContext, people: number, sync: PeopleSync = {}) {
  const world = await twoWayWorld(t, {
    marketing: { limits: [TEN_IN_TEN_MINUTES] },
    sync: { pollEvery: "1d", ...sync },
  });
  const { clock, crm, marketing } = world;
  const { throughStore, during } = askedOfStore();
  const named = (number: number) => ({ email: `${number}@example.com`, name: `Person ${number}` });
  for (let number = 1; number <= people; number += 1) {
    crm.edit(`c${number}`, named(number));
    marketing.edit(`m${number}`, named(number));
  }
  const engine = await world.open({ throughStore });
  await engine.start();
  await clock.advance(6 * TEN_MINUTES_MS);
  const told = (): number => [...marketing.all.values()].filter(({ fields }) => fields.name?.startsWith("New")).length;
  return {
    ...world,
    engine,
    told,
    /** So many of the CRM are edited, and it tells so. */
    async edit(count: number) {
      const edited = [...crm.all.keys()].slice(0, count).map((id) => crm.edit(id, { name: `New ${id}` }));
      await engine.control.importRecords("crm/people", edited);
    },
    askedIn: (durationMs: number) => during(() => clock.advance(durationMs)),
  };
}

test("when a side has room for a few, only about as many of the pairs that wait for it are taken up", async (t) => {
  const { askedIn, clock, edit, told } = await setup(t, 100);
  await edit(100);
  await clock.advance(MINUTE_MS);
  assert.equal(told(), 10);
  for (const written of [20, 30]) {
    const { claims, settled } = await askedIn(TEN_MINUTES_MS);
    assert.equal(told(), written);
    assert.ok(settled <= 40, `${settled} rows were touched for 10 writes, of 100 that wait`);
    assert.ok(claims <= 40, `${claims} claims for 10 writes`);
  }
});

test("what is to be made at a side whose limits are spent is left alone until there is room", async (t) => {
  const { askedIn, clock, crm, marketing, engine } = await setup(t, 4);
  for (let number = 5; number <= 84; number += 1) crm.edit(`c${number}`, { email: `${number}@example.com` });
  await engine.control.importRecords("crm/people", [...crm.all.values()]);
  await clock.advance(MINUTE_MS);
  const made = marketing.all.size;
  const { claims, settled } = await askedIn(5 * MINUTE_MS);
  assert.equal(marketing.all.size, made);
  assert.ok(settled <= 20 && claims <= 20, `${settled} rows were touched and ${claims} claims made for nothing`);
  await clock.advance(TEN_MINUTES_MS);
  const few = await askedIn(TEN_MINUTES_MS);
  assert.ok(few.settled <= 70, `${few.settled} rows were touched for 10 calls, of 80 that wait`);
  await clock.advance(12 * TEN_MINUTES_MS);
  assert.equal(marketing.all.size, 84);
});

test("while one side's limits are spent, what the other side is told does not wait with it", async (t) => {
  const { clock, crm, edit, engine, marketing, told } = await setup(t, 60);
  await edit(59);
  await clock.advance(MINUTE_MS);
  assert.equal(told(), 10);
  // It is refused once, and due again while marketing has no room.
  crm.troubles.push(answers(409));
  const one = marketing.edit("m60", { phone: "60" });
  await engine.control.importRecords("marketing/people", [one]);
  await clock.advance(MINUTE_MS);
  assert.deepEqual([crm.fields("c60")?.phone, told()], ["60", 10]);
});
