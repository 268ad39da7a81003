import assert from "node:assert/strict";
import { test } from "node:test";
import { contacts, contactsWith } from "./contacts.ts";
import { checkbox, number } from "./shapes.ts";
import { failure, setup } from "./test-api.ts";

const { write, read } = contacts;
const AMY = { email: "amy@example.com", firstname: "Amy", lifecyclestage: "lead" };

test("a contact that was created reads back as the fields that were sent", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const [one, two] = ["Birds", "Cats"].map((name) => person.create("companies", { name }).id);
  const fields = { ...AMY, phone: "+1 (555) 010-1", companies: [{ id: one! }, { id: two! }] };
  const made = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [made.key]);
  assert.deepEqual(write!.fieldsOf!(record!), fields);
  assert.equal(made.version, record?.updatedAt);
  assert.ok(!(await contacts.schema["~standard"].validate(record)).issues);
  assert.equal(contacts.title!(record!), "Amy");
});

test("an address in other letters or with blanks is the same address", async () => {
  const given = await write!.fields["~standard"].validate({ email: "  AMY@Example.com " });
  assert.deepEqual(given, { value: { email: "amy@example.com" } });
  const bad = await write!.fields["~standard"].validate({ firstname: "Amy" });
  assert.ok(bad.issues !== undefined);
});

test("an address that is in use is a conflict that names who has it, and lookup finds them", async () => {
  await using world = await setup();
  const { id } = world.simulator.person.create("contacts", { email: "Amy@Example.com" });
  const outcome = await failure(write!.create(world.api, { idempotencyKey: "k1", fields: AMY }));
  assert.deepEqual([outcome.kind, outcome.code], ["conflict", "CONFLICT"]);
  assert.match(outcome.reason!, new RegExp(id));
  const found = await write!.lookup!(world.api, { idempotencyKey: "k1", fields: AMY });
  assert.deepEqual(
    found.map(({ key, record }) => [key, record?.properties.email]),
    [[id, "amy@example.com"]],
  );
});

test("a create whose answer is lost leaves one contact, however it is lost", async () => {
  for (const how of ["cut-after", "truncated", "gateway-after", "error-after", "cut-before"] as const) {
    await using world = await setup();
    world.simulator.sabotage({ how, method: "POST", path: "contacts" });
    const order = { idempotencyKey: "k1", fields: AMY };
    assert.equal((await failure(write!.create(world.api, order))).kind, "unknown", how);
    const again = await write!.create(world.api, order).catch((error: { outcome: { kind: string } }) => error.outcome);
    assert.equal("kind" in again ? again.kind : "made", how === "cut-before" ? "made" : "conflict", how);
    assert.equal((await write!.lookup!(world.api, order)).length, 1);
    assert.equal(world.simulator.truth.contacts.size, 1);
  }
});

test("an update sends what changed, clears what is no longer mapped, and nothing else", async () => {
  await using world = await setup();
  const { id } = world.simulator.person.create("contacts", { ...AMY, phone: "1", city: "Bonn" });
  await write!.update!(world.api, {
    idempotencyKey: "k2",
    key: id,
    fields: { email: "amy@example.com", firstname: "Amelia" },
    changed: ["firstname", "phone"],
  });
  assert.deepEqual(world.api.sent.at(-1)?.body, { properties: { firstname: "Amelia", phone: "" } });
  const { properties } = world.simulator.truth.contacts.get(id)!;
  assert.deepEqual([properties["firstname"], properties["phone"], properties["city"]], ["Amelia", null, "Bonn"]);
});

test("an update of associations adds the missing, takes the others away, and can be repeated", async () => {
  await using world = await setup();
  const { person, truth } = world.simulator;
  const ids = ["A", "B", "C"].map((name) => person.create("companies", { name }).id);
  const { id } = person.create("contacts", AMY);
  for (const company of ids.slice(0, 2)) person.associate("contacts", id, "companies", company);
  const order = {
    idempotencyKey: "k2",
    key: id,
    fields: { ...AMY, companies: [{ id: ids[1]! }, { id: ids[2]! }] },
    changed: ["companies"] as const,
  };
  world.calls();
  await write!.update!(world.api, order);
  assert.deepEqual(truth.associated("contacts", id, "companies"), ids.slice(1));
  const path = "contacts/companies/batch";
  assert.deepEqual(world.calls(), [
    `POST ${path}/read`,
    "POST companies/batch/read",
    `POST ${path}/associate/default`,
    `POST ${path}/archive`,
  ]);
  await write!.update!(world.api, order);
  assert.deepEqual(world.calls(), [`POST ${path}/read`]);
});

test("a company that is not there is bad content, not a missing contact", async () => {
  await using world = await setup();
  const fields = { ...AMY, companies: [{ id: "404" }] };
  const made = await failure(write!.create(world.api, { idempotencyKey: "k1", fields }));
  assert.equal(made.kind, "invalid");
  assert.equal(world.simulator.truth.contacts.size, 0);
  const { id } = world.simulator.person.create("contacts", AMY);
  const order = { idempotencyKey: "k2", key: id, fields, changed: ["firstname", "companies"] as const };
  const changed = await failure(write!.update!(world.api, order));
  assert.equal(changed.kind, "invalid");
  assert.match(changed.reason!, /404/);
  assert.ok(!world.calls().some((call) => call.startsWith("PATCH")), "nothing was written by halves");
});

test("a company that was merged into another is the other", async () => {
  await using world = await setup();
  const { person, truth } = world.simulator;
  const [old, other] = ["A", "B"].map((name) => person.create("companies", { name }).id);
  const merged = person.merge("companies", other!, old!);
  const { id } = person.create("contacts", AMY);
  const order = {
    idempotencyKey: "k2",
    key: id,
    fields: { ...AMY, companies: [{ id: old! }] },
    changed: ["companies"] as const,
  };
  for (let times = 0; times < 2; times += 1) {
    await write!.update!(world.api, order);
    assert.deepEqual(truth.associated("contacts", id, "companies"), [merged.id]);
  }
});

test("a contact that is gone cannot be updated, and taking it away again is as wished", async () => {
  await using world = await setup();
  const { id } = world.simulator.person.create("contacts", AMY);
  for (let times = 0; times < 2; times += 1) {
    await write!.removals!.archive(world.api, { idempotencyKey: "k1", key: id });
    assert.deepEqual(await read!.records(world.api, [id]), []);
  }
  const order = { idempotencyKey: "k2", key: id, fields: AMY, changed: ["firstname"] as const };
  assert.equal((await failure(write!.update!(world.api, order))).kind, "missing");
  assert.equal(world.simulator.truth.archived.contacts.size, 1);
});

test("a person who asks to be forgotten is, and cannot be made again", async () => {
  await using world = await setup();
  const { id } = world.simulator.person.create("contacts", AMY);
  await write!.removals!["gdpr-delete"](world.api, { idempotencyKey: "k1", key: id });
  assert.equal(world.simulator.truth.archived.contacts.size, 0);
  const outcome = await failure(write!.create(world.api, { idempotencyKey: "k2", fields: AMY }));
  assert.deepEqual([outcome.kind, outcome.code], ["invalid", "INVALID_EMAIL"]);
});

test("properties of the account's own are written, read where they are named, and shown", async () => {
  const tier = [{ name: "customer_tier", type: "string" }] as const;
  await using world = await setup({
    settings: { properties: { contacts: tier } },
    connection: { customProperties: { contacts: ["customer_tier"] } },
  });
  const fields = { ...AMY, custom: { customer_tier: "gold" } };
  const { key } = await write!.create(world.api, { idempotencyKey: "k1", fields });
  const [record] = await read!.records(world.api, [key]);
  assert.equal(record?.properties["customer_tier"], "gold");
  assert.deepEqual(write!.fieldsOf!(record!).custom, { customer_tier: "gold" });
  const emptied = { ...fields, custom: { customer_tier: "" } };
  await write!.update!(world.api, { idempotencyKey: "k2", key, fields: emptied, changed: ["custom"] });
  assert.equal(world.simulator.truth.contacts.get(key)?.properties["customer_tier"], null);
});

test("a property that the account lacks, or a value it does not take, is told by its cause", async () => {
  await using world = await setup();
  for (const [more, code] of [
    [{ custom: { no_such: "1" } }, "PROPERTY_DOESNT_EXIST"],
    [{ lifecyclestage: "friend" }, "INVALID_OPTION"],
  ] as const) {
    const outcome = await failure(write!.create(world.api, { idempotencyKey: "k1", fields: { ...AMY, ...more } }));
    assert.deepEqual([outcome.kind, outcome.code], ["invalid", code]);
    assert.doesNotMatch(outcome.reason!, /isValid/);
  }
});

test("an account's own properties are fields like any other: read, made, changed, cleared and compared in their plainest form", async () => {
  const scored = contactsWith({ properties: { lead_score: number, do_not_email: checkbox } });
  const own = [
    { name: "lead_score", type: "number" },
    { name: "do_not_email", type: "bool" },
  ] as const;
  await using world = await setup({ settings: { properties: { contacts: own } } });
  const given = { ...AMY, lead_score: "40.0", do_not_email: "true" as const };
  const parsed = await scored.write!.fields["~standard"].validate(given);
  const fields = { ...AMY, lead_score: "40", do_not_email: "true" };
  assert.deepEqual(parsed, { value: fields });
  const made = await scored.write!.create(world.api, { idempotencyKey: "k1", fields });
  world.simulator.person.update("contacts", made.key, { lead_score: "+41.50" });
  const [record] = await scored.read!.records(world.api, [made.key]);
  assert.deepEqual(scored.write!.fieldsOf!(record!), { ...fields, lead_score: "41.5" });
  const order = { idempotencyKey: "k2", key: made.key, fields: { ...AMY, do_not_email: "false" } };
  await scored.write!.update!(world.api, { ...order, changed: ["lead_score", "do_not_email"] });
  const { properties } = world.simulator.truth.contacts.get(made.key)!;
  assert.deepEqual([properties["lead_score"], properties["do_not_email"]], [null, "false"]);
  assert.throws(() => contactsWith({ properties: { email: number } }), /they have it already/);
});
