import assert from "node:assert/strict";
import { test } from "node:test";
import { sendBatch } from "./batch.ts";
import type { CrmObject } from "./crm-object.ts";
import { setup } from "./test-api.ts";

const CONTACTS: CrmObject = {
  name: "contacts",
  modified: "lastmodifieddate",
  properties: [],
  writable: [],
  associated: [],
};
const upsertOf = (id: string, properties: Record<string, string> = {}) => ({ idProperty: "email", id, properties });

test("each item of a batch ends by itself, in the order it was given", async () => {
  await using world = await setup();
  const items = [
    upsertOf("amy@example.com", { firstname: "Amy" }),
    upsertOf("not an address"),
    upsertOf("bob@example.com"),
  ];
  const answers = await sendBatch(world.api, CONTACTS, "upsert", items);
  assert.deepEqual(
    answers.map(({ outcome, record }) => [outcome.kind, outcome.code, record?.new]),
    [
      ["done", undefined, true],
      ["invalid", "INVALID_EMAIL", undefined],
      ["done", undefined, true],
    ],
  );
  assert.deepEqual([...world.simulator.truth.contacts.keys()], [answers[0]?.record?.id, answers[2]?.record?.id]);
});

test("an upsert that is sent again makes nothing new", async () => {
  await using world = await setup();
  const items = [upsertOf("amy@example.com"), upsertOf("bob@example.com")];
  await sendBatch(world.api, CONTACTS, "upsert", items);
  const again = await sendBatch(world.api, CONTACTS, "upsert", items);
  assert.deepEqual(
    again.map(({ record }) => record?.new),
    [false, false],
  );
  assert.equal(world.simulator.truth.contacts.size, 2);
});

test("creates and updates go together too, and an item that is taken fails alone", async () => {
  await using world = await setup();
  const { id } = world.simulator.person.create("contacts", { email: "amy@example.com" });
  const create = (email: string) => ({ properties: { email } });
  const made = await sendBatch(world.api, CONTACTS, "create", [create("amy@example.com"), create("bob@example.com")]);
  assert.deepEqual(
    made.map(({ outcome }) => outcome.kind),
    ["conflict", "done"],
  );
  const changed = await sendBatch(world.api, CONTACTS, "update", [
    { id, properties: { city: "Bonn" } },
    { id: "404", properties: { city: "Bonn" } },
  ]);
  assert.deepEqual(
    changed.map(({ outcome }) => outcome.kind),
    ["done", "missing"],
  );
});

test("no item, and more than a hundred, are refused before anything is sent", async () => {
  await using world = await setup();
  for (const count of [0, 101]) {
    const items = Array.from({ length: count }, (_none, index) => upsertOf(`c${index}@example.com`));
    await assert.rejects(sendBatch(world.api, CONTACTS, "upsert", items), RangeError);
  }
  assert.equal(world.api.sent.length, 0);
});
