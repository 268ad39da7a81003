// Backtests of two-way syncs beside a whole engine: what a changed definition would write on each side.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { email } from "../define/match-as.ts";
import { greatest } from "../define/two-way-rules.ts";
import type { TwoWaySync } from "../define/two-way.ts";
import { openReader } from "../store/reader.ts";
import { twoWayWorld, type PeopleSync, type TwoWayWorld } from "../testing/two-way-world.ts";
import { backtest } from "./backtest.ts";
import type { BacktestReport } from "./backtest-report.ts";
import { syncDigest } from "./sync-digest.ts";

const FIELDS = [
  { crm: "email", marketing: "email", as: email },
  { crm: "name", marketing: "name" },
] as const;
const WITH_PHONE: PeopleSync = { fields: [...FIELDS, { crm: "phone", marketing: "phone", wins: "marketing" }] };

/** Two pairs whose telephones nobody carries across, and one person whom only marketing has. */
async function setup(t: TestContext, sync: PeopleSync = { fields: FIELDS, create: { crm: false, marketing: true } }) {
  const small = await twoWayWorld(t, { sync });
  small.crm.edit("c1", { email: "one@example.com", name: "One", phone: "1" });
  small.crm.edit("c2", { email: "two@example.com", name: "Two" });
  small.marketing.edit("m2", { email: "two@example.com", name: "Two", phone: "2" });
  small.marketing.edit("m3", { email: "three@example.com", name: "Three" });
  return { small, engine: await small.running(), sync };
}

const changedTo = (small: TwoWayWorld, sync: PeopleSync): TwoWaySync => {
  const [only] = small.project(sync).twoWaySyncs;
  assert.ok(only);
  return only;
};

function run(small: TwoWayWorld, sync: PeopleSync, since = 0) {
  const reader = openReader(small.path);
  try {
    return backtest(reader, changedTo(small, sync), since);
  } finally {
    reader.close();
  }
}

const told = ({ groups }: BacktestReport) =>
  groups.map(({ kind, side, field, examples }) => [kind, side, field, examples.map(({ key }) => key).join()].join(" "));

test("a definition that was not changed differs in nothing, beside the engine that runs", async (t) => {
  const { small, sync } = await setup(t);
  const { report } = run(small, sync);
  assert.deepEqual([report.records, report.same, report.different], [3, 3, 0]);
});

test("a field that was added is told by side and record, and nothing is called", async (t) => {
  const { small } = await setup(t);
  const calls = small.crm.reads.length + small.marketing.writes.length;
  const { report, keys, secondKeys } = run(small, { ...WITH_PHONE, create: { crm: true, marketing: true } });
  assert.deepEqual(told(report).toSorted(), ["creates crm  m3", "fills crm phone c2", "fills marketing phone c1"]);
  assert.deepEqual(report.groups.find(({ side, field }) => side === "crm" && field === "phone")?.examples, [
    { key: "c2", title: "Two", before: "", after: '"2"' },
  ]);
  assert.deepEqual([keys, secondKeys], [["c1", "c2"], ["m3"]]);
  assert.equal(small.crm.reads.length + small.marketing.writes.length, calls);
});

test("what would be matched, left alone, parked or no longer parked is told apart", async (t) => {
  const { small, engine } = await setup(t, {
    fields: FIELDS,
    conflicts: "park",
    create: { crm: false, marketing: false },
    match: [{ crm: ({ id }) => id, marketing: (one) => one.fields.phone ?? null }],
  });
  assert.deepEqual((await engine.control.status()).syncs[0]?.links, 0);
  small.marketing.edit("m9", { phone: "c1", email: "nine@example.com", name: "Nine" });
  await small.settle(engine);
  const parked = await engine.control.parked({});
  assert.deepEqual(
    parked.map(({ cause }) => cause),
    ["edited"],
  );
  const { report } = run(small, {
    fields: FIELDS,
    conflicts: "crm",
    create: { crm: false, marketing: false },
    match: [{ crm: (one) => one.fields.email, marketing: (one) => one.fields.email, as: email }],
  });
  assert.deepEqual(told(report).toSorted(), ["links marketing  c2", "unparks   c1"]);
  const apart = run(small, { fields: FIELDS, conflicts: "crm", only: { crm: ({ id }) => id === "c1" } });
  assert.ok(told(apart.report).includes("creates crm  m2,m3"), told(apart.report).join());
});

test("pairs that the rules would leave out are told", async (t) => {
  const { small } = await setup(t);
  const { report } = run(small, {
    fields: FIELDS,
    create: { crm: false, marketing: true },
    only: { crm: ({ fields }) => fields.name !== "One" },
  });
  assert.deepEqual(told(report), ["leaves   c1"]);
});

test("only what changed since is looked at, on either side, and what is in flight is not judged", async (t) => {
  const { small, engine } = await setup(t);
  await small.pass(1_000);
  const since = small.clock.now();
  await small.pass(1_000);
  small.marketing.edit("m2", { name: "Two B" });
  await small.settle(engine);
  assert.deepEqual(run(small, WITH_PHONE, since).keys, ["c2"]);
  await small.stop(engine);
  const stopped = await small.open({ project: small.project(WITH_PHONE) });
  assert.equal(await stopped.control.noteAgain("people", ["c2"], syncDigest(changedTo(small, WITH_PHONE))), 1);
  const { report } = run(small, WITH_PHONE);
  assert.equal(report.inFlight, 1);
});

test("what differs is written once it is noted again, by an engine that has the same sync", async (t) => {
  const { small, engine } = await setup(t);
  const after: PeopleSync = { ...WITH_PHONE, create: { crm: true, marketing: true } };
  const { keys, secondKeys } = run(small, after);
  const digest = syncDigest(changedTo(small, after));
  await assert.rejects(engine.control.noteAgain("people", keys, digest), /restart Bowline/);
  await small.stop(engine);
  const restarted = await small.running({ project: small.project(after) });
  assert.equal(small.crm.fields("c2")?.phone, undefined, "a changed definition writes nothing by itself");
  await restarted.control.noteAgain("people", keys, digest);
  await restarted.control.noteAgain("people", secondKeys, digest, 1);
  await small.settle(restarted);
  assert.equal(small.crm.fields("c2")?.phone, "2");
  assert.equal(small.crm.all.size, 3);
  assert.equal(run(small, after).report.different, 0);
});

test("the digest changes with a pair, a rule, the scope and what is created, and with nothing else", async (t) => {
  const { small } = await setup(t);
  const digest = (sync: PeopleSync): string => syncDigest(changedTo(small, { fields: FIELDS, ...sync }));
  assert.equal(digest({}), digest({ owner: "somebody else", freshWithin: "2m" }));
  const others: readonly PeopleSync[] = [
    WITH_PHONE,
    { conflicts: "park" },
    { conflicts: greatest },
    { only: { marketing: ({ hidden }) => !hidden } },
    { create: { crm: false, marketing: true } },
    { onDelete: { crm: "unlink", marketing: "delete" } },
  ];
  assert.equal(new Set([digest({}), ...others.map(digest)]).size, others.length + 1);
});
