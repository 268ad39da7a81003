// Claiming: due rows that nobody holds, the most urgent and oldest first.
import assert from "node:assert/strict";
import type { Priority } from "../store.ts";
import {
  AGREED,
  INVOICES,
  LINK,
  RECEIPTS,
  WRITE,
  claimed,
  claimedKeys,
  examine,
  read,
  settle,
  type MakeFile,
} from "./fixture.ts";

export function claimExam(makeFile: MakeFile): void {
  examine(makeFile, "the more urgent come first, the older before the younger", async (store) => {
    await store.observe({
      observations: [
        read("backfill", "a", { priority: "backfill", at: 1 }),
        read("younger", "a", { priority: "live", at: 9 }),
        read("older", "a", { priority: "live", at: 3 }),
        read("person", "a", { priority: "person", at: 20 }),
        read("scheduled", "a", { priority: "scheduled", at: 2 }),
      ],
    });
    assert.deepEqual(await claimedKeys(store, INVOICES, 1000, 2), ["person", "older"]);
    assert.deepEqual(await claimedKeys(store), ["younger", "scheduled", "backfill"]);
  });

  examine(makeFile, "the less urgent have their share of the turns, however many are more urgent", async (store) => {
    const many = (priority: Priority, count: number) =>
      Array.from({ length: count }, (_, index) => read(`${priority} ${index}`, "a", { priority, at: index }));
    await store.observe({
      observations: [...many("live", 200), ...many("scheduled", 20), ...many("backfill", 20)],
    });
    const keys: string[] = [];
    for (let claims = 0; claims < 10; claims += 1) keys.push(...(await claimedKeys(store, INVOICES, 1000, 10)));
    for (let claims = 0; claims < 20; claims += 1) keys.push(...(await claimedKeys(store, INVOICES, 1000, 1)));
    const of = (priority: Priority) => keys.filter((key) => key.startsWith(priority));
    const first = (priority: Priority, count: number) => many(priority, count).map(({ key }) => key);
    for (const [priority, least, most] of [
      ["live", 100, 104],
      ["scheduled", 11, 12],
      ["backfill", 5, 6],
    ] as const) {
      const had = of(priority);
      assert.ok(had.length >= least && had.length <= most, `${priority}: ${had.length}`);
      assert.deepEqual(had, first(priority, had.length));
    }
  });

  examine(makeFile, "a held row is not claimed twice, in one turn or later, until it is given back", async (store) => {
    await store.observe({ observations: ["1", "2", "3"].map((key) => read(key, "a")) });
    const query = { sync: INVOICES, limit: 2, at: 1000 };
    const claims = (await Promise.all([store.claim(query), store.claim(query), store.claim(query)])).flat();
    assert.deepEqual(claims.map(({ key }) => key).toSorted(), ["1", "2", "3"]);
    assert.deepEqual(await claimedKeys(store), []);
    const [claim] = claims;
    assert.ok(claim !== undefined);
    assert.deepEqual(await settle(store, claim, { to: "ready" }), [INVOICES]);
    assert.deepEqual(await claimed(store), claim);
    assert.deepEqual(await claimedKeys(store, RECEIPTS, 1000, 9), ["1", "2", "3"], "each sync has rows of its own");
  });

  examine(makeFile, "a row whose sending ended is handed out once, whatever shares the turn", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const claim = await claimed(store);
    await settle(store, claim, { to: "sending", write: WRITE });
    const query = { sync: INVOICES, limit: 9, at: 1000 };
    const [, ...inTheTurn] = await Promise.all([
      settle(store, claim, { to: "unknown", until: 50, reason: "no answer", write: WRITE, attempts: 1 }),
      store.claim(query),
      store.claim(query),
    ]);
    const claims = [...inTheTurn.flat(), ...(await store.claim(query))];
    assert.deepEqual(
      claims.map(({ key, state }) => [key, state]),
      [["1", "unknown"]],
    );
  });

  examine(
    makeFile,
    "waiting and unknown rows are claimed when their time has come, among the ready ones of their age",
    async (store) => {
      await store.observe({ observations: [read("1", "a", { at: 1 })] });
      await settle(store, await claimed(store), { to: "waiting", until: 100, reason: "busy", attempts: 1, waits: 2 });
      await store.observe({ observations: [read("2", "a", { at: 90 })] });
      assert.equal(await store.nextDue([INVOICES]), 100);
      assert.deepEqual(await claimedKeys(store, INVOICES, 99, 1), ["2"]);
      await store.observe({ observations: [read("3", "a", { at: 150 })] });
      const [claim, ready] = await store.claim({ sync: INVOICES, limit: 5, at: 200 });
      assert.deepEqual([claim?.key, claim?.state, claim?.attempts, claim?.waits], ["1", "waiting", 1, 2]);
      assert.equal(ready?.key, "3");
      assert.equal(await store.nextDue([INVOICES]), undefined, "a held row becomes due for nobody");
    },
  );

  examine(makeFile, "of rows that wait, those that were due by a time can be left alone", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("2", "a"), read("3", "a")] });
    const untils = [100, 200];
    for (const claim of await store.claim({ sync: INVOICES, limit: 2, at: 50 })) {
      await settle(store, claim, { to: "waiting", until: untils.shift() ?? 0, reason: "busy", attempts: 0, waits: 1 });
    }
    assert.equal(await store.nextDue([INVOICES], 100), 200);
    const claims = await store.claim({ sync: INVOICES, limit: 5, at: 300, dueAfter: 100 });
    assert.deepEqual(claims.map(({ key }) => key).toSorted(), ["2", "3"]);
    assert.deepEqual(await claimedKeys(store, INVOICES, 300, 5), ["1"]);
  });

  examine(makeFile, "the next due time is the earliest of the syncs that were asked for", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("2", "a", { priority: "live" })] });
    const [first, second] = await store.claim({ sync: INVOICES, limit: 2, at: 1000 });
    assert.ok(first !== undefined && second !== undefined);
    await settle(store, first, { to: "unknown", until: 700, reason: "timeout", write: WRITE, attempts: 1 });
    await settle(store, second, { to: "waiting", until: 600, reason: "busy", attempts: 1, waits: 0 });
    assert.equal(await store.nextDue([RECEIPTS, INVOICES]), 600);
    assert.equal(await store.nextDue([RECEIPTS]), undefined);
    assert.equal(await store.nextDue([]), undefined);
  });

  examine(makeFile, "a claim brings the record, the link, the write and the corrections", async (store) => {
    await store.observe({ observations: [read("1", "a", { version: "v1" })] });
    await settle(store, await claimed(store), { to: "cleared", why: "confirmed", action: "create", link: LINK });
    await store.observe({ observations: [read("1", "b", { version: "v2", priority: "live", at: 30 })] });
    await store.correct(INVOICES, "1", { Memo: "by hand", Rate: 2.5 }, 40);
    await settle(store, await claimed(store), {
      to: "waiting",
      until: 60,
      reason: "busy",
      attempts: 1,
      waits: 0,
      write: WRITE,
    });
    const { seq, ...claim } = await claimed(store);
    assert.deepEqual(claim, {
      sync: INVOICES,
      key: "1",
      state: "waiting",
      priority: "person",
      notedAt: 30,
      attempts: 1,
      waits: 0,
      record: { version: "v2", hash: "b", body: '{"key":"1","hash":"b"}', deleted: false, stale: 0, title: "#1" },
      link: LINK,
      write: WRITE,
      corrections: { Memo: "by hand", Rate: 2.5 },
    });
    assert.ok(seq > 0);
  });

  examine(makeFile, "a claim made in the turn of a call that fails still gets its rows, once", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const query = { sync: INVOICES, limit: 5, at: 1000 };
    const nobody = read("2", "a", { resource: "nobody/nothing" });
    const [claims, failed] = await Promise.allSettled([store.claim(query), store.observe({ observations: [nobody] })]);
    assert.equal(failed.status, "rejected");
    assert.deepEqual(claims.status === "fulfilled" && claims.value.map(({ key }) => key), ["1"]);
    assert.deepEqual(await claimedKeys(store), []);
  });

  examine(makeFile, "a settlement of a row that nobody holds is a bug, and says so", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const claim = await claimed(store);
    await settle(store, claim, { to: "ready" });
    await assert.rejects(settle(store, claim, AGREED), /expected a claimed row, got a row that is ready/);
    assert.equal((await claimed(store)).key, "1");
  });
}
