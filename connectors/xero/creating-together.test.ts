import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import { contacts } from "./contacts.ts";
import { invoices, type XeroInvoiceFields } from "./invoices.ts";
import { failure, setup } from "./test-api.ts";

const order = <Fields>(idempotencyKey: string, fields: Fields) => ({ idempotencyKey, fields });

test("many contacts are made in one call, and each is taken or refused by itself", async () => {
  await using world = await setup();
  const orders = ["Amy", "amy", "Bob"].map((Name, index) => order(`k${index}`, { Name }));
  const [amy, taken, bob] = await contacts.write!.together!.create!(world.api, orders);
  assert.equal(world.api.sent.length, 1);
  assert.ok(taken instanceof CallFailed && taken.outcome.kind === "conflict");
  assert.ok(!(amy instanceof CallFailed) && !(bob instanceof CallFailed));
  assert.deepEqual([amy?.record?.Name, bob?.record?.Name, bob?.version], ["Amy", "Bob", bob?.record?.UpdatedDateUTC]);
  assert.ok(contacts.write!.together!.most <= 50);
});

test("when the answer is lost all are unknown; each that is made again alone meets the one that is there", async () => {
  await using world = await setup();
  const orders = ["Amy", "Bob"].map((Name, index) => order(`k${index}`, { Name }));
  world.simulator.sabotage({ how: "cut-after" });
  assert.equal((await failure(contacts.write!.together!.create!(world.api, orders))).kind, "unknown");
  for (const one of orders) {
    assert.equal((await failure(contacts.write!.create(world.api, one))).kind, "conflict");
    assert.equal((await contacts.write!.lookup!(world.api, one)).length, 1);
  }
  assert.equal(world.simulator.truth.contacts.size, 2);
});

test("numbered sales go together; bills, which could be doubled, go alone under keys of their own", async () => {
  await using world = await setup();
  const { key } = await contacts.write!.create(world.api, order("c", { Name: "Amy" }));
  const LineItems = [{ Description: "Rope", UnitAmount: "1.2345", AccountCode: "200" }];
  const sale = (InvoiceNumber: string): XeroInvoiceFields => ({
    Type: "ACCREC",
    Contact: { ContactID: key },
    InvoiceNumber,
    LineItems,
  });
  const bill = { ...sale("B-1"), Type: "ACCPAY" as const };
  const orders = [order("k1", sale("1")), order("k2", bill), order("k3", sale("3"))];
  const results = await invoices.write!.together!.create!(world.api, orders);
  assert.equal(world.api.sent.length, 3);
  assert.equal(world.api.sent.at(-1)?.headers?.["idempotency-key"], "k2");
  const numbers = results.map((one) => (one instanceof CallFailed ? one.message : one.record?.InvoiceNumber));
  assert.deepEqual(numbers, ["1", "B-1", "3"]);
  const [first] = results;
  assert.ok(!(first instanceof CallFailed) && first?.record?.LineItems?.[0]?.UnitAmount === "1.2345");
});
