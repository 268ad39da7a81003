import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { accounts } from "./accounts.ts";
import { erpAccounts, setup } from "./test-api.ts";

const { write, read } = erpAccounts;

test("an account that was made reads back as the fields that were sent", async () => {
  await using world = await setup();
  const fields = {
    Name: "Amy's \\ Birds",
    Erp_Id__c: "A/1 ?&=é",
    AnnualRevenue: "1234567890.00",
    NumberOfEmployees: 12,
    BillingCity: "Bayshore",
    Description: "two\nlines",
  };
  const written = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [written.key]);
  const shown = write!.fieldsOf!(record!);
  assert.deepEqual({ ...shown, ...fields }, shown);
  assert.deepEqual(written.record, record);
  assert.equal(written.version, "2026-08-20T12:00:00.000+0000");
  assert.ok(!(await erpAccounts.schema["~standard"].validate(record)).issues);
  assert.equal(world.simulator.truth.records("Account").get(written.key)?.["AnnualRevenue"], 1234567890);
});

test("what was never filled in is null, and is no field", async () => {
  await using world = await setup();
  const row = world.simulator.person.create("Account", { Name: "Amy" });
  const [record] = await read!.records(world.api, [String(row["Id"])]);
  assert.equal(record?.Phone, null);
  assert.deepEqual(Object.keys(write!.fieldsOf!(record!)), ["Name", "OwnerId"]);
  assert.ok(!(await erpAccounts.schema["~standard"].validate(record)).issues);
});

test("many records are read in one call, and those that are gone are not in the answer", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const keys = Array.from({ length: 1_200 }, (_, index) =>
    String(person.create("Account", { Name: `A${index}` })["Id"]),
  );
  person.delete("Account", keys[7]!);
  const records = await read!.records(world.api, [...keys, "001000000000000AAA"]);
  assert.equal(records.length, 1_199);
  assert.equal(world.api.sent.length, 1);
  assert.ok(!records.some((record) => "attributes" in record));
});

test("a key that is none is refused, so that the others can be read without it", async () => {
  await using world = await setup();
  const outcome = await failure(read!.records(world.api, ["nonsense"]));
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "MALFORMED_ID"]);
});

test("an update sends only what changed, and empties what is mapped no longer", async () => {
  await using world = await setup();
  const fields = { Name: "Amy", Erp_Id__c: "1", Phone: "1", Website: "https://amy.example" };
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields });
  world.simulator.person.update("Account", key, { Site: "HQ" });
  const updated = await write!.update!(world.api, {
    idempotencyKey: "k2",
    key,
    fields: { Name: "Amy B.", Erp_Id__c: "1", Phone: "1" },
    changed: ["Name", "Website"],
  });
  assert.deepEqual(
    [updated.record?.Name, updated.record?.Website, updated.record?.Site, updated.record?.Phone],
    ["Amy B.", null, "HQ", "1"],
  );
  const { body } = world.api.sent.at(-1)!;
  const [sent] = (JSON.parse(body as string) as { compositeRequest: [{ body: object }] }).compositeRequest;
  assert.deepEqual(sent.body, { Name: "Amy B.", Website: null });
});

test("an update names the stamp it was decided on, and loses to somebody who was faster", async () => {
  await using world = await setup();
  const { key, version } = await write!.create(world.api, {
    idempotencyKey: "k1",
    fields: { Name: "Amy", Erp_Id__c: "1" },
  });
  await world.clock.advance(2_000);
  const order = { idempotencyKey: "k2", key, fields: { Name: "Amy B.", Erp_Id__c: "1" }, changed: ["Name"] as const };
  world.simulator.person.update("Account", key, { Phone: "1" });
  const outcome = await failure(write!.update!(world.api, { ...order, version: version! }));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "PRECONDITION_FAILED"]);
  const updated = await write!.update!(world.api, order);
  const again = await write!.update!(world.api, { ...order, version: updated.version! });
  assert.equal(again.record?.Name, "Amy B.");
});

test("deleting goes to the recycle bin, and a second time changes nothing", async () => {
  await using world = await setup();
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields: { Name: "Amy", Erp_Id__c: "1" } });
  await write!.removals!.delete(world.api, { idempotencyKey: "k2", key });
  await write!.removals!.delete(world.api, { idempotencyKey: "k2", key });
  world.simulator.person.purge("Account", key);
  await write!.removals!.delete(world.api, { idempotencyKey: "k2", key });
  assert.equal(world.simulator.truth.records("Account").size, 0);
  assert.deepEqual(await read!.records(world.api, [key]), []);
});

test("numbers with more digits than Salesforce keeps are rounded there, and the base shows it", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { Name: "  Amy  ", Erp_Id__c: "1", AnnualRevenue: "10.50" } };
  const { record } = await write!.create(world.api, order);
  assert.deepEqual([record?.Name, record?.AnnualRevenue], ["Amy", "11.00"]);
});

test("without a field of one's own an account is found again by its name", async () => {
  await using world = await setup();
  assert.deepEqual(accounts.write!.safety, { kind: "lookup", lagMs: 0 });
  const order = { idempotencyKey: "k1", fields: { Name: 'O\'Neil \\ "Sons"' } };
  const { key } = await accounts.write!.create(world.api, order);
  const found = await accounts.write!.lookup!(world.api, order);
  assert.deepEqual(
    found.map((one) => one.key),
    [key],
  );
});
