import assert from "node:assert/strict";
import { test } from "node:test";
import { companies } from "./companies.ts";
import { deals, type HubSpotDealFields } from "./deals.ts";
import { failure, setup } from "./test-api.ts";
import { tickets } from "./tickets.ts";

const FIELDS: HubSpotDealFields = {
  dealname: "Order 1001",
  dealstage: "closedwon",
  amount: "1500.5",
  pipeline: "default",
};

test("a deal that was created reads back as the fields that were sent", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const contact = { id: person.create("contacts", { email: "amy@example.com" }).id };
  const company = { id: person.create("companies", { name: "Birds" }).id };
  const fields = {
    ...FIELDS,
    closedate: "2026-08-20T12:00:00.000Z",
    deal_currency_code: "EUR",
    contacts: [contact],
    companies: [company],
  };
  const made = await deals.write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await deals.read!.records(world.api, [made.key]);
  assert.deepEqual(deals.write!.fieldsOf!(record!), fields);
  assert.ok(!(await deals.schema["~standard"].validate(record)).issues);
  assert.deepEqual(record?.associations, {
    contacts: { results: [{ ...contact, type: "deal_to_contact" }] },
    companies: { results: [{ ...company, type: "deal_to_company_unlabeled" }] },
  });
});

test("amounts and times of one value have one form; what is neither is refused", async () => {
  const given = { ...FIELDS, amount: "0001500.500", closedate: "2026-08-20T14:00:00+02:00" };
  const taken = await deals.write!.fields["~standard"].validate(given);
  assert.deepEqual(taken, { value: { ...FIELDS, closedate: "2026-08-20T12:00:00.000Z" } });
  for (const bad of [{ amount: "1.5e3" }, { amount: "1,500" }, { closedate: "2026-08-20" }, { dealname: " " }]) {
    assert.ok((await deals.write!.fields["~standard"].validate({ ...FIELDS, ...bad })).issues !== undefined);
  }
});

test("a create that is repeated after a lost answer leaves one deal, and its associations", async () => {
  for (const how of ["cut-after", "cut-before", "truncated", "gateway-after", "error-after"] as const) {
    await using world = await setup();
    const contact = world.simulator.person.create("contacts", { email: "amy@example.com" });
    world.simulator.sabotage({ how, method: "POST", path: "objects/2026-09/deals" });
    const order = { idempotencyKey: "k1", fields: { ...FIELDS, contacts: [{ id: contact.id }] } };
    assert.equal((await failure(deals.write!.create(world.api, order))).kind, "unknown");
    const { key } = await deals.write!.create(world.api, order);
    assert.deepEqual([...world.simulator.truth.deals.keys()], [key], how);
    assert.deepEqual(world.simulator.truth.associated("deals", key, "contacts"), [contact.id]);
    const found = await deals.write!.lookup!(world.api, order);
    assert.deepEqual(
      found.map((one) => one.key),
      [key],
    );
  }
});

test("a create without associations is an upsert, and leaves one deal too", async () => {
  for (const how of ["cut-after", "truncated", "gateway-after"] as const) {
    await using world = await setup();
    world.simulator.sabotage({ how, path: "batch/upsert" });
    const order = { idempotencyKey: "k1", fields: FIELDS };
    assert.equal((await failure(deals.write!.create(world.api, order))).kind, "unknown");
    const { key } = await deals.write!.create(world.api, order);
    assert.deepEqual([...world.simulator.truth.deals.keys()], [key], how);
    assert.equal(world.simulator.truth.upsertedAgain, 1);
  }
});

test("a deal with a contact that is not there is not made by halves", async () => {
  await using world = await setup();
  const fields = { ...FIELDS, contacts: [{ id: "404" }] };
  assert.equal((await failure(deals.write!.create(world.api, { idempotencyKey: "k1", fields }))).kind, "invalid");
  assert.equal(world.simulator.truth.deals.size, 0);
});

test("two equal orders are two deals", async () => {
  await using world = await setup();
  for (const idempotencyKey of ["k1", "k2"]) {
    await deals.write!.create(world.api, { idempotencyKey, fields: FIELDS });
  }
  assert.equal(world.simulator.truth.deals.size, 2);
});

test("the one refusal inside a batch of one is the call's own", async () => {
  await using world = await setup();
  const fields = { ...FIELDS, dealstage: "won" };
  const outcome = await failure(deals.write!.create(world.api, { idempotencyKey: "k1", fields }));
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "INVALID_OPTION"]);
});

test("an account without the key property is told which property it lacks", async () => {
  await using world = await setup({ settings: { properties: {} } });
  const outcome = await failure(deals.write!.create(world.api, { idempotencyKey: "k1", fields: FIELDS }));
  assert.equal(outcome.kind, "invalid");
  assert.match(outcome.reason!, /"bowline_key" does not exist/);
});

test("tickets are made once too, under another name of the key property", async () => {
  const own = [{ name: "erp_key", type: "string", hasUniqueValue: true }] as const;
  await using world = await setup({
    connection: { keyProperty: "erp_key" },
    settings: { properties: { tickets: own } },
  });
  const order = { idempotencyKey: "k1", fields: { subject: "Broken", hs_pipeline_stage: "1" } };
  const { key } = await tickets.write!.create(world.api, order);
  assert.equal((await tickets.write!.create(world.api, order)).key, key);
  assert.equal(world.simulator.truth.tickets.size, 1);
  assert.equal(world.simulator.truth.upsertedAgain, 1);
  const [record] = await tickets.read!.records(world.api, [key]);
  assert.ok(!(await tickets.schema["~standard"].validate(record)).issues);
  assert.equal(tickets.title!(record!), "Broken");
});

test("a company whose domain is taken is a conflict; one that this write made is not", async () => {
  await using world = await setup();
  const order = { idempotencyKey: "k1", fields: { name: "Birds", domain: "birds.example" } };
  const { key } = await companies.write!.create(world.api, order);
  await world.clock.advance(60_000);
  assert.equal((await companies.write!.create(world.api, order)).key, key);
  const other = { ...order, idempotencyKey: "k2" };
  const outcome = await failure(companies.write!.create(world.api, other));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "DOMAIN_EXISTS"]);
  const found = await companies.write!.lookup!(world.api, other);
  assert.deepEqual(
    found.map((one) => one.key),
    [key],
  );
  await companies.write!.create(world.api, { idempotencyKey: "k3", fields: { name: "Birds" } });
  assert.equal(world.simulator.truth.companies.size, 2);
});

test("a company reads back as it was sent, and numbers compare by their value", async () => {
  await using world = await setup();
  const { id } = world.simulator.person.create("companies", { name: "Birds", annualrevenue: "1000000.00" });
  const [record] = await companies.read!.records(world.api, [id]);
  assert.deepEqual(companies.write!.fieldsOf!(record!), { name: "Birds", annualrevenue: "1000000" });
  assert.ok(!(await companies.schema["~standard"].validate(record)).issues);
});
