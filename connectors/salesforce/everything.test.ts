import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../src/testing/connector-api.ts";
import { CallFailed } from "../../src/define/outcome.ts";
import { opportunities } from "./opportunities.ts";
import { allPages, erpAccounts, setup, type Setup } from "./test-api.ts";

function make(world: Setup, count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    String(world.simulator.person.create("Account", { Name: `A, "${index}"`, AnnualRevenue: index * 1_000_000 })["Id"]),
  );
}

function listed(world: Setup, between?: (pages: number) => void) {
  return allPages(
    world.clock,
    (cursor) => erpAccounts.everything!.page(world.api, cursor === undefined ? {} : { cursor }),
    between,
  );
}

test("everything is told once although records are edited and deleted while it is read", async () => {
  await using world = await setup();
  const keys = make(world, 2_500);
  const { person } = world.simulator;
  const told = await listed(world, (pages) => {
    if (pages !== 1) return;
    for (const key of keys.slice(0, 50)) person.delete("Account", key);
    for (const key of keys.slice(100, 400)) person.update("Account", key, { Phone: "1" });
  });
  assert.equal(told.records.length, 2_500);
  assert.deepEqual(new Set(told.records.map(({ Id }) => Id)), new Set(keys));
});

test("of nothing the listing is empty, and of a full last page another one follows", async () => {
  await using world = await setup();
  assert.equal((await listed(world)).pages, 1);
  make(world, 2_000);
  const told = await listed(world);
  assert.deepEqual([told.records.length, told.pages], [2_000, 2]);
});

test("the Bulk API tells the same records, byte by byte", async () => {
  await using world = await setup({ simulator: { settings: { bulkPageMax: 500 } } });
  make(world, 1_200);
  const byQuery = await listed(world);
  const settings = { ...world.api.settings, everythingBy: "bulk" };
  const bulkApi = { settings, request: (request: never) => world.api.request(request) };
  const byBulk = await allPages(world.clock, (cursor) =>
    erpAccounts.everything!.page(bulkApi, cursor === undefined ? {} : { cursor }),
  );
  const text = (records: readonly object[]): string[] =>
    records.map((record) =>
      JSON.stringify(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1))),
    );
  assert.deepEqual(text(byBulk.records), text(byQuery.records));
  assert.deepEqual(
    byBulk.records.map((record) => Object.keys(record)).at(0),
    byQuery.records.map((record) => Object.keys(record)).at(0),
  );
});

test("a job that failed or is forgotten is made anew, and after a few the listing says so", async () => {
  await using world = await setup({ settings: { everythingBy: "bulk" } });
  const keys = make(world, 10);
  world.simulator.failBulkJobs(2);
  assert.equal((await listed(world)).records.length, keys.length);
  const told = await listed(world, (pages) => pages === 1 && world.simulator.forgetBulkJobs());
  assert.equal(told.records.length, keys.length);
  world.simulator.failBulkJobs(9);
  await assert.rejects(listed(world), (error) => error instanceof CallFailed && error.outcome.kind === "unavailable");
});

test("deals of the Bulk API have money as text and truth as truth", async () => {
  await using world = await setup({ settings: { everythingBy: "bulk" } });
  const deal = { Name: "Deal", StageName: "Closed Won", CloseDate: "2026-12-31", Amount: 12_345_678.9 };
  world.simulator.person.create("Opportunity", deal);
  const { records } = await allPages(world.clock, (cursor) =>
    opportunities.everything!.page(world.api, cursor === undefined ? {} : { cursor }),
  );
  assert.deepEqual([records[0]?.Amount, records[0]?.IsWon, records[0]?.AccountId], ["12345678.90", true, null]);
});

test("a field that the user may not see stops the listing as a matter of rights, until it is left out", async () => {
  await using world = await setup();
  make(world, 1);
  world.simulator.person.hide("Account.Fax", true);
  const outcome = await failure(erpAccounts.everything!.page(world.api, {}));
  assert.equal(outcome.kind, "denied");
  assert.match(outcome.reason ?? "", /Fax/);
  const settings = { ...world.api.settings, withoutFields: ["Account.Fax"] };
  const without = { settings, request: (request: never) => world.api.request(request) };
  const { records } = await erpAccounts.everything!.page(without, {});
  assert.ok(records.length === 1 && !("Fax" in records[0]!));
});
