import assert from "node:assert/strict";
import { test } from "node:test";
import { redactor } from "../../src/call/redact.ts";
import { madeAgain } from "../../src/testing/made-again.ts";
import { quickbooks } from "./connector.ts";
import { customers } from "./customers.ts";
import { setup } from "./test-api.ts";

const { write } = customers;

test("what is made again under its request id, or on a version, changes nothing more", async () => {
  await using world = await setup();
  const { truth } = world.simulator;
  const again = async (): Promise<readonly unknown[]> => {
    const sent = world.sent.splice(0);
    await madeAgain(world.api, sent);
    world.sent.length = 0;
    return sent.flatMap(({ safe }) => (safe === undefined ? [] : [safe]));
  };
  const order = { idempotencyKey: "k1", fields: { DisplayName: "Amy" } };
  const { key, version, record } = await write!.create(world.api, order);
  assert.deepEqual(await again(), ["by-key"]);
  assert.equal(truth.created.Customer, 1);
  const fields = { DisplayName: "Amelia" };
  const at = { key, version: version!, record: record!, changed: ["DisplayName"] as const };
  await write!.update!(world.api, { idempotencyKey: "k2", fields, ...at });
  world.simulator.person.update("Customer", key, { Notes: "called" });
  const before = JSON.stringify(truth.customers.get(key));
  assert.deepEqual(await again(), [true]);
  assert.equal(JSON.stringify(truth.customers.get(key)), before);
});

test("the log shows no link by which an invoice is paid, and nobody's tax number or card", () => {
  const { text } = redactor([], { fields: quickbooks.secretFields! });
  const dirty =
    '{"InvoiceLink":"https://pay.example/l1","PrimaryTaxIdentifier":"99","CreditChargeInfo":{"Number":"4111"}}';
  assert.equal(
    text(dirty),
    '{"InvoiceLink":"[secret]","PrimaryTaxIdentifier":"[secret]","CreditChargeInfo":"[secret]"}',
  );
});
