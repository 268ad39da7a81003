import assert from "node:assert/strict";
import { test } from "node:test";
import { openReader } from "../store/reader.ts";
import { billsSync, clients, smallProject, smallWorld } from "../testing/small-world.ts";
import { backtest } from "./backtest.ts";
import type { BacktestReport } from "./backtest-report.ts";
import { syncDigest } from "./sync-digest.ts";

const upper = billsSync({
  map: ({ field, link }) => ({
    note: field((order) => order.note.toUpperCase()),
    client: link(clients, (order) => order.customer).orOmit(),
  }),
});

function run(path: string, sync: ReturnType<typeof billsSync>, since = 0) {
  const reader = openReader(path);
  try {
    return backtest(reader, sync, since);
  } finally {
    reader.close();
  }
}

const kinds = ({ groups }: BacktestReport) => groups.map(({ kind, field, records }) => [kind, field, records]);

test("a mapping that was not changed differs in nothing, beside the engine that runs", async (t) => {
  const small = await smallWorld(t);
  small.shop.putCustomer("c1");
  small.shop.putOrder("1", { customer: "c1" });
  small.shop.putOrder("2");
  await small.running();
  const { report } = run(small.path, billsSync());
  assert.deepEqual([report.records, report.same, report.different], [2, 2, 0]);
});

test("each field that would be written differently is shown with examples, and nothing is called", async (t) => {
  const small = await smallWorld(t);
  for (const id of ["1", "2", "3", "4"]) small.shop.putOrder(id);
  small.shop.putOrder("5", { note: "ALREADY" });
  const engine = await small.running();
  await small.stop(engine);
  const calls = small.shop.calls.length + small.books.writes.length;
  const { report, keys } = run(small.path, upper);
  assert.deepEqual(kinds(report), [["changes", "note", 4]]);
  assert.equal(report.same, 1);
  assert.deepEqual(keys, ["1", "2", "3", "4"]);
  assert.deepEqual(report.groups[0]?.examples[0], {
    key: "1",
    title: "#1",
    before: '"order 1"',
    after: '"ORDER 1"',
  });
  assert.equal(report.groups[0]?.examples.length, 3);
  assert.equal(small.shop.calls.length + small.books.writes.length, calls);
});

test("records that would newly park, no longer park, come, go or wait are told apart", async (t) => {
  const small = await smallWorld(t);
  const before = billsSync({
    only: (order) => order.id !== "5",
    map: ({ field, link }) => ({
      note: field((order) => (order.id === "2" ? null : order.note)).orPark("no note"),
      client: link(clients, (order) => order.customer).orOmit(),
    }),
  });
  for (const id of ["1", "2", "3", "4", "5"]) small.shop.putOrder(id);
  await small.running({ project: smallProject({ syncs: [clients, before] }) });
  const after = billsSync({
    only: (order) => order.id !== "4",
    map: ({ field, link }) => ({
      note: field((order) => (order.id === "1" ? null : order.note)).orPark("an empty note"),
      client: link(clients, (order) => (order.id === "3" ? "nobody" : null)).orOmit(),
    }),
  });
  const { report } = run(small.path, after);
  assert.deepEqual(
    new Set(report.groups.map(({ kind, examples }) => `${kind} ${examples[0]?.key}`)),
    new Set(["parks 1", "unparks 2", "waits 3", "leaves 4", "creates 5"]),
  );
});

test("only records that changed since are looked at, and those in flight are not judged", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  const since = small.clock.now();
  await small.clock.advance(1_000);
  small.shop.putOrder("2");
  await engine.control.sync("bills", { full: false });
  await small.settle(engine);
  await small.stop(engine);
  assert.deepEqual(run(small.path, upper, since).keys, ["2"]);
  const stopped = await small.open({ project: smallProject({ syncs: [clients, upper] }) });
  assert.equal(await stopped.control.noteAgain("bills", ["2"], syncDigest(upper)), 1);
  const { report } = run(small.path, upper);
  assert.deepEqual([report.different, report.inFlight], [1, 1]);
});

test("what differs is written once it is noted again, by an engine that has the same sync", async (t) => {
  const small = await smallWorld(t);
  small.shop.putOrder("1");
  const engine = await small.running();
  const { keys } = run(small.path, upper);
  await assert.rejects(engine.control.noteAgain("bills", keys, syncDigest(upper)), /restart Bowline/);
  await small.stop(engine);
  const restarted = await small.running({ project: smallProject({ syncs: [clients, upper] }) });
  assert.deepEqual(small.books.notes(), ["order 1"], "a changed mapping writes nothing by itself");
  await restarted.control.noteAgain("bills", keys, syncDigest(upper));
  await small.settle(restarted);
  assert.deepEqual(small.books.notes(), ["ORDER 1"]);
  assert.equal(run(small.path, upper).report.different, 0);
});

test("the digest changes with a rule, a table's entry and the scope, and with nothing else", () => {
  assert.equal(syncDigest(billsSync()), syncDigest(billsSync()));
  assert.notEqual(syncDigest(billsSync()), syncDigest(upper));
  assert.notEqual(syncDigest(billsSync()), syncDigest(billsSync({ only: ({ paid }) => paid })));
});
