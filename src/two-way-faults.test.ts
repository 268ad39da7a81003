// What goes wrong around a two-way sync: answers that are lost, systems that answer each other, and clocks.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newest } from "./define/two-way-rules.ts";
import { answers, cutAfterwards, oneStrangeAnswer, type Trouble } from "./testing/troubles.ts";
import { twoWayWorld, type TwoWayWorld } from "./testing/two-way-world.ts";

const ANNA = { email: "anna@example.com", name: "Anna", phone: "1" };

/** Anna on both sides, and her key in marketing. */
async function linked({ crm, marketing, running }: TwoWayWorld) {
  crm.edit("a", ANNA);
  const engine = await running();
  return { engine, made: [...marketing.all.keys()][0] ?? "" };
}

test("a creation whose answer was lost makes nobody twice", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, running, settle } = world;
  const engine = await running();
  crm.edit("a", ANNA);
  marketing.troubles.push(...Array.from({ length: 20 }, () => keepsReading(cutAfterwards)));
  await settle(engine);
  await settle(engine, true);
  assert.deepEqual([marketing.all.size, crm.all.size], [1, 1]);
});

test("a creation that was looked up and not found is not looked up again while the provider only wants less", async (t) => {
  const world = await twoWayWorld(t, { marketing: { keyed: false } });
  const { crm, marketing, running, settle, pass } = world;
  const engine = await running();
  crm.edit("a", ANNA);
  let posts = 0;
  // Lost before anything was done, and not taken the next three times.
  const befalls: Trouble = async (request, answer) => {
    if (request.method === "GET") return answer();
    posts += 1;
    if (posts === 1) throw new Error("cut");
    return posts < 5 ? answers(429, "{}", { "retry-after": "5" })(request, answer) : answer();
  };
  marketing.troubles.push(...Array.from({ length: 500 }, () => befalls));
  await engine.control.sync("people", { full: false });
  await pass(200_000);
  await settle(engine);
  assert.deepEqual([marketing.all.size, posts], [1, 5]);
  assert.equal(marketing.reads.filter((read) => read.includes("email=")).length, 1);
});

for (const keyed of [true, false]) {
  const how = keyed ? "repeated under its key" : "looked up";
  test(`a creation over whose answer the connector throws is parked, and ${how} when it is tried again`, async (t) => {
    const world = await twoWayWorld(t, { marketing: { keyed } });
    const { crm, marketing, running, settle } = world;
    const engine = await running();
    crm.edit("a", ANNA);
    marketing.troubles.push(...oneStrangeAnswer());
    await settle(engine);
    const [parked] = await engine.control.parked({});
    assert.equal(parked?.cause, "bug");
    await engine.control.retryParked({});
    await settle(engine);
    await settle(engine, true);
    assert.deepEqual([marketing.all.size, crm.all.size], [1, 1]);
    assert.deepEqual(await engine.control.parked({}), []);
  });
}

test("an update whose answer was lost is looked at before anything is written again, and what gives way is kept", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, settle } = world;
  const { engine, made } = await linked(world);
  crm.edit("a", { name: "Anna B" });
  marketing.troubles.push(keepsReading(cutAfterwards), keepsReading(cutAfterwards), keepsReading(cutAfterwards));
  await engine.control.sync("people", { full: false });
  await world.pass(5_000);
  marketing.edit(made, { name: "Edited there" });
  await settle(engine);
  await settle(engine, true);
  // Nobody knows that the edit came after the write that landed: to the rule both are edits.
  assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], ["Anna B", "Anna B"]);
  const [kept] = await engine.control.conflicts({});
  assert.deepEqual(kept?.values, ['"Anna B"', '"Edited there"']);
});

for (const gone of ["crm", "marketing"] as const) {
  test(`a deletion in ${gone} whose counterpart went with a lost answer, and that is taken back, takes nobody else`, async (t) => {
    const world = await twoWayWorld(t);
    const { crm, marketing, settle, pass } = world;
    const { engine, made } = await linked(world);
    const [one, other, key] = gone === "crm" ? [crm, marketing, "a"] : [marketing, crm, made];
    one.remove(key);
    other.troubles.push(keepsReading(cutAfterwards), keepsReading(cutAfterwards), keepsReading(cutAfterwards));
    await engine.control.sync("people", { full: false });
    await pass(5_000);
    one.restore(key);
    await settle(engine);
    await settle(engine, true);
    const living = (side: typeof crm): readonly unknown[] => [...side.all.values()].map(({ fields }) => fields.name);
    assert.deepEqual([living(crm), living(marketing)], [["Anna"], ["Anna"]]);
    assert.deepEqual(await engine.control.parked({}), []);
  });
}

test("an update that is refused since somebody edited first is decided anew", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, settle } = world;
  const { engine, made } = await linked(world);
  crm.edit("a", { name: "Anna B" });
  marketing.troubles.push(keepsReading(answers(409)));
  await settle(engine);
  assert.equal(marketing.fields(made)?.name, "Anna B");
  assert.deepEqual(await engine.control.parked({}), []);
});

test("two systems that undo each other's values are stopped, and their owner is told", async (t) => {
  const mine = (name: string) => (fields: object) => ({ ...fields, name });
  const { crm, marketing, logged, running, settle } = await twoWayWorld(t, {
    crm: { automation: mine("CRM's") },
    marketing: { automation: mine("Marketing's") },
  });
  crm.edit("a", ANNA);
  const engine = await running();
  crm.edit("a", { name: "Anna B" });
  for (let pass = 0; pass < 30; pass += 1) await settle(engine);
  const [row] = await engine.control.parked({});
  assert.equal(row?.cause, "loop");
  assert.ok(logged.some((line) => /written 10 times within 10m/.test(line)));
  const writes = [...crm.writes, ...marketing.writes].length;
  assert.ok(writes <= 11, `${writes} writes`);
});

for (const [clock, winner] of [
  ["one clock", "Later"],
  [undefined, "Earlier"],
] as const) {
  test(`the newest edit wins ${clock === undefined ? "only" : "where"} ${clock ?? "where one clock"} stamps both sides`, async (t) => {
    const options = clock === undefined ? {} : { clock };
    const conflicts = newest({ otherwise: "crm" as const });
    const world = await twoWayWorld(t, { crm: options, marketing: options, sync: { conflicts } });
    const { crm, marketing, settle, pass } = world;
    const { engine, made } = await linked(world);
    crm.edit("a", { name: "Earlier" });
    await pass(250);
    marketing.edit(made, { name: "Later" });
    await settle(engine);
    await settle(engine);
    assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], [winner, winner]);
  });
}

/** The trouble befalls the next call that changes something; whatever is read goes well. */
function keepsReading(trouble: ReturnType<typeof answers>): ReturnType<typeof answers> {
  return (request, answer) => (request.method === "GET" ? answer() : trouble(request, answer));
}
