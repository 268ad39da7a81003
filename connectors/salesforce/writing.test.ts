import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { cases } from "./cases.ts";
import { leads } from "./leads.ts";
import { opportunities } from "./opportunities.ts";
import { erpAccounts, invoices, setup, stampedContacts } from "./test-api.ts";

const account = (id: string) => ({ idempotencyKey: `k${id}`, fields: { Name: "Amy", Erp_Id__c: id } });

for (const how of ["cut-after", "truncated", "fault-after", "html-after"] as const) {
  test(`a create whose answer is lost (${how}) is unknown, and its repetition leaves one record`, async () => {
    await using world = await setup();
    world.simulator.sabotage({ how });
    const outcome = await failure(erpAccounts.write!.create(world.api, account("1")));
    assert.equal(outcome.kind, "unknown");
    const { key } = await erpAccounts.write!.create(world.api, account("1"));
    assert.deepEqual([...world.simulator.truth.records("Account").keys()], [key]);
    assert.equal(world.simulator.truth.duplicates("Account", "Erp_Id__c"), 0);
  });
}

test("a record without a field of its own is made by the write's key, and a repetition leaves one", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "aB-_0123456789abcdefgh", fields: { LastName: "Lee" } };
  assert.deepEqual(stampedContacts.write!.safety, { kind: "upsert" });
  world.simulator.sabotage({ how: "cut-after", path: "/composite" });
  assert.equal((await failure(stampedContacts.write!.create(world.api, order))).kind, "unknown");
  await stampedContacts.write!.create(world.api, order);
  await stampedContacts.write!.create(world.api, { ...order, idempotencyKey: "ab-_0123456789abcdefgh" });
  assert.equal(world.simulator.truth.records("Contact").size, 2);
});

test("a create that was cut before it arrived is unknown as well, and is made by its repetition", async () => {
  await using world = await setup();
  world.simulator.sabotage({ how: "cut-before" });
  assert.equal((await failure(erpAccounts.write!.create(world.api, account("1")))).kind, "unknown");
  await erpAccounts.write!.create(world.api, account("1"));
  assert.equal(world.simulator.truth.records("Account").size, 1);
});

test("a record whose external id is empty is never sent", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { Name: "Amy" } };
  const outcome = await failure(erpAccounts.write!.create(world.api, order));
  assert.equal(outcome.kind, "invalid");
  assert.match(outcome.reason ?? "", /Erp_Id__c/);
  assert.equal(world.api.sent.length, 0);
});

test("a text in use by another record is a conflict, and lookup finds who has it", async () => {
  await using world = await setup();
  const first = await erpAccounts.write!.create(world.api, account("1"));
  const second = await erpAccounts.write!.create(world.api, account("2"));
  const outcome = await failure(
    erpAccounts.write!.update!(world.api, { ...account("1"), key: second.key, changed: ["Erp_Id__c"] }),
  );
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "DUPLICATE_VALUE"]);
  const found = await erpAccounts.write!.lookup!(world.api, account("1"));
  assert.deepEqual(
    found.map(({ key }) => key),
    [first.key],
  );
});

test("an external id that several records share is a conflict, and nothing is written", async () => {
  const fields = { Account: [{ name: "Erp_Id__c", type: "string", length: 40, externalId: true }] } as const;
  await using world = await setup({ simulator: { fields } });
  for (const Name of ["Amy", "Bob"]) world.simulator.person.create("Account", { Name, Erp_Id__c: "1" });
  const outcome = await failure(erpAccounts.write!.create(world.api, account("1")));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "MULTIPLE_CHOICES"]);
  assert.equal(world.simulator.truth.writes.updated["Account"], undefined);
});

test("a duplicate rule's objection is a conflict, and lookup finds whom it means", async () => {
  await using world = await setup({ simulator: { duplicateRules: { Lead: "Email" } } });
  world.simulator.person.create("Lead", { LastName: "Lee", Company: "Acme", Email: "lee@acme.example" });
  const fields = { LastName: "Lee", Company: "Acme", Email: "lee@acme.example" };
  const outcome = await failure(leads.write!.create(world.api, { idempotencyKey: "k1", fields }));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "DUPLICATES_DETECTED"]);
  assert.equal((await leads.write!.lookup!(world.api, { idempotencyKey: "k1", fields })).length, 1);
  assert.equal(world.simulator.truth.records("Lead").size, 1);
});

for (const [what, fields, code] of [
  ["a rule of the org", { Number__c: "1", Amount__c: "-5.00" }, "FIELD_CUSTOM_VALIDATION_EXCEPTION"],
  ["a text that is too long", { Number__c: "1", Name: "x".repeat(81) }, "STRING_TOO_LONG"],
] as const) {
  test(`${what} makes a write invalid, and says so in Salesforce's words`, async () => {
    const validationRules = {
      Invoice__c: (row: Readonly<Record<string, unknown>>) =>
        Number(row["Amount__c"]) < 0 ? "An invoice is not below zero" : undefined,
    };
    await using world = await setup({ simulator: { validationRules } });
    const outcome = await failure(invoices.write!.create(world.api, { idempotencyKey: "k1", fields }));
    assert.deepEqual([outcome.kind, outcome.code], ["invalid", code]);
    assert.ok((outcome.reason ?? "").length > code.length);
    assert.equal(world.simulator.truth.records("Invoice__c").size, 0);
  });
}

test("a reference that leads nowhere is invalid, and so is a required field that an update empties", async () => {
  await using world = await setup();
  const fields = { Subject: "Help", AccountId: "001000000000000AAA" };
  const nowhere = await failure(cases.write!.create(world.api, { idempotencyKey: "k1", fields }));
  assert.deepEqual([nowhere.kind, nowhere.code], ["invalid", "INVALID_CROSS_REFERENCE_KEY"]);
  const deal = { Name: "Deal", StageName: "Prospecting", CloseDate: "2026-12-31" };
  const { key } = await opportunities.write!.create(world.api, { idempotencyKey: "k2", fields: deal });
  const emptied = { idempotencyKey: "k3", key, fields: { ...deal, StageName: "" }, changed: ["StageName"] as const };
  const outcome = await failure(opportunities.write!.update!(world.api, emptied));
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "REQUIRED_FIELD_MISSING"]);
});

test("a record that somebody holds locked is unavailable until it is let go", async () => {
  await using world = await setup();
  const { key } = await erpAccounts.write!.create(world.api, account("1"));
  world.simulator.person.lock(key, 10_000);
  const order = { ...account("1"), key, fields: { Name: "Bob", Erp_Id__c: "1" }, changed: ["Name"] as const };
  assert.equal((await failure(erpAccounts.write!.update!(world.api, order))).kind, "unavailable");
  await world.clock.advance(10_000);
  assert.equal((await erpAccounts.write!.update!(world.api, order)).record?.Name, "Bob");
});

test("an update of what was deleted is missing", async () => {
  await using world = await setup();
  const { key } = await erpAccounts.write!.create(world.api, account("1"));
  world.simulator.person.delete("Account", key);
  const order = { ...account("1"), key, changed: ["Name"] as const };
  const outcome = await failure(erpAccounts.write!.update!(world.api, order));
  assert.deepEqual([outcome.kind, outcome.code], ["missing", "ENTITY_IS_DELETED"]);
});

test("money is written and read digit by digit", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { Number__c: "N-1", Amount__c: "12345678.90", Paid__c: true } };
  const { record } = await invoices.write!.create(world.api, order);
  assert.deepEqual([record?.Amount__c, record?.Paid__c], ["12345678.90", true]);
  const body = world.api.sent[0]?.body as string;
  assert.ok(body.includes('"Amount__c":12345678.9,'), body);
});

test("a deal shows what follows from its stage, and what was sent", async () => {
  await using world = await setup();
  const fields = { Name: "Deal", StageName: "Closed Won", CloseDate: "2026-12-31", Amount: "99.90" };
  const { record } = await opportunities.write!.create(world.api, { idempotencyKey: "k1", fields });
  assert.deepEqual(
    [record?.IsWon, record?.Probability, record?.Amount, record?.ExpectedRevenue],
    [true, "100", "99.90", "99.90"],
  );
  assert.equal(opportunities.title!(record!), "Deal");
});

test("a case is known by its number, and nothing finds it again after a lost answer", async () => {
  await using world = await setup();
  assert.deepEqual(cases.write!.safety, { kind: "none" });
  assert.equal(cases.write!.lookup, undefined);
  const { record } = await cases.write!.create(world.api, { idempotencyKey: "k1", fields: { Subject: "Help" } });
  assert.equal(cases.title!(record!), "00001001");
});

test("a field that the user may read no longer stops the write as a matter of rights", async () => {
  await using world = await setup();
  world.simulator.person.hide("Account.Phone", true);
  const order = { idempotencyKey: "k1", fields: { Name: "Amy", Erp_Id__c: "1", Phone: "1" } };
  const outcome = await failure(erpAccounts.write!.create(world.api, order));
  assert.equal(outcome.kind, "denied");
  assert.match(outcome.reason ?? "", /Phone/);
});
