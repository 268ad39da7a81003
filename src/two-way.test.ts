// A two-way sync in a whole engine: two systems that are both edited, and what becomes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
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
