import assert from "node:assert/strict";
import { test } from "node:test";
import { contacts, type XeroContactFields } from "./contacts.ts";
import { failure, setup } from "./test-api.ts";

const write = contacts.write!;
const read = contacts.read!;

const AMY: XeroContactFields = {
  Name: "Amy's Bird Sanctuary",
  ContactNumber: "C-1",
  FirstName: "Amy",
  EmailAddress: "amy@example.com",
  DefaultCurrency: "NZD",
  Addresses: [{ AddressType: "STREET", AddressLine1: "1 Quay", City: "Nelson", Country: "NZ" }],
  Phones: [{ PhoneType: "MOBILE", PhoneNumber: "555 1234", PhoneCountryCode: "64" }],
  ContactPersons: [{ FirstName: "Ann", EmailAddress: "ann@example.com", IncludeInEmails: true }],
};

test("a contact reads back as the fields that were sent, without what is empty", async () => {
  await using world = await setup();
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields: AMY });
  const [record] = await read.records(world.api, [key]);
  assert.ok(record !== undefined && !(await contacts.schema["~standard"].validate(record)).issues);
  assert.deepEqual(write.fieldsOf!(record), AMY);
  assert.equal(contacts.title!(record), AMY.Name);
});

test("many are read in one call, with those that are archived; ids that nobody has are not there", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const ids = Array.from({ length: 40 }, (_, index) =>
    String(person.create("Contacts", { Name: `C ${index}` })["ContactID"]),
  );
  person.archive(ids[3]!);
  const records = await read.records(world.api, [...ids.slice(0, 38), "00000000-0000-4000-8000-000000000000", "no id"]);
  assert.deepEqual(new Set(records.map(({ ContactID }) => ContactID)), new Set(ids.slice(0, 38)));
  assert.equal(world.api.sent.length, 1);
  assert.deepEqual(await read.records(world.api, ["no id"]), []);
});

test("a name is written as Xero keeps it", async () => {
  const result = await write.fields["~standard"].validate({ Name: "  Amy   Smith " });
  assert.deepEqual(result, { value: { Name: "Amy Smith" } });
  assert.ok((await write.fields["~standard"].validate({ Name: "<Amy>" })).issues);
});

test("an update changes what it names and clears what is gone", async () => {
  await using world = await setup();
  const { key } = await write.create(world.api, { idempotencyKey: "k1", fields: AMY });
  const { EmailAddress: _mail, ...fields } = { ...AMY, Name: "Amy" };
  const changed = ["Name", "EmailAddress"] as const;
  const { record } = await write.update!(world.api, { idempotencyKey: "k2", key, fields, changed });
  assert.deepEqual(write.fieldsOf!(record!), fields);
});

test("a name that an active contact has is a conflict, whatever its capitals; an archived one gives it up", async () => {
  await using world = await setup();
  const first = await write.create(world.api, { idempotencyKey: "k1", fields: AMY });
  const fields = { Name: AMY.Name.toUpperCase() };
  assert.equal((await failure(write.create(world.api, { idempotencyKey: "k2", fields }))).kind, "conflict");
  const found = await write.lookup!(world.api, { idempotencyKey: "k2", fields });
  assert.deepEqual(
    found.map(({ key }) => key),
    [first.key],
  );
  const archived = await write.removals!.archive(world.api, { idempotencyKey: "k3", key: first.key });
  assert.equal(archived?.record?.ContactStatus, "ARCHIVED");
  assert.deepEqual(await write.lookup!(world.api, { idempotencyKey: "k2", fields }), []);
  await write.create(world.api, { idempotencyKey: "k4", fields });
});

test("a lookup goes by the other system's number first, and bears quotes in names", async () => {
  await using world = await setup();
  const first = await write.create(world.api, { idempotencyKey: "k1", fields: AMY });
  const named = { Name: 'The "Knot" Shop' };
  const second = await write.create(world.api, { idempotencyKey: "k2", fields: named });
  const keys = async (fields: XeroContactFields): Promise<string[]> =>
    (await write.lookup!(world.api, { idempotencyKey: "x", fields })).map(({ key }) => key);
  assert.deepEqual(await keys({ Name: named.Name, ContactNumber: "C-1" }), [first.key]);
  assert.deepEqual(await keys({ Name: named.Name, ContactNumber: "C-2" }), [second.key]);
  assert.deepEqual(await keys({ Name: "Nobody" }), []);
});

test("of two that were merged one is gone and the other has changed", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const [stays, goes] = ["Amy", "Amy again"].map((Name) => String(person.create("Contacts", { Name })["ContactID"]));
  await world.clock.advance(60_000);
  const since = world.clock.now();
  await world.clock.advance(1);
  person.merge(goes!, stays!);
  const told = await contacts.changes!.page(world.api, { since });
  assert.deepEqual([told.records.map(({ ContactID }) => ContactID), told.deleted], [[stays], [goes]]);
  assert.deepEqual((await read.records(world.api, [stays!, goes!])).length, 1);
});
