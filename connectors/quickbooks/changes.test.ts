import assert from "node:assert/strict";
import { test } from "node:test";
import { customers } from "./customers.ts";
import { invoices } from "./invoices.ts";
import { allPages } from "../../src/testing/all-pages.ts";
import { setup, type Setup } from "./test-api.ts";

const TEN_MINUTES_MS = 600_000;

function changesOf(world: Setup, since: number) {
  return allPages((cursor) => invoices.changes!.page(world.api, { since, ...cursor }));
}

function sell(world: Setup, count: number): string[] {
  const { person } = world.simulator;
  const buyer =
    world.simulator.truth.customers.values().next().value ?? person.create("Customer", { DisplayName: "Amy" });
  const line = {
    Amount: "1",
    DetailType: "SalesItemLineDetail",
    SalesItemLineDetail: { ItemRef: { value: "SHIPPING_ITEM_ID" } },
  };
  const sale = { CustomerRef: { value: buyer["Id"] }, Line: [line] };
  return Array.from({ length: count }, () => String(person.create("Invoice", sale)["Id"]));
}

test("one call tells what changed and what was deleted since then", async () => {
  await using world = await setup();
  const [old] = sell(world, 1);
  await world.clock.advance(TEN_MINUTES_MS);
  const since = world.clock.now();
  const [kept, gone] = sell(world, 2);
  world.simulator.person.delete("Invoice", gone!);
  const told = await changesOf(world, since);
  assert.deepEqual(
    told.records.map(({ Id }) => Id),
    [kept],
  );
  assert.deepEqual(told.deleted, [gone]);
  assert.equal(told.pages, 1);
  assert.ok(!told.records.some(({ Id }) => Id === old));
});

for (const cdcKeeps of ["oldest", "newest"] as const) {
  test(`more changes than fit into one answer are all told, also when the ${cdcKeeps} are kept`, async () => {
    await using world = await setup({ settings: { cdcKeeps } });
    const since = world.clock.now();
    const keys = sell(world, 700);
    await world.clock.advance(5_000);
    keys.push(...sell(world, 1_700));
    const told = await changesOf(world, since);
    assert.deepEqual(new Set(told.records.map(({ Id }) => Id)), new Set(keys));
  });
}

test("of more than a thousand deletions none is missed when QuickBooks keeps the oldest", async () => {
  await using world = await setup();
  const since = world.clock.now();
  const keys = sell(world, 2_500);
  for (const [index, key] of keys.entries()) {
    if (index % 500 === 0) await world.clock.advance(1_000);
    world.simulator.person.delete("Invoice", key);
  }
  const told = await changesOf(world, since);
  assert.deepEqual(new Set(told.deleted), new Set(keys));
});

test("a customer who was switched off is a change, with the record", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  const id = String(person.create("Customer", { DisplayName: "Amy" })["Id"]);
  const since = world.clock.now();
  person.deactivate("Customer", id);
  const { records } = await customers.changes!.page(world.api, { since });
  assert.deepEqual(
    records.map(({ Id, Active }) => [Id, Active]),
    [[id, false]],
  );
});

test("everything is told although records are deleted while it is read", async () => {
  await using world = await setup();
  const keys = sell(world, 3_300);
  const gone = new Set<string>();
  const remove = (from: number, count: number): void => {
    for (const key of keys.slice(from, from + count)) {
      if (!gone.has(key)) world.simulator.person.delete("Invoice", key);
      gone.add(key);
    }
  };
  const told = await allPages(
    (cursor) => invoices.everything!.page(world.api, cursor),
    // After the first page a few are deleted, after the second more than the overlap bears.
    (pages) => (pages === 1 ? remove(0, 4) : pages === 2 ? remove(100, 400) : undefined),
  );
  const seen = new Set(told.records.map(({ Id }) => Id));
  assert.deepEqual(
    keys.filter((key) => !gone.has(key) && !seen.has(key)),
    [],
  );
});

test("everything includes who was switched off", async () => {
  await using world = await setup();
  const { person } = world.simulator;
  person.deactivate("Customer", String(person.create("Customer", { DisplayName: "Amy" })["Id"]));
  assert.equal((await customers.everything!.page(world.api, {})).records.length, 1);
});
