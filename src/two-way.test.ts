// A two-way sync in a whole engine: two systems that are both edited, and what becomes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersonFields } from "./testing/small-people.ts";
import { twoWayWorld } from "./testing/two-way-world.ts";

const ANNA = { email: "anna@example.com", name: "Anna", phone: "1" };

test("a record of one side is made on the other, and each edit goes across whichever side it is made on", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const [made] = [...marketing.all.keys()];
  assert.deepEqual(marketing.fields(made ?? ""), ANNA);
  crm.edit("a", { name: "Anna B" });
  await settle(engine);
  assert.equal(marketing.fields(made ?? "")?.name, "Anna B");
  marketing.edit(made ?? "", { phone: "2" });
  await settle(engine);
  assert.equal(crm.fields("a")?.phone, "2");
  assert.deepEqual([crm.all.size, marketing.all.size, crm.writes.length, marketing.writes.length], [1, 1, 1, 2]);
});

test("records that both sides had are linked by what they share, and what one lacks is filled in", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", { email: "Anna@Example.com", name: "Anna" });
  marketing.edit("m", { email: "anna@example.com ", phone: "2" });
  const engine = await running();
  assert.deepEqual(crm.fields("a"), { email: "Anna@Example.com", name: "Anna", phone: "2" });
  assert.deepEqual(marketing.fields("m"), { email: "anna@example.com ", name: "Anna", phone: "2" });
  const before = [...crm.writes, ...marketing.writes].length;
  await settle(engine, true);
  assert.equal([...crm.writes, ...marketing.writes].length, before, "a second pass writes nothing");
});

test("edits of different fields on both sides both survive, and of one field the rule's side wins and the other value is kept", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.edit("a", { name: "From CRM" });
  marketing.edit(made, { name: "From marketing", phone: "9" });
  await settle(engine);
  assert.deepEqual(crm.fields("a"), { ...ANNA, name: "From CRM", phone: "9" });
  assert.deepEqual(marketing.fields(made), crm.fields("a"));
  const [kept, ...others] = await engine.control.conflicts({});
  assert.deepEqual(others, []);
  assert.deepEqual(
    [kept?.fields, kept?.values, kept?.winner, kept?.key, kept?.otherKey],
    [["name", "name"], ['"From CRM"', '"From marketing"'], 0, "a", made],
  );
});

test("a value that lost is put back with one command, and goes across from there", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.edit("a", { name: "From CRM" });
  marketing.edit(made, { name: "From marketing" });
  await settle(engine);
  const [kept] = await engine.control.conflicts({});
  await engine.control.putBack(kept?.id ?? 0);
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], ["From marketing", "From marketing"]);
  const writes = [...crm.writes, ...marketing.writes].length;
  await settle(engine, true);
  assert.equal([...crm.writes, ...marketing.writes].length, writes);
});

test("where a person decides, the record is parked until one value is taken, and other fields go on", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t, { sync: { conflicts: "park" } });
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.edit("a", { name: "From CRM", phone: "3" });
  marketing.edit(made, { name: "From marketing" });
  await settle(engine);
  assert.equal(marketing.fields(made)?.phone, "3");
  const [row] = await engine.control.parked({});
  assert.deepEqual([row?.key, row?.cause], ["a", "edited"]);
  const [open] = await engine.control.conflicts({ open: true });
  await engine.control.putBack(open?.id ?? 0, "marketing");
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], ["From marketing", "From marketing"]);
  assert.deepEqual([await engine.control.parked({}), await engine.control.conflicts({ open: true })], [[], []]);
});

for (const [how, mended, agreed] of [
  ["taken over by hand", { name: "From CRM" }, "From CRM"],
  ["undone", { name: "Anna" }, "From CRM"],
] as const) {
  test(`nobody waits for a person's word about a value that was ${how} in the other system`, async (t) => {
    const { crm, marketing, running, settle } = await twoWayWorld(t, { sync: { conflicts: "park" } });
    crm.edit("a", ANNA);
    const engine = await running();
    const made = [...marketing.all.keys()][0] ?? "";
    crm.edit("a", { name: "From CRM" });
    marketing.edit(made, { name: "From marketing" });
    await settle(engine);
    marketing.edit(made, mended);
    await settle(engine);
    assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], [agreed, agreed]);
    assert.deepEqual(await engine.control.conflicts({ open: true }), []);
    // The same once more is asked about anew.
    crm.edit("a", { name: "Anna" });
    await settle(engine);
    crm.edit("a", { name: "From CRM" });
    marketing.edit(made, { name: "From marketing" });
    await settle(engine);
    assert.equal((await engine.control.conflicts({ open: true })).length, 1);
  });
}

test("of a field that waits for a person only the newest values do, and none of a record that was discarded", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t, { sync: { conflicts: "park" } });
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  for (const name of ["From CRM", "From CRM again"]) {
    crm.edit("a", { name });
    marketing.edit(made, { name: "From marketing" });
    await settle(engine);
  }
  const open = await engine.control.conflicts({ open: true });
  assert.deepEqual(
    open.map(({ values }) => values),
    [['"From CRM again"', '"From marketing"']],
  );
  await engine.control.discardParked({}, "it may stay as it is");
  assert.deepEqual(await engine.control.conflicts({ open: true }), []);
});

for (const returns of [true, false]) {
  const how = returns ? "returns" : "returns nothing of what it was given";
  test(`what a provider makes of a value is no edit, where it ${how}`, async (t) => {
    const normal = ({ name, ...rest }: PersonFields): PersonFields =>
      name === undefined ? rest : { ...rest, name: name.trim().toLowerCase() };
    const { crm, marketing, running, settle } = await twoWayWorld(t, { marketing: { normal, returns } });
    crm.edit("a", { ...ANNA, name: " Anna B " });
    const engine = await running();
    await settle(engine, true);
    const made = [...marketing.all.keys()][0] ?? "";
    assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], [" Anna B ", "anna b"]);
    crm.edit("a", { name: " Anna C " });
    await settle(engine);
    await settle(engine, true);
    assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], [" Anna C ", "anna c"]);
    assert.deepEqual([crm.writes.length, marketing.writes.length], [0, 2]);
  });
}

test("a deletion goes across, and nothing rises again", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  crm.remove("a");
  await settle(engine, true);
  assert.deepEqual([crm.all.size, marketing.all.size], [0, 0]);
  await settle(engine, true);
  const { syncs } = await engine.control.status();
  assert.deepEqual([crm.all.size, marketing.all.size, syncs[0]?.links], [0, 0, 0]);
});

test("who was deleted on one side while out of scope on the other stays there, and that is told", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const [made = ""] = marketing.all.keys();
  crm.hide("a", true);
  await settle(engine, true);
  marketing.remove(made);
  await settle(engine, true);
  crm.hide("a", false);
  await settle(engine, true);
  assert.deepEqual([crm.fields("a")?.name, marketing.all.size], ["Anna", 0]);
  const [kept, ...others] = await engine.control.conflicts({});
  assert.deepEqual([kept?.rule, kept?.winner, others], ["deleted on one side, out of scope on the other", 0, []]);
  assert.match(String(kept?.values[0]), /"Anna"/);
});

test("of a deletion and an edit the edit is kept, told as a conflict, and not made anew on the other side", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.remove("a");
  marketing.edit(made, { name: "Still here" });
  await settle(engine, true);
  marketing.edit(made, { name: "Edited again" });
  await settle(engine, true);
  assert.deepEqual([crm.all.size, marketing.fields(made)?.name], [0, "Edited again"]);
  const [kept] = await engine.control.conflicts({});
  assert.equal(kept?.rule, "deleted on one side, edited on the other");
  crm.restore("a");
  await settle(engine, true);
  assert.deepEqual(
    [crm.fields("a")?.name, marketing.all.size],
    ["Edited again", 1],
    "a restored record takes its link up",
  );
});

test("a record that leaves the filter is not written, and goes on where it was when it comes back", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.hide("a", true);
  await settle(engine);
  marketing.edit(made, { phone: "7" });
  crm.edit("a", { name: "Meanwhile" });
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.phone, marketing.fields(made)?.name], ["1", "Anna"]);
  crm.hide("a", false);
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.phone, marketing.fields(made)?.name], ["7", "Meanwhile"]);
});

test("duplicates are never guessed among, and one that is mended goes on by itself", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", { email: "anna@example.com", name: "Anna" });
  marketing.edit("m1", { email: "anna@example.com", name: "Anna" });
  marketing.edit("m2", { email: "ANNA@example.com", name: "Anna" });
  const engine = await running();
  const parked = await engine.control.parked({ cause: "match" });
  assert.deepEqual(parked.map(({ key }) => key).toSorted(), ["a", "m1", "m2"]);
  assert.deepEqual([crm.all.size, marketing.all.size], [1, 2]);
  marketing.edit("m2", { email: "other@example.com" });
  await settle(engine);
  assert.deepEqual(await engine.control.parked({}), []);
  assert.deepEqual([crm.all.size, marketing.all.size], [2, 2]);
});

test("two of one system with one address are not made two of the other", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  const engine = await running();
  crm.edit("a", { email: "anna@example.com", name: "Anna" });
  crm.edit("b", { email: "Anna@example.com", name: "Anna again" });
  await settle(engine);
  assert.equal(marketing.all.size, 0);
  const parked = await engine.control.parked({ cause: "match" });
  assert.deepEqual(parked.map(({ key }) => key).toSorted(), ["a", "b"]);
  assert.match(parked[0]?.reason ?? "", /none is there; crm has [ab] with it besides/);
  crm.remove("b");
  await settle(engine, true);
  assert.deepEqual([await engine.control.parked({}), marketing.all.size], [[], 1]);
});

test("two who are found by a name that was cut off within a character are asked about once", async (t) => {
  const { crm, running, pass } = await twoWayWorld(t, {
    sync: { match: [{ crm: ({ fields }) => fields.name, marketing: ({ fields }) => fields.name }] },
  });
  const name = "Anna \u{1F600}".slice(0, -1);
  for (const id of ["a", "b"]) crm.edit(id, { name });
  const engine = await running();
  crm.edit("a", { phone: "2" });
  await pass(10_000);
  assert.equal((await engine.control.parked({})).length, 2);
  assert.equal((await engine.control.status()).tallies["parked"], 3);
});

test("a person says which of the duplicates belong together", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", { email: "anna@example.com", name: "Anna" });
  marketing.edit("m1", { email: "anna@example.com", phone: "1" });
  marketing.edit("m2", { email: "anna@example.com", phone: "2" });
  const engine = await running();
  await engine.control.link("people", "m2", "a");
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.phone, marketing.fields("m2")?.name], ["2", "Anna"]);
  assert.deepEqual(
    (await engine.control.parked({})).map(({ key, side }) => [key, side]),
    [["m1", 1]],
  );
});

test("records that are merged in one system keep the link of the one that stays", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  const made = [...marketing.all.keys()][0] ?? "";
  crm.hide("b", false);
  crm.edit("b", { name: "Nobody wrote the address" });
  crm.hide("b", true);
  await settle(engine);
  crm.merge("b", "a");
  crm.edit("b", { ...ANNA, name: "Merged" });
  crm.hide("b", false);
  await settle(engine, true);
  assert.deepEqual([marketing.fields(made)?.name, marketing.all.size, crm.all.size], ["Merged", 1, 1]);
});

for (const [who, first, second] of [
  ["the first system is told of before the second", "crm", "marketing"],
  ["the second system is told of before the first", "marketing", "crm"],
  ["both are told of at once", undefined, undefined],
] as const) {
  test(`two pairs that become one in both systems, each keeping another one, are one pair, where ${who}`, async (t) => {
    const { crm, marketing, running, settle } = await twoWayWorld(t);
    crm.edit("a", ANNA);
    crm.edit("b", { email: "ben@example.com", name: "Ben" });
    const engine = await running();
    const ofName = (name: string) => [...marketing.all.values()].find(({ fields }) => fields.name === name)?.id ?? "";
    const [anna, ben] = [ofName("Anna"), ofName("Ben")];
    const merged = { crm: () => crm.merge("a", "b"), marketing: () => marketing.merge(ben, anna) };
    for (const side of [first ?? "crm", second ?? "marketing"] as const) {
      merged[side]();
      if (first !== undefined) await settle(engine, true);
    }
    await settle(engine, true);
    await settle(engine, true);
    assert.deepEqual(await engine.control.parked({}), []);
    assert.deepEqual([[...crm.all.keys()], [...marketing.all.keys()]], [["a"], [ben]]);
    crm.edit("a", { name: "Anna Ben" });
    await settle(engine);
    assert.equal(marketing.fields(ben)?.name, "Anna Ben");
    assert.equal(crm.fields("a")?.email, marketing.fields(ben)?.email);
    const writes = [...crm.writes, ...marketing.writes].length;
    await settle(engine, true);
    assert.equal([...crm.writes, ...marketing.writes].length, writes);
    assert.equal((await engine.control.status()).syncs[0]?.links, 1);
  });
}

test("two linked records that become one leave the extra one to a person", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  crm.edit("b", { email: "ben@example.com", name: "Ben" });
  const engine = await running();
  assert.equal(marketing.all.size, 2);
  crm.merge("a", "b");
  await settle(engine, true);
  const [row, ...others] = await engine.control.parked({});
  assert.deepEqual([row?.cause, others.length, marketing.all.size], ["match", 0, 2]);
  const left = [...marketing.all.values()].find(({ fields }) => fields.name === "Ben");
  marketing.remove(left?.id ?? "");
  await settle(engine, true);
  assert.deepEqual([await engine.control.parked({}), marketing.all.size, crm.all.size], [[], 1, 1]);
});
