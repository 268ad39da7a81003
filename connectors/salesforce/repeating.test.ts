import assert from "node:assert/strict";
import { test } from "node:test";
import { madeAgain } from "../../src/testing/made-again.ts";
import { leads } from "./leads.ts";
import { erpAccounts, setup } from "./test-api.ts";

test("what is made or changed by an id changes nothing the second time, and a removal finds nothing", async () => {
  await using world = await setup();
  const { truth } = world.simulator;
  const { write } = erpAccounts;
  const order = { idempotencyKey: "k1", fields: { Name: "Amy", Erp_Id__c: "1" } };
  const { key } = await write!.create(world.api, order);
  const fields = { ...order.fields, Name: "Amelia" };
  await write!.update!(world.api, { ...order, key, fields, changed: ["Name"] });
  const [, change] = [...world.api.sent];
  assert.equal((await madeAgain(world.api, [change!])).length, 1);
  assert.deepEqual(
    [...truth.records("Account").values()].map(({ Name }) => Name),
    ["Amelia"],
  );
  await write!.removals!.delete(world.api, { idempotencyKey: "k2", key });
  assert.equal((await madeAgain(world.api, world.api.sent.slice(-1))).length, 1);
  assert.equal(truth.records("Account").size, 0);
});

test("making a record that nothing of its own names is not safe", async () => {
  await using world = await setup();
  await leads.write!.create(world.api, { idempotencyKey: "k1", fields: { LastName: "Lee", Company: "Birds" } });
  assert.deepEqual(await madeAgain(world.api, [...world.api.sent]), []);
});
