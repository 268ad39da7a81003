// What people may ask of pairs in odd states: it is done, or refused with what to do instead, and nothing waits in hiding.
import assert from "node:assert/strict";
import { test } from "node:test";
import { oneStrangeAnswer, waits, type Trouble } from "./testing/troubles.ts";
import { twoWayWorld, type TwoWayOptions, type TwoWayWorld } from "./testing/two-way-world.ts";

const ANNA = { email: "anna@example.com", name: "Anna", phone: "1" };

/** Anna, of whose name one value lost. */
async function disagreed(world: TwoWayWorld) {
  const { crm, marketing, running, settle } = world;
  crm.edit("a", ANNA);
  const engine = await running();
  const [made = ""] = marketing.all.keys();
  crm.edit("a", { name: "Anna B" });
  marketing.edit(made, { name: "Anna C" });
  await settle(engine);
  const [conflict] = await engine.control.conflicts({});
  return { engine, made, conflict: conflict?.id ?? 0 };
}

for (const gone of ["one record", "both records"] as const) {
  test(`a value of a pair of which ${gone} went is not put back, and not later either`, async (t) => {
    const world = await twoWayWorld(t, { sync: { onDelete: { crm: "unlink", marketing: "unlink" } } });
    const { crm, marketing, settle } = world;
    const { engine, made, conflict } = await disagreed(world);
    crm.remove("a");
    if (gone === "both records") marketing.remove(made);
    await settle(engine, true);
    await assert.rejects(
      engine.control.putBack(conflict),
      /could not put back conflict 1: crm a is deleted|has no counterpart any more/,
    );
    crm.restore("a");
    marketing.restore(made);
    await settle(engine, true);
    await settle(engine, true);
    const names = [...crm.all.values(), ...marketing.all.values()].map(({ fields }) => fields.name);
    assert.deepEqual(new Set(names), new Set(["Anna B"]));
  });
}

test("a value that is put back is written into the record that its own was merged into meanwhile", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, running, settle } = world;
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.edit("b", { name: "Nobody wrote the address" });
  crm.hide("b", true);
  crm.edit("a", { phone: "2" });
  marketing.edit(made, { phone: "3" });
  await settle(engine);
  const [conflict] = await engine.control.conflicts({});
  assert.deepEqual(conflict?.values, ['"2"', '"3"']);
  crm.merge("b", "a");
  crm.edit("b", { ...ANNA, phone: "3" });
  crm.hide("b", false);
  await engine.control.putBack(conflict?.id ?? 0);
  await settle(engine, true);
  assert.deepEqual([crm.fields("b")?.phone, marketing.fields(made)?.phone], ["2", "2"]);
});

test("a value that is put back twice at once, from either side, is what was asked last", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, settle } = world;
  const { engine, made, conflict } = await disagreed(world);
  await Promise.all([engine.control.putBack(conflict, "marketing"), engine.control.putBack(conflict, "crm")]);
  await settle(engine);
  await settle(engine, true);
  assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], ["Anna B", "Anna B"]);
});

test("a creation whose outcome nobody knows can be linked by hand with what it made", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, running, settle } = world;
  const engine = await running();
  marketing.troubles.push(...oneStrangeAnswer());
  crm.edit("a", ANNA);
  await settle(engine);
  await settle(engine);
  const parked = await engine.control.parked({});
  assert.deepEqual(parked.map(({ cause }) => cause).toSorted(), ["bug", "match"]);
  const [made = ""] = marketing.all.keys();
  await engine.control.link("people", "a", made);
  await settle(engine, true);
  await settle(engine, true);
  assert.deepEqual([marketing.all.size, crm.all.size], [1, 1]);
  assert.deepEqual(await engine.control.parked({}), []);
  crm.edit("a", { name: "Anna B" });
  await settle(engine);
  assert.equal(marketing.fields(made)?.name, "Anna B");
});

for (const gone of ["crm", "marketing"] as const) {
  test(`who was left alone when ${gone} deleted the other is linked by hand with the one that was entered there again`, async (t) => {
    const world = await twoWayWorld(t, { sync: { onDelete: { crm: "unlink", marketing: "unlink" } } });
    const { crm, marketing, running, settle } = world;
    crm.edit("a", ANNA);
    const engine = await running();
    const [made = ""] = marketing.all.keys();
    const [there, old, left] = gone === "crm" ? [crm, "a", made] : [marketing, made, "a"];
    there.remove(old);
    await settle(engine, true);
    there.edit("again", { ...ANNA, name: "Anna again" });
    await settle(engine, true);
    assert.deepEqual(
      (await engine.control.parked({})).map(({ key, cause }) => [key, cause]),
      [["again", "match"]],
    );
    await engine.control.link("people", "again", left);
    await settle(engine);
    assert.deepEqual(await engine.control.parked({}), []);
    there.edit("again", { phone: "2" });
    await settle(engine);
    const other = gone === "crm" ? marketing : crm;
    assert.deepEqual([other.fields(left)?.phone, other.all.size], ["2", 1]);
    assert.equal((await engine.control.status()).syncs[0]?.links, 1);
    there.restore(old);
    await settle(engine, true);
    assert.equal(other.all.size, 1);
  });
}

test("who was left alone is not linked anew while a deletion that may still follow is under way", async (t) => {
  const world = await twoWayWorld(t);
  const { crm, marketing, running, pass } = world;
  crm.edit("a", ANNA);
  const engine = await running();
  const [made = ""] = marketing.all.keys();
  const { trouble, asked, letGo } = waits();
  const held: Trouble = (request, answer) => {
    if (request.method === "DELETE") return trouble(request, answer);
    marketing.troubles.push(held);
    return answer();
  };
  marketing.troubles.push(held);
  crm.remove("a");
  crm.edit("again", ANNA);
  await pass(8_000);
  await asked;
  await assert.rejects(engine.control.link("people", "again", made), /could not link people again/);
  letGo();
});

test("what is found by no number is found by nobody", async (t) => {
  const world = await twoWayWorld(t, {
    sync: {
      match: [{ crm: ({ fields }) => Number(fields.phone), marketing: ({ fields }) => Number(fields.phone) }],
    },
  } as TwoWayOptions);
  const { crm, marketing, running } = world;
  crm.edit("a", { name: "Anna" });
  crm.edit("b", { name: "Bob" });
  const engine = await running();
  assert.deepEqual([marketing.all.size, await engine.control.parked({})], [2, []]);
});
