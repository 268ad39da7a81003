import assert from "node:assert/strict";
import { test } from "node:test";
import { madeAgain } from "../../src/testing/made-again.ts";
import { companies } from "./companies.ts";
import { contacts } from "./contacts.ts";
import { setup } from "./test-api.ts";

test("what carries a stamp or an id changes nothing the second time", async () => {
  await using world = await setup();
  const { truth } = world.simulator;
  const { write } = companies;
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields: { name: "Birds" } });
  assert.ok((await madeAgain(world.api, [...world.api.sent])).length > 0);
  assert.equal(truth.companies.size, 1);
  const changed = { key, fields: { name: "Cats" }, changed: ["name"] as const };
  await write!.update!(world.api, { idempotencyKey: "k2", ...changed });
  const written = JSON.stringify(truth.companies.get(key)?.properties["name"]);
  assert.equal((await madeAgain(world.api, world.api.sent.slice(-1))).length, 1);
  assert.equal(JSON.stringify(truth.companies.get(key)?.properties["name"]), written);
  await write!.removals!.archive(world.api, { idempotencyKey: "k3", key });
  assert.equal((await madeAgain(world.api, world.api.sent.slice(-1))).length, 1);
  assert.equal(truth.companies.size, 0);
});

test("making a contact plainly, with nothing that keeps it from being made twice but its address, is not said to be safe", async () => {
  await using world = await setup();
  await contacts.write!.create(world.api, { idempotencyKey: "k1", fields: { email: "amy@example.com" } });
  assert.deepEqual(await madeAgain(world.api, [...world.api.sent]), []);
});
