// What is claimed in the transaction that first sees it, and what is armed there besides.
import assert from "node:assert/strict";
import type { Claim } from "../store.ts";
import {
  AGREED,
  INVOICES,
  LINK,
  RECEIPTS,
  WRITE,
  changed,
  claimed,
  claimedKeys,
  deleted,
  examine,
  read,
  settle,
  syncStatus,
  type MakeFile,
} from "./fixture.ts";

function claimAtOnce(key: string, record: Claim["record"]): object {
  const common = { sync: INVOICES, seq: 1, state: "ready", priority: "scheduled", notedAt: 10, attempts: 0, waits: 0 };
  return { ...common, key, record };
}

/** As if its claim had been answered. */
function claimOf(key: string): Claim {
  return { sync: INVOICES, key, seq: 1, state: "ready", priority: "scheduled", notedAt: 10, attempts: 0, waits: 0 };
}

const creations = (...keys: readonly string[]) => new Map(keys.map((key) => [key, { ...WRITE, id: `write-${key}` }]));

export function atOnceExam(makeFile: MakeFile): void {
  examine(
    makeFile,
    "new records are claimed at once for who waits for them, up to the limit, and for nobody else",
    async (store) => {
      const observations = [
        read("1", "a", { version: "v1" }),
        read("2", "b"),
        changed("3"),
        deleted("4"),
        read("5", "e"),
      ];
      const counts = await store.observe({ observations, claim: [{ sync: INVOICES, limit: 2 }] });
      assert.deepEqual(counts.claimed, [
        claimAtOnce("1", { version: "v1", hash: "a", title: "#1", deleted: false, stale: 0 }),
        claimAtOnce("2", { hash: "b", title: "#2", deleted: false, stale: 0 }),
      ]);
      assert.deepEqual(counts.syncs, [RECEIPTS, INVOICES]);
      assert.deepEqual(await claimedKeys(store), ["3", "4", "5"]);
      assert.equal((await claimedKeys(store, RECEIPTS)).length, 5);
    },
  );

  examine(
    makeFile,
    "what was claimed at once is settled as any claim, and noted again while it is held it stays",
    async (store) => {
      const observations = [read("1", "a"), read("2", "b")];
      const { claimed: claims, syncs } = await store.observe({ observations, claim: [{ sync: INVOICES, limit: 9 }] });
      assert.deepEqual(syncs, [RECEIPTS]);
      await store.observe({ observations: [read("2", "c", { at: 11 })], claim: [{ sync: INVOICES, limit: 9 }] });
      for (const claim of claims) await settle(store, claim, AGREED);
      assert.deepEqual(await claimedKeys(store), ["2"]);
    },
  );

  examine(makeFile, "what was claimed at once is due again when the file is opened again", async (store, file) => {
    await store.observe({ observations: [read("1", "a")], claim: [{ sync: INVOICES, limit: 9 }] });
    assert.deepEqual(await claimedKeys(store), []);
    await store.close();
    const again = await file.open();
    assert.deepEqual(await claimedKeys(again), ["1"]);
    await again.close();
  });

  examine(makeFile, "a batch that cannot be made durable claims nothing", async (store) => {
    const bad = { ...read("2", "b"), key: null as unknown as string };
    const observations = [read("1", "a"), bad];
    await assert.rejects(store.observe({ observations, claim: [{ sync: INVOICES, limit: 9 }] }));
    await store.observe({ observations: [read("1", "a")] });
    assert.deepEqual(await claimedKeys(store), ["1"]);
  });

  examine(makeFile, "what is to be created for a new record is armed where it is first seen", async (store) => {
    const observations = [read("1", "a"), read("2", "b"), read("3", "c")];
    const claim = [{ sync: INVOICES, limit: 2, creations: creations("1", "3") }];
    const { claimed: claims, armed, syncs } = await store.observe({ observations, claim });
    assert.deepEqual(armed, [{ sync: INVOICES, keys: ["1"] }]);
    assert.deepEqual(
      claims.map(({ key }) => key),
      ["2"],
    );
    assert.deepEqual(syncs, [RECEIPTS, INVOICES], "the third is beyond the limit, and left");
    const { ready, sending } = await syncStatus(store);
    assert.deepEqual({ ready, sending }, { ready: 2, sending: 1 });
    assert.deepEqual(await claimedKeys(store), ["3"]);
  });

  examine(makeFile, "what was armed at once is confirmed with the fields that are in the file", async (store) => {
    const claim = [{ sync: INVOICES, limit: 9, creations: creations("1") }];
    await store.observe({ observations: [read("1", "a")], claim });
    const { base: _base, ...link } = LINK;
    await settle(store, claimOf("1"), { to: "cleared", why: "confirmed", action: "create", link }, 60);
    await store.observe({ observations: [read("1", "b", { at: 70 })] });
    assert.deepEqual((await claimed(store)).link, LINK);
    const story = await store.story("1");
    const told = story.filter(({ sync }) => sync === INVOICES).map(({ what, text }) => `${what} ${text}`);
    assert.deepEqual(told.slice(0, 2), ["sending create", "cleared confirmed: create"]);
  });

  examine(makeFile, "nothing is armed for a record that somebody knew, or whose other sync reads it", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    for (const key of await claimedKeys(store)) await settle(store, claimOf(key), AGREED);
    const claim = [{ sync: INVOICES, limit: 9, creations: creations("1", "2") }];
    const observations = [read("1", "b", { at: 20 }), read("2", "b", { onlySyncs: [RECEIPTS] })];
    assert.deepEqual((await store.observe({ observations, claim })).armed, []);
    assert.equal((await syncStatus(store)).sending, 0);
  });

  examine(
    makeFile,
    "what was armed at once and not answered is unknown after a start, with its write",
    async (store, file) => {
      const claim = [{ sync: INVOICES, limit: 9, creations: creations("1") }];
      await store.observe({ observations: [read("1", "a")], claim });
      await store.close();
      const again = await file.open();
      assert.equal(await again.recover(100), 1);
      const recovered = await claimed(again, INVOICES, 100);
      assert.equal(recovered.state, "unknown");
      assert.deepEqual(recovered.write, { ...WRITE, id: "write-1" });
      await again.close();
    },
  );

  examine(makeFile, "a record that is listed twice on its first page is armed once, and noted again", async (store) => {
    const claim = [{ sync: INVOICES, limit: 9, creations: creations("1") }];
    const observations = [read("1", "a"), read("1", "b", { at: 11 })];
    assert.deepEqual((await store.observe({ observations, claim })).armed, [{ sync: INVOICES, keys: ["1"] }]);
    const { base: _base, ...link } = LINK;
    await settle(store, claimOf("1"), { to: "cleared", why: "confirmed", action: "create", link }, 60);
    assert.equal((await claimed(store)).record?.hash, "b");
  });
}
