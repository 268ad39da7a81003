import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailed } from "../../src/define/outcome.ts";
import type { Written, WrittenEach } from "../../src/define/resource.ts";
import { companies } from "./companies.ts";
import { contacts } from "./contacts.ts";
import { deals, type HubSpotDealFields } from "./deals.ts";
import { failure, setup } from "./test-api.ts";

const kinds = (results: WrittenEach<Written<unknown> | undefined>): readonly string[] =>
  results.map((one) => (one instanceof CallFailed ? one.outcome.kind : "done"));
const keys = (results: WrittenEach<Written<unknown>>): readonly string[] =>
  results.map((one) => (one instanceof CallFailed ? "" : one.key));

const contact = (name: string, more = {}) => ({
  idempotencyKey: name,
  fields: { email: `${name}@example.com`, ...more },
});
const deal = (name: string, more: Partial<HubSpotDealFields> = {}) => ({
  idempotencyKey: name,
  fields: { dealname: name, dealstage: "closedwon", ...more },
});

test("contacts are made in one call, with what they belong to; who has the address already fails alone", async () => {
  await using world = await setup();
  const company = world.simulator.person.create("companies", { name: "Birds" }).id;
  world.simulator.person.create("contacts", { email: "bob@example.com" });
  const orders = [contact("amy", { companies: [{ id: company }] }), contact("bob"), contact("cat")];
  const made = await contacts.write!.together!.create!(world.api, orders);
  assert.deepEqual(kinds(made), ["done", "conflict", "done"]);
  assert.deepEqual(world.calls(), ["POST contacts/batch/create"]);
  assert.deepEqual(world.simulator.truth.associated("companies", company, "contacts"), [keys(made)[0]]);
});

test("deals are made in one call, and a second try finds them, with associations and without", async () => {
  await using world = await setup();
  const amy = world.simulator.person.create("contacts", { email: "amy@example.com" }).id;
  for (const orders of [
    [deal("a"), deal("b")],
    [deal("c"), deal("d", { contacts: [{ id: amy }] })],
  ]) {
    const made = await deals.write!.together!.create!(world.api, orders);
    assert.equal(world.calls().length, 1);
    assert.deepEqual(keys(await deals.write!.together!.create!(world.api, orders)), keys(made));
    world.calls();
  }
  assert.equal(world.simulator.truth.deals.size, 4);
});

test("updates go in one call; a record that is gone, and a bad value, fail alone", async () => {
  await using world = await setup();
  const { person, truth } = world.simulator;
  const [one, two] = ["A", "B"].map((name) => person.create("companies", { name }).id);
  const order = (key: string, more: object) => ({
    idempotencyKey: key,
    key,
    fields: { name: "X", ...more },
    changed: Object.keys(more) as never[],
  });
  const orders = [
    order(one!, { city: "Bonn" }),
    order("404", { city: "Rome" }),
    order(two!, { lifecyclestage: "friend" }),
  ];
  assert.deepEqual(kinds(await companies.write!.together!.update!(world.api, orders)), ["done", "missing", "invalid"]);
  assert.deepEqual(world.calls(), ["POST companies/batch/update"]);
  assert.equal(truth.companies.get(one!)?.properties["city"], "Bonn");
});

test("an update that changes associations goes by itself beside the others", async () => {
  await using world = await setup();
  const { person, truth } = world.simulator;
  const company = person.create("companies", { name: "Birds" }).id;
  const [one, two, three] = ["a", "b", "c"].map(
    (name) => person.create("contacts", { email: `${name}@example.com` }).id,
  );
  const order = (key: string, more: object) => ({ ...contact("x", more), key, changed: Object.keys(more) as never[] });
  const results = await contacts.write!.together!.update!(world.api, [
    order(one!, { companies: [{ id: company }] }),
    order(two!, { city: "Bonn" }),
    order(three!, { companies: [{ id: "404" }] }),
  ]);
  assert.deepEqual(kinds(results), ["done", "done", "invalid"]);
  assert.deepEqual(truth.associated("contacts", one!, "companies"), [company]);
  assert.equal(truth.contacts.get(two!)?.properties["city"], "Bonn");
});

test("records are archived in one call, and a call that is lost is unknown for all", async () => {
  await using world = await setup();
  const ids = ["a", "b"].map((name) => world.simulator.person.create("contacts", { email: `${name}@example.com` }).id);
  const orders = ids.map((key) => ({ idempotencyKey: key, key }));
  const archive = contacts.write!.together!.removals!.archive!;
  world.simulator.sabotage({ how: "cut-after", path: "batch/archive" });
  assert.equal((await failure(archive(world.api, orders))).kind, "unknown");
  assert.deepEqual(kinds(await archive(world.api, orders)), ["done", "done"]);
  assert.equal(world.simulator.truth.archived.contacts.size, 2);
});
