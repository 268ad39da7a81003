import assert from "node:assert/strict";
import { test } from "node:test";
import { StoreError } from "../store/store.ts";
import { answers, waits, type Trouble } from "../testing/troubles.ts";
import { virtualUntil } from "../testing/virtual-until.ts";
import { pause } from "../world/pause.ts";
import { SeededRandom } from "../world/virtual.ts";
import type { Reader } from "./reader.ts";
import { DAY, keyOf, listedItems, MINUTE } from "./testing/listed-items.ts";

test("a listing that fails in the middle says why, and goes on from the page that failed", async (t) => {
  const { clock, troubles, asked, start, put, reports, everything } = await listedItems(t);
  put(6);
  troubles.push(
    async (_request, answer) => answer(),
    async (_request, answer) => answer(),
    answers(500),
  );
  const listing = start();
  await clock.advance(0);
  assert.match(listing.fault ?? "", /500/);
  assert.match(reports[0] ?? "", /^could not list shop\/items, going on from the same page later/);
  await clock.advance(30_000);
  assert.deepEqual(asked.slice(0, 4), ["", "?cursor=0001", "?cursor=0003", "?cursor=0003"]);
  assert.equal((await everything())?.records, 6);
  assert.equal(listing.fault, undefined);
  await listing.stop();
});

test("a listing whose next page the provider refuses begins anew, with a longer pause each time", async (t) => {
  const { clock, troubles, asked, start, put, reports, everything } = await listedItems(t);
  put(6);
  const through: Trouble = async (_request, answer) => answer();
  troubles.push(through, answers(400), through, answers(410));
  const listing = start();
  await clock.advance(0);
  assert.match(reports[0] ?? "", /^could not go on listing shop\/items, beginning anew/);
  assert.match(listing.fault ?? "", /400/);
  await clock.advance(60_000);
  assert.deepEqual(asked.slice(0, 5), ["", "?cursor=0001", "", "?cursor=0001", ""]);
  assert.equal((await everything())?.records, 6);
  assert.equal((await everything())?.beganAt, undefined);
  assert.equal(listing.fault, undefined);
  await listing.stop();
});

test("changes are asked for by the provider's clock where that is behind ours", async (t) => {
  const { clock, troubles, asked, start, put } = await listedItems(t);
  put(1);
  const beganAt = clock.now();
  troubles.push(async (_request, answer) => {
    const told = new Response(await (await answer()).text());
    told.headers.set("content-type", "application/json");
    told.headers.set("date", new Date(beganAt - 10 * MINUTE).toUTCString());
    return told;
  });
  const listing = start();
  await clock.advance(MINUTE + 1);
  assert.deepEqual(asked, ["", `?since=${beganAt - 10 * MINUTE - 5_000}`]);
  await listing.stop();
});

test("a listing that was stopped goes on at its cursor after a new start", async (t) => {
  const { clock, troubles, asked, start, put, everything } = await listedItems(t);
  put(6);
  const slow = waits();
  troubles.push(async (_request, answer) => answer(), slow.trouble);
  const listing = start();
  await slow.asked;
  const stopped = listing.stop();
  slow.letGo();
  await clock.advance(0);
  await stopped;
  const before = asked.length;
  const again = start();
  await clock.advance(1_000);
  assert.ok(!asked.slice(before).includes(""), "the first page was not read again");
  assert.equal((await everything())?.records, 6);
  await again.stop();
});

test("changes are asked for from the beginning of the last listing, less the overlap", async (t) => {
  const { clock, asked, start, put } = await listedItems(t);
  put(1);
  const beganAt = clock.now();
  const listing = start();
  await clock.advance(MINUTE + 1);
  assert.deepEqual(asked, ["", `?since=${beganAt - 5_000}`]);
  await listing.stop();
});

test("a gap that is longer than the provider can look back is filled by everything", async (t) => {
  const { clock, asked, start, put } = await listedItems(t);
  put(1);
  const listing = start();
  await clock.advance(0);
  await listing.stop();
  await clock.advance(8 * DAY);
  asked.length = 0;
  const again = start();
  await clock.advance(1_000);
  assert.deepEqual(asked, [""]);
  await again.stop();
});

test("few records that a complete listing misses are looked at, and nothing is held to be deleted", async (t) => {
  const { clock, there, start, put, store, reports } = await listedItems(t);
  put(30);
  const listing = start();
  await clock.advance(0);
  there.delete("0007");
  await clock.advance(1_000);
  listing.ask("everything");
  await clock.advance(1_000);
  const record = await store.record("shop/items", "0007");
  assert.equal(record?.deleted, false);
  assert.ok((record?.stale ?? 0) > 0, "it is to be read before anything is decided");
  assert.equal((await store.record("shop/items", "0008"))?.stale, 0);
  assert.deepEqual(reports, []);
  await listing.stop();
});

test("many records that a complete listing misses are noted a few at a time, so that nobody waits for all of them", async (t) => {
  const noted: number[] = [];
  const { clock, there, start, put, store } = await listedItems(t, {
    pageItems: 1_000,
    throughStore: (opened) => ({
      ...opened,
      observe(batch) {
        const looked = batch.observations.filter(({ seen }) => seen.kind === "changed").length;
        if (looked > 0) noted.push(looked);
        return opened.observe(batch);
      },
    }),
  });
  put(7_000);
  const listing = start();
  await clock.advance(1_000);
  for (let id = 0; id < 600; id += 1) there.delete(keyOf(id));
  await clock.advance(1_000);
  listing.ask("everything");
  await clock.advance(1_000);
  assert.deepEqual(noted, [500, 100]);
  assert.ok(((await store.record("shop/items", keyOf(599)))?.stale ?? 0) > 0);
  await listing.stop();
});

test("too many missing records are not believed: nothing is done, it is counted, and a person is told", async (t) => {
  const { clock, there, start, put, store, reports, everything } = await listedItems(t);
  put(40);
  const listing = start();
  await clock.advance(0);
  for (let id = 0; id < 11; id += 1) there.delete(keyOf(id));
  await clock.advance(1_000);
  listing.ask("everything");
  await clock.advance(1_000);
  for (let id = 0; id < 11; id += 1) {
    const record = await store.record("shop/items", keyOf(id));
    assert.deepEqual({ deleted: record?.deleted, stale: record?.stale }, { deleted: false, stale: 0 });
  }
  assert.match(reports.join(), /did not show 11 or more known records beside 29 listed ones: too many to believe/);
  assert.equal((await everything())?.absent, 11);
  await listing.stop();
});

test("what was asked for outlives a page that could not be read", async (t) => {
  const { clock, troubles, start, put, store } = await listedItems(t);
  put(1);
  const listing = start();
  await clock.advance(0);
  troubles.push(answers(500));
  listing.ask("everything", { evenUnchanged: true });
  await clock.advance(0);
  assert.equal(listing.idle, false);
  const [before] = (await store.status()).syncs;
  await store.claim({ sync: "s", limit: 9, at: clock.now() });
  await store.settle([{ sync: "s", key: "0000", seq: 1, at: clock.now(), to: "cleared", why: "agreed" }]);
  await clock.advance(30_000);
  const [after] = (await store.status()).syncs;
  assert.deepEqual([before?.ready, after?.ready], [1, 1], "noted again, though it had not changed");
  assert.equal(listing.idle, true);
  await listing.stop();
});

test("what a page shows is as old as its reading: a deletion that came since is not undone by it", async (t) => {
  let commit: Promise<void> | undefined;
  const { clock, start, put, store } = await listedItems(t, {
    throughStore: (opened) => ({
      ...opened,
      observe: async (batch) => {
        const isPage = batch.scan?.kind === "everything" && batch.scan.state.beganAt !== undefined;
        if (isPage) await commit;
        return opened.observe(batch);
      },
    }),
  });
  put(4);
  const listing = start();
  await clock.advance(1_000);
  const slow = Promise.withResolvers<void>();
  commit = slow.promise;
  listing.ask("everything");
  // The first page is being made durable, and the second one was read meanwhile.
  await clock.advance(1_000);
  const deletion = { resource: "shop/items", key: "0003", cause: "webhook", priority: "live" } as const;
  await store.observe({ observations: [{ ...deletion, at: clock.now(), seen: { kind: "deleted" } }] });
  await clock.advance(1_000);
  slow.resolve();
  await clock.advance(0);
  assert.equal((await store.record("shop/items", "0003"))?.deleted, true);
  await listing.stop();
});

test("a store that is full for a while loses no page", async (t) => {
  let isFull = false;
  const { clock, start, put, everything, reports } = await listedItems(t, {
    throughStore: (store) => ({
      ...store,
      observe: (batch) => (isFull ? Promise.reject(new StoreError("full", "no room")) : store.observe(batch)),
    }),
  });
  put(6);
  isFull = true;
  const listing = start();
  await clock.advance(5_000);
  assert.match(reports[0] ?? "", /no room/);
  isFull = false;
  await clock.advance(MINUTE);
  assert.equal((await everything())?.records, 6);
  await listing.stop();
});

/** A reader that takes up all there is, so that pages are handed over in parts. */
const GREEDY: Reader = {
  sync: "s",
  appetite: 1_000,
  expect: () => undefined,
  hungry: async () => undefined,
  takeUp: () => undefined,
};

for (const [how, reader, pageItems] of [
  ["in parts", GREEDY, 150],
  ["as a whole", undefined, 40],
] as const) {
  test(`while pages are on their way ${how}, no cursor stands behind a record that may be lost, however the store fails`, async (t) => {
    const random = new SeededRandom(7);
    const durable = new Set<string>();
    let underWay = 0;
    let underWayMost = 0;
    let failed = 0;
    const { clock, start, put, everything, store } = await listedItems(t, {
      pageItems,
      ...(reader === undefined ? {} : { reader }),
      throughStore: (below) => ({
        ...below,
        async observe({ claim: _claim, ...batch }) {
          underWay += 1;
          underWayMost = Math.max(underWayMost, underWay);
          // Each takes its time, so that they end in another order than they began.
          await pause(clock, 1 + Math.floor(random.next() * 20));
          underWay -= 1;
          if (random.next() < 0.2) {
            failed += 1;
            throw new StoreError("full", "no room");
          }
          const counts = await below.observe(batch);
          for (const { key } of batch.observations) durable.add(key);
          const state = batch.scan?.state;
          const reached = state?.cursor ?? (state?.completeAt === undefined ? "" : "9999");
          const passed = Array.from({ length: ITEMS }, (_, number) => keyOf(number)).filter((key) => key <= reached);
          assert.deepEqual(
            passed.filter((key) => !durable.has(key)),
            [],
          );
          return counts;
        },
      }),
    });
    put(ITEMS);
    const listing = start();
    for (let minutes = 0; minutes < 60 && (await everything())?.completeAt === undefined; minutes += 1)
      await clock.advance(MINUTE);
    assert.equal((await everything())?.records, ITEMS);
    assert.equal(durable.size, ITEMS);
    assert.equal((await store.record("shop/items", keyOf(ITEMS - 1)))?.deleted, false);
    assert.ok(underWayMost > 1 === (reader !== undefined), `${underWayMost} at a time`);
    assert.ok(failed > 2, `${failed} failed`);
    await virtualUntil(clock, listing.stop());
  });
}

const ITEMS = 1_000;
