import assert from "node:assert/strict";
import { test } from "node:test";
import { customers } from "./customers.ts";
import { failure, setup } from "./test-api.ts";

const { write, read } = customers;

test("a customer that was created reads back as the fields that were sent", async () => {
  await using world = await setup();
  const fields = {
    DisplayName: "Amy's \\ Birds",
    PrimaryEmailAddr: { Address: "amy@example.com" },
    BillAddr: { Line1: "4581 Finch St.", City: "Bayshore", PostalCode: "94326" },
  };
  const written = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [written.key]);
  const shown = write!.fieldsOf!(record!);
  assert.deepEqual({ ...shown, ...fields }, shown);
  assert.equal(written.version, "000000000000");
  assert.ok(!(await customers.schema["~standard"].validate(record)).issues);
});

test("a repeated create gives the first answer and makes nothing new", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { DisplayName: "Amy" } };
  const first = await write!.create(world.api, order);
  assert.equal((await write!.create(world.api, order)).key, first.key);
  assert.equal(world.simulator.truth.created.Customer, 1);
  assert.equal(world.simulator.truth.replays, 1);
});

test("a name that is in use is a conflict, and lookup finds who has it", async () => {
  await using world = await setup();
  const fields = { DisplayName: "O'Neil" };
  const first = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const outcome = await failure(write!.create(world.api, { idempotencyKey: "k2", fields }));
  assert.equal(outcome.kind, "conflict");
  assert.equal(outcome.code, "6240");
  const found = await write!.lookup!(world.api, { idempotencyKey: "k2", fields });
  assert.deepEqual(
    found.map(({ key }) => key),
    [first.key],
  );
});

test("an update names the version it was decided on, and loses to a faster one", async () => {
  await using world = await setup();
  const first = await write!.create(world.api, { idempotencyKey: "k1", fields: { DisplayName: "Amy" } });
  world.simulator.person.update("Customer", first.key, { Notes: "called" });
  const order = {
    key: first.key,
    version: first.version!,
    fields: { DisplayName: "Amy B." },
    changed: ["DisplayName"] as const,
  };
  const outcome = await failure(write!.update!(world.api, { ...order, idempotencyKey: "k2" }));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "5010"]);
  const updated = await write!.update!(world.api, { ...order, version: "000000000001", idempotencyKey: "k3" });
  assert.equal(updated.version, "000000000002");
  assert.equal(updated.record?.Notes, "called");
});

test("a field that is no longer mapped is cleared, and nothing else is", async () => {
  await using world = await setup();
  const fields = { DisplayName: "Amy", Notes: "late payer", GivenName: "Amy" };
  const first = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const updated = await write!.update!(world.api, {
    idempotencyKey: "k2",
    key: first.key,
    version: first.version!,
    fields: { DisplayName: "Amy" },
    changed: ["Notes"],
  });
  assert.equal(updated.record?.Notes, undefined);
  assert.equal(updated.record?.GivenName, "Amy");
});

test("a customer who was switched off is still read, under the name QuickBooks gives", async () => {
  await using world = await setup();
  const first = await write!.create(world.api, { idempotencyKey: "k1", fields: { DisplayName: "Amy" } });
  await write!.removals!.deactivate(world.api, { idempotencyKey: "k2", key: first.key, version: first.version! });
  const [record] = await read!.records(world.api, [first.key]);
  assert.deepEqual([record?.Active, record?.DisplayName], [false, "Amy (deleted)"]);
});
