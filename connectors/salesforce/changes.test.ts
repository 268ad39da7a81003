import assert from "node:assert/strict";
import { test } from "node:test";
import { changesSince, connector, erpAccounts, setup, type Setup } from "./test-api.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

function make(world: Setup, count: number): string[] {
  const name = (index: number): string => `Account ${index}`;
  return Array.from({ length: count }, (_, index) =>
    String(world.simulator.person.create("Account", { Name: name(index) })["Id"]),
  );
}

for (const changesBy of ["stamp", "replication"] as const) {
  test(`by ${changesBy}: what changed and what was deleted since then is told, and nothing else`, async () => {
    await using world = await setup({ settings: { changesBy } });
    const [old, gone] = make(world, 2);
    await world.clock.advance(30 * MINUTE_MS);
    const since = world.clock.now();
    const [kept] = make(world, 1);
    world.simulator.person.delete("Account", gone!);
    await world.clock.advance(2 * MINUTE_MS);
    const told = await changesSince(world, since);
    assert.deepEqual(
      told.records.map(({ Id }) => Id),
      [kept],
    );
    assert.deepEqual(new Set(told.deleted), new Set([gone]));
    assert.ok(!told.records.some(({ Id }) => Id === old));
    assert.equal(told.deletionsIncomplete, false);
    assert.ok(told.coveredUntil <= world.clock.now() && told.coveredUntil > since);
    assert.ok(!told.records.some((record) => "IsDeleted" in record || "attributes" in record));
  });

  test(`by ${changesBy}: a merge tells that one record went, and that the other changed`, async () => {
    await using world = await setup({ settings: { changesBy } });
    const [loser, winner] = make(world, 2);
    await world.clock.advance(30 * MINUTE_MS);
    const since = world.clock.now();
    world.simulator.person.merge("Account", loser!, winner!);
    await world.clock.advance(2 * MINUTE_MS);
    const told = await changesSince(world, since);
    assert.deepEqual([told.records.map(({ Id }) => Id), [...new Set(told.deleted)]], [[winner], [loser]]);
  });

  test(`by ${changesBy}: a record that came back from the recycle bin is a change, and no deletion`, async () => {
    await using world = await setup({ settings: { changesBy } });
    const [key] = make(world, 1);
    await world.clock.advance(30 * MINUTE_MS);
    const since = world.clock.now();
    world.simulator.person.delete("Account", key!);
    await world.clock.advance(5_000);
    world.simulator.person.undelete("Account", key!);
    await world.clock.advance(2 * MINUTE_MS);
    const told = await changesSince(world, since);
    assert.deepEqual([told.records.map(({ Id }) => Id), told.deleted], [[key], []]);
  });

  test(`by ${changesBy}: records that are edited while they are listed are told all the same`, async () => {
    await using world = await setup({ settings: { changesBy } });
    const since = world.clock.now() - MINUTE_MS;
    const keys = make(world, 2_500);
    await world.clock.advance(2 * MINUTE_MS);
    const told = await changesSince(world, since, undefined, (pages) => {
      // Between the pages the first records move to the end, and one of the last goes.
      if (pages === 1)
        for (const key of keys.slice(0, 300)) world.simulator.person.update("Account", key, { Phone: "1" });
      if (pages === 1) world.simulator.person.delete("Account", keys.at(-1)!);
    });
    const seen = new Set([...told.records.map(({ Id }) => Id), ...told.deleted]);
    assert.deepEqual(
      keys.slice(0, -1).filter((key) => !seen.has(key)),
      [],
    );
    // What went after the scan had begun is told by the next one.
    await world.clock.advance(2 * MINUTE_MS);
    const next = await changesSince(world, told.coveredUntil);
    assert.ok(next.deleted.includes(keys.at(-1)!));
  });
}

test("more records than fit on a page may share one second, and none is skipped or told twice", async () => {
  await using world = await setup();
  const since = world.clock.now();
  const keys = make(world, 2_100);
  const told = await changesSince(world, since);
  assert.equal(told.records.length, 2_100);
  assert.deepEqual(new Set(told.records.map(({ Id }) => Id)), new Set(keys));
});

test("answers that are cut shorter than we asked lose nothing", async () => {
  await using world = await setup({ simulator: { settings: { queryBatchMax: 250 } } });
  const since = world.clock.now();
  const keys = make(world, 900);
  const told = await changesSince(world, since);
  assert.deepEqual([told.records.length, new Set(told.records.map(({ Id }) => Id)).size], [keys.length, keys.length]);
});

test("a transaction that commits late is met by the overlap of the next scan", async () => {
  await using world = await setup();
  world.simulator.person.createSlowly("Account", { Name: "Late" }, 4 * MINUTE_MS);
  await world.clock.advance(MINUTE_MS);
  const first = await changesSince(world, world.clock.now() - MINUTE_MS);
  assert.equal(first.records.length, 0);
  await world.clock.advance(4 * MINUTE_MS);
  const second = await changesSince(world, first.coveredUntil - erpAccounts.changes!.overlapMs);
  assert.deepEqual(
    second.records.map(({ Name }) => Name),
    ["Late"],
  );
});

test("what Salesforce has not finished is not taken for covered", async () => {
  await using world = await setup({ simulator: { settings: { coveredLagMs: 10 * MINUTE_MS } } });
  const since = world.clock.now() - 30 * MINUTE_MS;
  const told = await changesSince(world, since);
  assert.equal(told.coveredUntil, world.clock.now() - 10 * MINUTE_MS);
});

test("a deletion that skipped the recycle bin is told from the log", async () => {
  await using world = await setup();
  const [key] = make(world, 1);
  await world.clock.advance(30 * MINUTE_MS);
  const since = world.clock.now();
  world.simulator.person.purge("Account", key!);
  await world.clock.advance(2 * MINUTE_MS);
  const told = await changesSince(world, since);
  assert.deepEqual(told.deleted, [key]);
});

test("when the log of deletions was purged, or is asked for further back than it goes, that is said", async () => {
  await using world = await setup();
  make(world, 1);
  await world.clock.advance(20 * DAY_MS);
  assert.equal((await changesSince(world, world.clock.now() - 16 * DAY_MS)).deletionsIncomplete, true);
  assert.equal((await changesSince(world, world.clock.now() - DAY_MS)).deletionsIncomplete, false);
  world.simulator.purgeDeleteLog();
  const told = await changesSince(world, world.clock.now() - DAY_MS);
  assert.deepEqual([told.deletionsIncomplete, told.coveredUntil], [true, world.clock.now()]);
});

test("more ids than one answer takes are asked for in smaller windows", async () => {
  const settings = { replicationIdsMax: 150 };
  await using world = await setup({ simulator: { settings }, settings: { changesBy: "replication" } });
  const since = world.clock.now();
  const keys: string[] = [];
  for (let minute = 0; minute < 20; minute += 1) {
    keys.push(...make(world, 20));
    await world.clock.advance(MINUTE_MS);
  }
  for (const key of keys.slice(0, 100)) world.simulator.person.delete("Account", key);
  await world.clock.advance(2 * MINUTE_MS);
  const told = await changesSince(world, since);
  assert.deepEqual(new Set(told.records.map(({ Id }) => Id)), new Set(keys.slice(100)));
  assert.deepEqual(new Set(told.deleted), new Set(keys.slice(0, 100)));
});

test("a gap that replication cannot bridge is told by stamps", async () => {
  await using world = await setup({ settings: { changesBy: "replication" } });
  const since = world.clock.now();
  const [key] = make(world, 1);
  await world.clock.advance(40 * DAY_MS);
  const told = await changesSince(world, since);
  assert.deepEqual([told.records.map(({ Id }) => Id), told.deletionsIncomplete], [[key], true]);
});

test("of records that are not there, those that were merged away name the one that stayed, also after a further merge", async () => {
  await using world = await setup();
  const [first, second, third, deleted] = make(world, 4) as [string, string, string, string];
  world.simulator.person.merge("Account", first, second);
  world.simulator.person.merge("Account", second, third);
  world.simulator.person.delete("Account", deleted);
  const into = await erpAccounts.read!.successors!(world.api, [first, second, deleted, "001000000000000AAA"]);
  assert.deepEqual(
    [...into],
    [
      [first, third],
      [second, third],
    ],
  );
  assert.equal(connector.resources.invoices.read!.successors, undefined);
});
