// Observations: what they teach about a record, and what the cursors and marks remember.
import assert from "node:assert/strict";
import type { Observation } from "../store.ts";
import {
  AGREED,
  BUYERS,
  CUSTOMERS,
  INVOICES,
  ORDERS,
  RECEIPTS,
  changed,
  claimed,
  claimedKeys,
  deleted,
  examine,
  read,
  settle,
  syncStatus,
  tally,
  type MakeFile,
} from "./fixture.ts";

function listed(key: string, version: string | undefined, fields: Partial<Observation> = {}): Observation {
  const seen = { kind: "listed" } as const;
  return read(key, "", { cause: "scan", at: 20, seen, ...(version === undefined ? {} : { version }), ...fields });
}

export function observeExam(makeFile: MakeFile): void {
  examine(makeFile, "a new record is known with its body and pending for every sync that reads it", async (store) => {
    const counts = await store.observe({ observations: [read("1", "a", { version: "v1" })] });
    assert.deepEqual(counts, {
      changed: 1,
      unchanged: 0,
      older: 0,
      syncs: [INVOICES, RECEIPTS],
      claimed: [],
      armed: [],
      differing: [],
    });
    assert.deepEqual(await store.record(ORDERS, "1"), {
      version: "v1",
      hash: "a",
      body: '{"key":"1","hash":"a"}',
      deleted: false,
      stale: 0,
      title: "#1",
    });
    assert.equal((await claimed(store)).key, "1");
    assert.equal((await claimed(store, RECEIPTS)).key, "1");
    assert.deepEqual(await claimedKeys(store, BUYERS), []);
  });

  examine(makeFile, "a record that did not change is nothing to do", async (store) => {
    await store.observe({ observations: [read("1", "a", { version: "v1" })] });
    await settle(store, await claimed(store), AGREED);
    const counts = await store.observe({ observations: [read("1", "a", { version: "v1", cause: "scan" })] });
    assert.deepEqual(counts, { changed: 0, unchanged: 1, older: 0, syncs: [], claimed: [], armed: [], differing: [] });
    assert.deepEqual(await claimedKeys(store), []);
    assert.equal(await tally(store, "scan.unchanged"), 1);
  });

  examine(makeFile, "a late event of an older version does not overwrite what is known", async (store) => {
    await store.observe({ observations: [read("1", "b", { version: "v2" })] });
    const counts = await store.observe({ observations: [read("1", "a", { version: "v1", cause: "webhook" })] });
    assert.deepEqual(counts, { changed: 0, unchanged: 0, older: 1, syncs: [], claimed: [], armed: [], differing: [] });
    assert.equal((await store.record(ORDERS, "1"))?.hash, "b");
  });

  examine(
    makeFile,
    "what a listing shows later with an older version is read, and taken with the version kept",
    async (store) => {
      const readable = { readable: true } as const;
      await store.observe({ observations: [read("1", "b", { version: "v2", at: 10, ...readable })] });
      await settle(store, await claimed(store), AGREED);
      const observations = [read("1", "a", { version: "v1", at: 20, ...readable })];
      assert.deepEqual((await store.observe({ observations })).syncs, [INVOICES, RECEIPTS]);
      const doubted = await claimed(store);
      assert.equal(doubted.record?.hash, "b");
      const lookedBy = { sync: INVOICES, stale: doubted.record?.stale ?? 0 };
      await store.observe({ observations: [read("1", "a", { version: "v1", at: 30, cause: "look", lookedBy })] });
      const known = await store.record(ORDERS, "1");
      assert.deepEqual([known?.hash, known?.version, known?.stale], ["a", "v2", 0]);
      assert.equal((await store.observe({ observations })).older, 1, "the same once more is nothing");
    },
  );

  for (const [version, later] of [
    ["v1", "v2"],
    [undefined, undefined],
  ] as const) {
    examine(
      makeFile,
      `what was read ${version === undefined ? "without a version " : ""}while a write was under way does not undo what the write left`,
      async (store) => {
        const of = (what: string | undefined) => (what === undefined ? {} : { version: what });
        await store.observe({ observations: [read("1", "a", of(version))] });
        const lookedBy = { sync: INVOICES, stale: 0, hash: "a" };
        await store.observe({ observations: [read("1", "b", { ...of(later), cause: "look", at: 20, lookedBy })] });
        // Asked for after the write was, and answered before it was done.
        const crossing = { cause: "look", at: 25, lookedBy: { ...lookedBy, sync: RECEIPTS } } as const;
        await store.observe({ observations: [read("1", "a", { ...of(version), ...crossing })] });
        const known = await store.record(ORDERS, "1");
        assert.equal(known?.hash, "b");
        assert.equal((known?.stale ?? 0) > 0, version === undefined, "where no version tells, it is read again");
      },
    );
  }

  examine(
    makeFile,
    "a deletion that a listing tells of a readable record makes it doubted, not deleted",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      const { syncs } = await store.observe({ observations: [deleted("1", { cause: "poll", readable: true })] });
      const known = await store.record(ORDERS, "1");
      assert.deepEqual([syncs, known?.deleted, (known?.stale ?? 0) > 0], [[INVOICES, RECEIPTS], false, true]);
    },
  );

  examine(makeFile, "a thin event doubts the record, and a look settles the doubt that it claimed", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), AGREED);
    await settle(store, await claimed(store, RECEIPTS), AGREED);
    await store.observe({ observations: [changed("1")] });
    const claim = await claimed(store);
    const stale = claim.record?.stale ?? 0;
    assert.ok(stale > 0);
    const lookedBy = { sync: INVOICES, stale };
    const counts = await store.observe({ observations: [read("1", "b", { cause: "look", lookedBy })] });
    assert.deepEqual(counts.syncs, [RECEIPTS]);
    assert.equal((await store.record(ORDERS, "1"))?.stale, 0);
    assert.deepEqual(await settle(store, claim, AGREED), [], "its own look does not note it again");
    assert.equal((await claimed(store, RECEIPTS)).record?.hash, "b");
  });

  examine(makeFile, "a look that found nothing new wakes nobody else", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), AGREED);
    await store.observe({ observations: [changed("1", { onlySyncs: [INVOICES] })] });
    const stale = (await claimed(store)).record?.stale ?? 0;
    const look = read("1", "a", { cause: "look", lookedBy: { sync: INVOICES, stale } });
    assert.deepEqual((await store.observe({ observations: [look] })).syncs, []);
    assert.equal((await store.record(ORDERS, "1"))?.stale, 0);
  });

  examine(
    makeFile,
    "a look does not settle a doubt that came after it began, even after another look",
    async (store) => {
      await store.observe({ observations: [changed("1")] });
      const stale = (await store.record(ORDERS, "1"))?.stale ?? 0;
      const look = (sync: string) => read("1", "a", { cause: "look", lookedBy: { sync, stale } });
      await store.observe({ observations: [look(INVOICES)] });
      await store.observe({ observations: [changed("1")] });
      await store.observe({ observations: [look(RECEIPTS)] });
      assert.ok(((await store.record(ORDERS, "1"))?.stale ?? 0) > 0, "the second doubt is newer than both looks");
    },
  );

  examine(makeFile, "a deleted record is pending once, and lives again with a newer version", async (store) => {
    await store.observe({ observations: [read("1", "a", { version: "v1" })] });
    await settle(store, await claimed(store), AGREED);
    assert.equal((await store.observe({ observations: [deleted("1", { version: "v2" })] })).changed, 1);
    const claim = await claimed(store);
    assert.equal(claim.record?.deleted, true);
    await settle(store, claim, AGREED);
    assert.equal((await store.observe({ observations: [deleted("1")] })).unchanged, 1);
    assert.equal(
      (await store.observe({ observations: [read("1", "a", { version: "v1", cause: "webhook" })] })).older,
      1,
    );
    assert.deepEqual(await claimedKeys(store), []);
    await store.observe({ observations: [read("1", "a", { version: "v3", cause: "webhook" })] });
    assert.equal((await claimed(store)).record?.deleted, false);
  });

  examine(makeFile, "records and deleted ones are counted", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("2", "a"), read("3", "a"), deleted("3"), deleted("2")] });
    await store.observe({ observations: [read("2", "a", { at: 20 }), read("2", "a", { at: 21 })] });
    const status = (await store.status()).resources.find(({ resource }) => resource === ORDERS);
    assert.deepEqual([status?.records, status?.deleted], [3, 1]);
  });

  examine(
    makeFile,
    "a person's wish notes a record that did not change, for the syncs that were named",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      await settle(store, await claimed(store), AGREED);
      await settle(store, await claimed(store, RECEIPTS), AGREED);
      const wish = read("1", "a", { cause: "person", priority: "person", evenUnchanged: true, onlySyncs: [RECEIPTS] });
      assert.deepEqual((await store.observe({ observations: [wish] })).syncs, [RECEIPTS]);
      assert.deepEqual(await claimedKeys(store), []);
      assert.equal((await claimed(store, RECEIPTS)).priority, "person");
    },
  );

  examine(makeFile, "a resource that keeps only hashes has no body", async (store) => {
    await store.observe({ observations: [read("1", "a", { seen: { kind: "record", hash: "a" } })] });
    const { record } = await claimed(store);
    assert.deepEqual(record, { hash: "a", deleted: false, stale: 0 });
  });

  examine(makeFile, "a body that was not kept before is kept when it is seen again", async (store) => {
    await store.observe({ observations: [read("1", "a", { seen: { kind: "record", hash: "a" } })] });
    assert.equal((await store.observe({ observations: [read("1", "a")] })).unchanged, 1);
    assert.equal((await store.record(ORDERS, "1"))?.body, '{"key":"1","hash":"a"}');
  });

  examine(makeFile, "a scan's state moves with its page, each kind by itself", async (store) => {
    assert.equal(await store.scan(ORDERS, "changes"), undefined);
    const state = { beganAt: 5, cursor: "page-2", since: 1, records: 250 };
    await store.observe({ observations: [read("1", "a")], scan: { resource: ORDERS, kind: "changes", state } });
    assert.deepEqual(await store.scan(ORDERS, "changes"), state);
    assert.equal(await store.scan(ORDERS, "everything"), undefined);
    await store.observe({ observations: [], scan: { resource: ORDERS, kind: "changes", state: { completeAt: 5 } } });
    assert.deepEqual(await store.scan(ORDERS, "changes"), { completeAt: 5 });
  });

  examine(makeFile, "how often a scan was begun anew is counted until one comes to its end", async (store) => {
    const counts: (number | undefined)[] = [];
    const scans = [
      { beganAt: 1, cursor: "2" },
      { beganAt: 9 },
      { beganAt: 9, cursor: "2" },
      { beganAt: 20 },
      { completeAt: 20 },
    ];
    for (const state of scans) {
      await store.observe({ observations: [], scan: { resource: ORDERS, kind: "everything", state } });
      counts.push((await store.scan(ORDERS, "everything"))?.begunAnew);
    }
    assert.deepEqual(counts, [undefined, 1, 1, 2, undefined]);
  });

  examine(makeFile, "a scan's state keeps every field it has, and only those", async (store) => {
    const states = [
      { beganAt: 5, cursor: "c", since: 1, completeAt: 2, records: 9, evenUnchanged: true, absent: 3 },
      { completeAt: 5, absent: 0, coveredUntil: 4, missedDeletionsAt: 3 },
      { beganAt: 6, evenUnchanged: false },
      { completeAt: 5, unreadable: [{ at: 5, place: "record 1", reason: "no number", excerpt: "{}" }] },
      {},
    ];
    for (const state of states) {
      await store.observe({ observations: [], scan: { resource: ORDERS, kind: "everything", state } });
      assert.deepEqual(await store.scan(ORDERS, "everything"), state);
    }
  });

  examine(makeFile, "records that no scan or poll has seen since are found in pages, in order", async (store) => {
    const keys = ["1", "2", "3", "4", "5", "6"];
    await store.observe({ observations: keys.map((key) => read(key, "a", { cause: "scan", at: 10 })) });
    await store.observe({ observations: [read("2", "a", { cause: "scan", at: 20 }), read("4", "b", { at: 25 })] });
    await store.observe({ observations: [deleted("6", { at: 15 }), changed("9", { at: 30 })] });
    assert.deepEqual(await store.unseenSince(ORDERS, 20, undefined, 2), ["1", "3"]);
    assert.deepEqual(await store.unseenSince(ORDERS, 20, "3", 2), ["5"]);
    assert.deepEqual(await store.unseenSince(ORDERS, 10, undefined, 10), []);
    assert.deepEqual(await store.unseenSince(CUSTOMERS, 99, undefined, 10), []);
  });

  examine(
    makeFile,
    "a listed record that is known with its version is unchanged; any other is left and named",
    async (store) => {
      const known = ["same", "newer", "doubted", "gone"].map((key) => read(key, "a", { version: "v1" }));
      await store.observe({ observations: [...known, read("unversioned", "a")] });
      await store.observe({ observations: [changed("doubted"), deleted("gone", { version: "v2" })] });
      const before = await store.status();
      const { differing, ...counts } = await store.observe({
        observations: [
          listed("same", "v1"),
          listed("newer", "v2"),
          listed("doubted", "v1"),
          listed("gone", "v2"),
          listed("unversioned", "v1"),
          listed("never seen", "v1"),
          listed("same", "v1", { evenUnchanged: true }),
          listed("same", "v1", { resource: CUSTOMERS }),
          listed("same", undefined),
        ],
        scan: { resource: ORDERS, kind: "everything", state: { beganAt: 20 } },
      });
      assert.deepEqual(counts, { changed: 0, unchanged: 1, older: 0, syncs: [], claimed: [], armed: [] });
      const expected = ["newer", "doubted", "gone", "unversioned", "never seen", "same", "same", "same"];
      assert.deepEqual(differing.toSorted(), expected.toSorted());
      const after = await store.status();
      assert.deepEqual(after.syncs, before.syncs);
      assert.deepEqual(after.tallies, { ...before.tallies, "scan.unchanged": 1 });
      assert.deepEqual(after.resources[0]?.records, before.resources[0]?.records);
      assert.deepEqual((await store.story("same")).length, 1);
    },
  );

  examine(
    makeFile,
    "each listed record is held to its own version, whatever its key is written with",
    async (store) => {
      const keys = ["a", "a\0b", 'a"b', "a\\b", "é😀", "1", "01", "1.0", "true", "null", "[2]"];
      await store.observe({ observations: keys.map((key) => read(key, "a", { version: `v${key}` })) });
      const shown = keys.toReversed().map((key) => listed(key, `v${key}`));
      const again = [listed("1", "v01"), listed("01", "v01"), listed("a", "vb")];
      const { unchanged, differing } = await store.observe({ observations: [...shown, ...again] });
      assert.deepEqual([unchanged, differing], [keys.length + 1, ["1", "a"]]);
    },
  );

  examine(makeFile, "a listed record was seen, for any number of records and in any order", async (store) => {
    const keys = Array.from({ length: 700 }, (_nothing, index) => String(index).padStart(4, "0"));
    await store.observe({ observations: keys.map((key) => read(key, "a", { version: "v1" })) });
    const shown = keys.filter((_key, index) => index % 3 !== 0);
    const observations = shown.toReversed().map((key) => listed(key, "v1", { at: 20.5 }));
    assert.equal((await store.observe({ observations })).unchanged, shown.length);
    await store.observe({
      observations: [listed("0001", "v1", { at: 15 }), listed("0000", "v1", { cause: "webhook" })],
    });
    const hidden = keys.filter((key) => !shown.includes(key));
    assert.deepEqual(await store.unseenSince(ORDERS, 20.5, undefined, 999), hidden);
    assert.deepEqual(await store.unseenSince(ORDERS, 20.75, undefined, 999), keys);
    await store.observe({
      observations: [read("0000", "b", { at: 30 }), read("0003", "a", { cause: "scan", at: 30 })],
    });
    assert.deepEqual(await store.unseenSince(ORDERS, 20.5, undefined, 999), hidden.slice(2));
  });

  examine(
    makeFile,
    "among many records the last is found that was not seen, and others come in between",
    async (store) => {
      const keys = Array.from({ length: 12_000 }, (_nothing, index) => String(index).padStart(5, "0"));
      await store.observe({ observations: keys.map((key) => read(key, "a", { at: key === "11999" ? 10 : 30 })) });
      const ended: string[] = [];
      const search = store.unseenSince(ORDERS, 20, undefined, 10).then((found) => ended.push(...found));
      await Promise.all([search, store.nextDue([INVOICES]).then(() => ended.push("another call"))]);
      assert.deepEqual(ended, ["another call", "11999"]);
    },
  );

  examine(makeFile, "a record that a webhook told of during the scan is not taken for gone", async (store) => {
    await store.observe({ observations: [read("1", "a", { cause: "webhook", at: 30 })] });
    assert.deepEqual(await store.unseenSince(ORDERS, 20, undefined, 10), []);
  });

  examine(makeFile, "a batch that fails leaves nothing of itself", async (store) => {
    const batch = { observations: [read("1", "a"), read("2", "a", { resource: "nobody/nothing" })] };
    await assert.rejects(store.observe(batch), /resource nobody\/nothing/);
    assert.equal(await store.record(ORDERS, "1"), undefined);
    assert.equal((await syncStatus(store)).ready, 0);
    assert.equal(await tally(store, "poll.changed"), 0);
  });

  examine(makeFile, "a call that fails takes no other call of its turn with it", async (store) => {
    const [good, bad, alsoGood] = await Promise.allSettled([
      store.observe({ observations: [read("1", "a")] }),
      store.observe({ observations: [read("2", "a", { resource: "nobody/nothing" })] }),
      store.observe({ observations: [read("3", "a")] }),
    ]);
    assert.deepEqual([good.status, bad.status, alsoGood.status], ["fulfilled", "rejected", "fulfilled"]);
    assert.deepEqual(await claimedKeys(store), ["1", "3"]);
    assert.equal(await tally(store, "poll.changed"), 2);
  });

  examine(makeFile, "a cursor does not move while records of its page are differing", async (store) => {
    await store.observe({ observations: [read("1", "a", { version: "v1" })] });
    const scan = { resource: ORDERS, kind: "everything", state: { beganAt: 10, cursor: "2" } } as const;
    const page = [listed("1", "v1"), listed("2", "v1")];
    assert.deepEqual((await store.observe({ observations: page, scan })).differing, ["2"]);
    assert.equal(await store.scan(ORDERS, "everything"), undefined);
    await store.observe({ observations: [read("2", "b", { version: "v1" })], scan });
    assert.deepEqual(await store.scan(ORDERS, "everything"), { beganAt: 10, cursor: "2" });
  });
}
