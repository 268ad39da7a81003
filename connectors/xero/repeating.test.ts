import assert from "node:assert/strict";
import { test } from "node:test";
import { madeAgain } from "../../src/testing/made-again.ts";
import { contacts } from "./contacts.ts";
import { items } from "./items.ts";
import { setup } from "./test-api.ts";

const MINUTE_MS = 60_000;

test("a change by id changes nothing the second time, long after Xero forgot its key; making a record is not safe", async () => {
  await using world = await setup();
  const { key } = await contacts.write!.create(world.api, { idempotencyKey: "k1", fields: { Name: "Amy" } });
  const order = { key, fields: { Name: "Amelia" }, changed: ["Name"] as const };
  await contacts.write!.update!(world.api, { idempotencyKey: "k2", ...order });
  const { key: item } = await items.write!.create(world.api, { idempotencyKey: "k3", fields: { Code: "CUP" } });
  await items.write!.removals!.delete(world.api, { idempotencyKey: "k4", key: item });
  await world.clock.advance(20 * MINUTE_MS);
  const again = await madeAgain(world.api, [...world.api.sent]);
  assert.deepEqual(again, [`POST /api.xro/2.0/Contacts/${key}`, `DELETE /api.xro/2.0/Items/${item}`]);
  const [contact] = await contacts.read!.records(world.api, [key]);
  assert.equal(contact?.Name, "Amelia");
  assert.equal(world.simulator.truth.contacts.size, 1);
});

test("the log shows nobody's bank account", async () => {
  await using world = await setup();
  const fields = { Name: "Amy", BankAccountDetails: "12-3456-7890123-00" };
  await contacts.write!.create(world.api, { idempotencyKey: "k1", fields });
  const entry = world.api.entries.at(-1)!;
  assert.ok(!JSON.stringify(entry).includes("7890123"));
  assert.match(entry.responseBody ?? "", /BankAccountDetails": ?"\[secret\]"/);
});
