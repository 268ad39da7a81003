import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { customers, type StripeCustomerFields } from "./customers.ts";
import { STAMP } from "./stamp.ts";
import { setup } from "./test-api.ts";

const AMY: StripeCustomerFields = {
  name: "Amy & Söhne [1]",
  email: "amy@example.com",
  address: { line1: "1 Way", city: "Bayshore", country: "US" },
  metadata: { order: "1001" },
};

const order = (fields: StripeCustomerFields, idempotencyKey = "w1") => ({ idempotencyKey, fields });

test("a customer is made, read back in Stripe's own shape, and shown as it was written", async () => {
  await using world = await setup();
  const { key, record } = await customers.write!.create(world.api, order(AMY));
  assert.match(key, /^cus_/);
  assert.equal(record?.name, AMY.name);
  assert.deepEqual(customers.write!.fieldsOf!(record!), { ...AMY, tax_exempt: "none", preferred_locales: [] });
  const [read] = await customers.read!.records(world.api, [key]);
  assert.deepEqual(read, record);
  assert.equal(customers.key(read!), key);
  assert.equal(customers.title!(read!), AMY.name);
  const schema = await customers.schema["~standard"].validate(read);
  assert.equal(schema.issues, undefined);
});

test("only what changed is sent, what is gone is cleared, and other people's metadata stays", async () => {
  await using world = await setup();
  const { key } = await customers.write!.create(world.api, order({ ...AMY, phone: "555" }));
  world.simulator.person.post(`/v1/customers/${key}`, { metadata: { theirs: "yes" }, description: "late" });
  const changed = ["name", "phone", "metadata"] as const;
  const fields = { name: "Amelia", email: "new@example.com", metadata: { order: "", invoice: "7" } };
  const { record } = await customers.write!.update!(world.api, { ...order(fields, "w2"), key, changed });
  assert.deepEqual([record?.name, record?.phone, record?.email], ["Amelia", null, "amy@example.com"]);
  assert.equal(record?.description, "late");
  assert.deepEqual(record?.metadata, { theirs: "yes", invoice: "7", [STAMP]: "w1" });
  assert.equal(world.api.sent.at(-1)?.body, "name=Amelia&phone=&metadata[order]=&metadata[invoice]=7");
});

test("metadata that is no longer mapped takes nobody's keys away", async () => {
  await using world = await setup();
  const { key } = await customers.write!.create(world.api, order(AMY));
  const { record } = await customers.write!.update!(world.api, {
    ...order({ name: "Amy" }, "w2"),
    key,
    changed: ["name", "metadata"],
  });
  assert.deepEqual(record?.metadata, { order: "1001", [STAMP]: "w1" });
});

test("an address is written whole, so that a part that is gone is cleared", async () => {
  await using world = await setup();
  const { key } = await customers.write!.create(world.api, order(AMY));
  const fields = { ...AMY, address: { line1: "2 Way" } };
  const { record } = await customers.write!.update!(world.api, { ...order(fields, "w2"), key, changed: ["address"] });
  assert.deepEqual(customers.write!.fieldsOf!(record!).address, { line1: "2 Way" });
});

test("a deleted customer is not there: not by its key, not by what is left of it, not a second time", async () => {
  await using world = await setup();
  const { key } = await customers.write!.create(world.api, order(AMY));
  const removal = { idempotencyKey: "d1", key };
  assert.equal(await customers.write!.removals!.delete(world.api, removal), undefined);
  assert.deepEqual(await customers.read!.records(world.api, [key, "cus_none"]), []);
  assert.equal((await failure(customers.write!.removals!.delete(world.api, removal))).kind, "missing");
  const update = customers.write!.update!(world.api, { ...order({ name: "x" }), key, changed: ["name"] });
  assert.equal((await failure(update)).kind, "missing");
});

test("twenty keys are read together, and those that do not exist are simply not in the answer", async () => {
  await using world = await setup();
  const keys: string[] = [];
  for (let number = 0; number < 19; number += 1) {
    keys.push(String(world.simulator.person.post("/v1/customers", { name: `C${number}` })["id"]));
  }
  const found = await customers.read!.records(world.api, [...keys, "cus_none"]);
  assert.deepEqual(
    found.map(({ id }) => id),
    keys,
  );
});

test("what Stripe would refuse is refused before it is sent", async () => {
  for (const fields of [
    { metadata: { ["k".repeat(41)]: "v" } },
    { metadata: { "a[b]": "v" } },
    { metadata: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, "v"])) },
    { address: { line_1: "typing error" } },
    { tax_exempt: "maybe" },
  ]) {
    const result = await customers.write!.fields["~standard"].validate(fields);
    assert.ok(result.issues, JSON.stringify(fields).slice(0, 60));
  }
});
