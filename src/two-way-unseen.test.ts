// Edits of which nobody told yet, where the provider lets every write through: they are looked at before they are written over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beforeArming } from "./testing/asked-of-store.ts";
import { answers } from "./testing/troubles.ts";
import { twoWayWorld } from "./testing/two-way-world.ts";

const ANNA = { email: "anna@example.com", name: "Anna", phone: "1" };
const UNGUARDED = { marketing: { guarded: false } } as const;

test("an edit that nobody told of is not written over, and what gives way is kept", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t, UNGUARDED);
  crm.edit("a", ANNA);
  const engine = await running();
  const [made = ""] = marketing.all.keys();
  // Only the CRM is asked what changed: it is noticed first.
  crm.edit("a", { name: "Anna B", phone: "2" });
  marketing.edit(made, { name: "Anna C", phone: "3" });
  await engine.control.importRecords("crm/people", [crm.all.get("a")]);
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], ["Anna B", "Anna B"]);
  assert.deepEqual([crm.fields("a")?.phone, marketing.fields(made)?.phone], ["3", "3"]);
  const kept = await engine.control.conflicts({});
  assert.deepEqual(kept.map(({ fields, values }) => [fields[0], ...values].join(" ")).toSorted(), [
    'name "Anna B" "Anna C"',
    'phone "2" "3"',
  ]);
});

test("a record that was edited in the moment its counterpart was deleted is not taken out of use", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t, UNGUARDED);
  crm.edit("a", ANNA);
  const engine = await running();
  const [made = ""] = marketing.all.keys();
  crm.remove("a");
  marketing.edit(made, { name: "Anna C" });
  await settle(engine, true);
  assert.deepEqual([crm.all.size, marketing.fields(made)?.name], [0, "Anna C"]);
  assert.deepEqual(
    (await engine.control.conflicts({})).map(({ rule }) => rule),
    ["deleted on one side, edited on the other"],
  );
});

test("a record of which an edit is learnt right before it is taken out of use is not, and lives on", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t, UNGUARDED);
  crm.edit("a", ANNA);
  const throughStore = beforeArming("remove", () => {
    marketing.edit(made, { name: "Anna C" });
    return engine.control.importRecords("marketing/people", [marketing.all.get(made)]);
  });
  const engine = await running({ throughStore });
  const [made = ""] = marketing.all.keys();
  crm.remove("a");
  await settle(engine, true);
  assert.deepEqual([crm.all.size, marketing.fields(made)?.name], [0, "Anna C"]);
  assert.deepEqual(await engine.control.parked({}), []);
});

test("an edit that is learnt right before it is written over gives way by the rule, and is kept", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t, UNGUARDED);
  crm.edit("a", ANNA);
  const throughStore = beforeArming("update", () => {
    marketing.edit(made, { name: "Anna C" });
    return engine.control.importRecords("marketing/people", [marketing.all.get(made)]);
  });
  const engine = await running({ throughStore });
  const [made = ""] = marketing.all.keys();
  crm.edit("a", { name: "Anna B" });
  await settle(engine);
  assert.deepEqual([crm.fields("a")?.name, marketing.fields(made)?.name], ["Anna B", "Anna B"]);
  const [kept] = await engine.control.conflicts({});
  assert.deepEqual(kept?.values, ['"Anna B"', '"Anna C"']);
});

test("somebody whom both sides made in the same moment is found, and not made twice", async (t) => {
  const { crm, marketing, running, settle } = await twoWayWorld(t);
  crm.edit("a", ANNA);
  const engine = await running();
  crm.edit("b", { ...ANNA, email: "bob@example.com", name: "Bob" });
  marketing.edit("m", { email: "bob@example.com", name: "Robert" });
  // Only marketing's is noticed.
  await engine.control.importRecords("marketing/people", [marketing.all.get("m")]);
  await settle(engine);
  assert.deepEqual([crm.all.size, marketing.all.size], [2, 2]);
  assert.deepEqual([crm.fields("b")?.name, marketing.fields("m")?.name], ["Bob", "Bob"]);
});

test("somebody whom the other side made while this one was being listed is found, and not made twice", async (t) => {
  const { clock, crm, marketing, running, settle } = await twoWayWorld(t);
  const engine = await running();
  // Both are asked what changed; the CRM has answered when somebody makes Bob on both sides, and marketing shows him at once.
  marketing.troubles.push(async (_request, answer) => {
    await new Promise<void>((wake) => clock.timer(10, wake));
    crm.edit("b", { email: "bob@example.com", name: "Bob" });
    marketing.edit("m", { email: "bob@example.com", name: "Robert" });
    return answer();
  });
  await settle(engine);
  assert.deepEqual([crm.all.size, marketing.all.size], [1, 1]);
});

test("somebody whom a side made that is down is found once it is back, and not made twice", async (t) => {
  const { crm, marketing, running, settle, pass } = await twoWayWorld(t);
  const engine = await running();
  crm.troubles.push(...Array.from({ length: 500 }, () => answers(503)));
  crm.edit("b", { email: "bob@example.com", name: "Bob" });
  marketing.edit("m", { email: "bob@example.com", name: "Robert" });
  await engine.control.importRecords("marketing/people", [marketing.all.get("m")]);
  await pass(120_000);
  crm.troubles.length = 0;
  await settle(engine);
  assert.deepEqual([crm.all.size, marketing.all.size], [1, 1]);
});
