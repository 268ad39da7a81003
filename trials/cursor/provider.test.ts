import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, VirtualClock } from "../../src/world/virtual.ts";
import { Provider, type Query } from "./provider.ts";
import { HOUR_MS, quirksOf, type Quirks } from "./quirks.ts";

const PLAIN: Quirks = {
  ...quirksOf(new SeededRandom(1)),
  lagMsMax: 0,
  tellsCovered: false,
  stampMs: 1_000,
  since: "inclusive",
  paging: "keyset",
  pageRecords: 2,
  clock: { offMs: 0 },
  deletions: "log",
  deletionsKeptMs: HOUR_MS,
  lookbackMs: undefined,
};

function setup(quirks: Partial<Quirks> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1) + 500);
  return { clock, provider: new Provider({ clock, random: new SeededRandom(1), quirks: { ...PLAIN, ...quirks } }) };
}

const query = (changes: Partial<Query> = {}): Query => ({
  kind: "changes",
  since: 0,
  afterStamp: undefined,
  afterKey: undefined,
  offset: 0,
  cursor: undefined,
  ...changes,
});

test("records of one stamp go on after the last key on the next page", () => {
  const { provider } = setup();
  for (let made = 0; made < 3; made += 1) provider.create();
  const first = provider.list(query());
  const last = first?.changes.at(-1);
  const second = provider.list(query({ afterStamp: last?.stamp, afterKey: last?.key }));
  assert.deepEqual([first?.more, second?.changes.length, second?.more], [true, 1, false]);
  assert.ok(provider.met.has("equal-stamps-across-pages"));
});

test("a change shows after its lag, with the stamp of when it was made", async () => {
  const { provider, clock } = setup({ lagMsMax: HOUR_MS });
  let change = provider.create();
  while (change.visibleAt === change.at) change = provider.create();
  const shows = () => provider.list(query({ kind: "everything", afterKey: `${change.key.slice(0, -1)} ` }));
  assert.ok(!shows()?.changes.includes(change));
  await clock.advance(HOUR_MS);
  assert.ok(shows()?.changes.includes(change));
  assert.equal(change.stamp % 1_000, 0);
});

test("deletions are told for as long as they are kept, and then that some are not", async () => {
  const { provider, clock } = setup();
  const { key } = provider.create();
  provider.remove(key);
  const since = clock.now() - 1_000;
  assert.deepEqual(provider.list(query({ since }))?.deleted.length, 1);
  await clock.advance(HOUR_MS + 1_000);
  assert.deepEqual([provider.list(query({ since }))?.deleted, provider.list(query({ since }))?.purged], [[], true]);
});

test("a cursor is not known for ever", async () => {
  const { provider, clock } = setup({ paging: "snapshot", cursorLivesMs: 60_000 });
  for (let made = 0; made < 3; made += 1) provider.create();
  const cursor = provider.list(query())?.cursor;
  assert.equal(provider.list(query({ cursor }))?.changes.length, 1);
  await clock.advance(60_001);
  assert.equal(provider.list(query({ cursor })), undefined);
});
