import assert from "node:assert/strict";
import { test } from "node:test";
import { companies } from "./companies.ts";
import { contacts } from "./contacts.ts";
import { deals } from "./deals.ts";
import { allPages } from "../../src/testing/all-pages.ts";
import { failure, setup, type Setup } from "./test-api.ts";

const LAG_MS = 10_000;

/** Contacts with the addresses c0@…, c1@…, in the order of their ids. */
function people({ simulator }: Setup, count: number): string[] {
  return Array.from({ length: count }, (_none, index) => {
    return simulator.person.create("contacts", { email: `c${index}@example.com` }).id;
  });
}

const everything = (world: Setup, between?: (pages: number) => void) =>
  allPages((cursor) => contacts.everything!.page(world.api, cursor), between);
const changes = (world: Setup, since: number, between?: (pages: number) => void) =>
  allPages((cursor) => contacts.changes!.page(world.api, { since, ...cursor }), between);
const idsOf = (records: readonly { readonly id: string }[]): string[] => records.map(({ id }) => id);

test("all there is is listed once each, whatever is archived, made and changed meanwhile", async () => {
  await using world = await setup();
  const ids = people(world, 250);
  const listed = await everything(world, (pages) => {
    if (pages !== 1) return;
    for (const id of ids.slice(0, 30)) world.simulator.person.archive("contacts", id);
    world.simulator.person.update("contacts", ids[240]!, { firstname: "Late" });
    people(world, 0);
    world.simulator.person.create("contacts", { email: "new@example.com" });
  });
  assert.deepEqual(idsOf(listed.records).slice(0, 250), ids);
  assert.equal(listed.records.length, 251);
  assert.equal(listed.records[240]?.properties.firstname, "Late");
  assert.equal(listed.pages, 3);
});

test("what changed is listed once each, whatever changes meanwhile", async () => {
  await using world = await setup();
  const old = people(world, 30);
  await world.clock.advance(60_000);
  const since = world.clock.now();
  const fresh = Array.from({ length: 220 }, (_none, index) =>
    world.simulator.person.create("contacts", { email: `f${index}@example.com` }),
  ).map(({ id }) => id);
  await world.clock.advance(LAG_MS);
  const listed = await changes(world, since, (pages) => {
    if (pages === 1)
      for (const id of fresh.slice(0, 60)) world.simulator.person.update("contacts", id, { city: "Bonn" });
  });
  assert.deepEqual(idsOf(listed.records), fresh);
  assert.ok(!idsOf(listed.records).includes(old[0]!));
});

test("more than the 10,000 results of one search are listed all the same", async () => {
  await using world = await setup({ connection: { associations: false }, settings: { searchLagMs: 0 } });
  const ids = people(world, 10_250);
  const listed = await changes(world, 0);
  assert.equal(listed.records.length, 10_250);
  assert.deepEqual(idsOf(listed.records), ids);
});

test("what a search shows late is shown by the next one, within the overlap", async () => {
  await using world = await setup();
  const began = world.clock.now();
  const [id] = people(world, 1);
  assert.deepEqual((await changes(world, began)).records, []);
  await world.clock.advance(LAG_MS);
  const next = world.clock.now() - contacts.changes!.overlapMs;
  assert.deepEqual(idsOf((await changes(world, next)).records), [id]);
});

test("a search that is behind brings back neither old content nor what is gone", async () => {
  await using world = await setup();
  const [first, second] = people(world, 2);
  await world.clock.advance(LAG_MS);
  world.simulator.person.update("contacts", first!, { firstname: "Amy" });
  world.simulator.person.archive("contacts", second!);
  const { records } = await changes(world, 0);
  assert.deepEqual(
    records.map(({ id, properties }) => [id, properties.firstname]),
    [[first, "Amy"]],
  );
});

test("after a merge one record is left, and both old ids are told to be gone", async () => {
  await using world = await setup();
  const [first, second] = people(world, 2);
  const { id } = world.simulator.person.merge("contacts", first!, second!);
  await world.clock.advance(LAG_MS);
  const { records, deleted } = await changes(world, 0);
  assert.deepEqual([idsOf(records), deleted.toSorted()], [[id], [first, second]]);
  const read = await contacts.read!.records(world.api, [first!, second!, id]);
  assert.deepEqual(idsOf(read), [id]);
});

test("the record that stays names those that became part of it", async () => {
  await using world = await setup();
  const [first, second] = people(world, 2);
  const { id } = world.simulator.person.merge("contacts", first!, second!);
  const [record] = await contacts.read!.records(world.api, [first!, second!]);
  assert.equal(contacts.key(record!), id);
  assert.deepEqual(contacts.formerKeys!(record!), [first, second]);
});

test("an account where merges keep the primary id tells only the other one to be gone", async () => {
  await using world = await setup({ settings: { mergeMakesNewId: false } });
  const [first, second] = people(world, 2);
  world.simulator.person.merge("contacts", first!, second!);
  await world.clock.advance(LAG_MS);
  const { records, deleted } = await changes(world, 0);
  assert.deepEqual([idsOf(records), deleted], [[first], [second]]);
});

test("keys that do not exist are left out, beside those that do", async () => {
  await using world = await setup();
  const [id] = people(world, 1);
  assert.deepEqual(idsOf(await contacts.read!.records(world.api, ["404", id!])), [id]);
  assert.deepEqual(await contacts.read!.records(world.api, ["404"]), []);
  assert.deepEqual(await contacts.read!.records(world.api, []), []);
});

test("each record shows its associations, the primary one by its type, however it is read", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const { id } = person.create("contacts", { email: "amy@example.com" });
  const [one, two] = ["A", "B"].map((name) => person.create("companies", { name }).id);
  person.associate("contacts", id, "companies", one!);
  person.associate("contacts", id, "companies", two!, 1);
  await world.clock.advance(LAG_MS);
  const results = [
    { id: one, type: "contact_to_company_unlabeled" },
    { id: two, type: "contact_to_company" },
  ];
  const seen = [
    ...(await contacts.read!.records(world.api, [id])),
    ...(await everything(world)).records,
    ...(await changes(world, 0)).records,
  ];
  assert.equal(seen.length, 3);
  for (const record of seen) {
    assert.deepEqual(record, seen[0]);
    assert.deepEqual(record.associations, { companies: { results } });
    assert.equal(record.properties.associatedcompanyid, two);
  }
});

test("a record with more associations than one answer holds shows them all", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const { id } = person.create("deals", { dealname: "Big", dealstage: "contractsent" });
  const ids = people(world, 510);
  for (const contact of ids) person.associate("deals", id, "contacts", contact);
  const [deal] = await deals.read!.records(world.api, [id]);
  assert.deepEqual(idsOf(deal?.associations?.contacts?.results ?? []), ids);
});

test("a page costs one search, one read, and one call for each kind of associations", async () => {
  await using world = await setup();
  world.simulator.person.create("deals", { dealname: "Big", dealstage: "contractsent" });
  await world.clock.advance(LAG_MS);
  await deals.changes!.page(world.api, { since: 0 });
  assert.deepEqual(world.calls(), [
    "POST deals/search",
    "POST deals/batch/read",
    "POST deals/contacts/batch/read",
    "POST deals/companies/batch/read",
  ]);
  await companies.changes!.page(world.api, { since: 0 });
  assert.deepEqual(world.calls(), ["POST companies/search"]);
});

test("a read that is cut is made again at once; one that is refused says why", async () => {
  await using world = await setup();
  const [id] = people(world, 1);
  world.simulator.sabotage({ how: "cut-after", path: "contacts/batch/read" });
  assert.deepEqual(idsOf(await contacts.read!.records(world.api, [id!])), [id]);
  world.simulator.sabotage({ how: "gateway-before", path: "contacts/batch/read" });
  assert.equal((await failure(contacts.read!.records(world.api, [id!]))).kind, "unavailable");
  world.simulator.tokens.scopes = ["oauth"];
  const outcome = await failure(contacts.read!.records(world.api, [id!]));
  assert.deepEqual([outcome.kind, outcome.code], ["denied", "MISSING_SCOPES"]);
  assert.match(outcome.reason!, /crm\.objects\.contacts\.read/);
});
