// Noting: one row a (sync, record); what a fresh edit does to a row in each state.
import assert from "node:assert/strict";
import {
  AGREED,
  BUYERS,
  DECLARATION,
  INVOICES,
  LINK,
  PARKED,
  WRITE,
  changed,
  claimed,
  claimedKeys,
  examine,
  read,
  settle,
  syncStatus,
  type MakeFile,
} from "./fixture.ts";

export function noteExam(makeFile: MakeFile): void {
  examine(makeFile, "ten edits are one row, as old as the first and as urgent as the most urgent", async (store) => {
    await store.observe({ observations: [read("1", "a", { at: 1, priority: "backfill" })] });
    for (let edit = 2; edit <= 10; edit += 1) {
      const priority = edit === 5 ? "live" : "scheduled";
      await store.observe({ observations: [read("1", `a${edit}`, { at: edit, priority })] });
    }
    const claim = await claimed(store);
    assert.deepEqual([claim.notedAt, claim.priority, claim.record?.hash], [1, "live", "a10"]);
  });

  examine(
    makeFile,
    "a row noted again while it was held is ready again after it is cleared, and its link is saved",
    async (store) => {
      await store.observe({ observations: [read("1", "a", { at: 1 })] });
      const claim = await claimed(store);
      await store.observe({ observations: [read("1", "b", { at: 20 })] });
      assert.deepEqual(await settle(store, claim, { to: "cleared", why: "confirmed", action: "create", link: LINK }), [
        INVOICES,
      ]);
      const again = await claimed(store);
      assert.ok(again.seq > claim.seq);
      assert.deepEqual([again.notedAt, again.record?.hash, again.link], [20, "b", LINK]);
      await settle(store, again, AGREED);
      assert.deepEqual(await claimedKeys(store), []);
    },
  );

  examine(makeFile, "a note that was undone does not count against who holds the row", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const claim = await claimed(store);
    await settle(store, claim, { to: "sending", write: WRITE });
    const nobody = read("2", "a", { resource: "nobody/nothing" });
    await assert.rejects(store.observe({ observations: [read("1", "b"), nobody] }));
    assert.deepEqual(await settle(store, claim, AGREED), []);
    assert.equal((await syncStatus(store)).ready, 0);
  });

  examine(makeFile, "an edit wakes a row that waits for a link", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const on = { sync: BUYERS, key: "c1" };
    const claim = await claimed(store);
    await settle(store, claim, { to: "waiting", until: 9000, reason: "no customer", attempts: 0, waits: 1, on });
    assert.deepEqual(await claimedKeys(store), []);
    await store.observe({ observations: [read("1", "b")] });
    assert.equal((await claimed(store)).state, "ready");
  });

  examine(
    makeFile,
    "an edit that came while its sync was not in the project wakes a parked row and one that waits for a link",
    async (store) => {
      await store.observe({ observations: [read("edited", "a"), read("doubted", "a"), read("same", "a")] });
      for (const claim of await store.claim({ sync: INVOICES, limit: 3, at: 20 })) await settle(store, claim, PARKED);
      await store.observe({ observations: [read("waits", "a")] });
      const on = { sync: BUYERS, key: "c1" };
      const waiting = { to: "waiting", until: 9000, reason: "no customer", attempts: 0, waits: 1, on } as const;
      await settle(store, await claimed(store), waiting);
      await store.declare({ ...DECLARATION, syncs: DECLARATION.syncs.filter(({ name }) => name !== INVOICES), at: 60 });
      const edits = ["edited", "waits"].map((key) => read(key, "mended", { at: 70 }));
      await store.observe({ observations: [...edits, changed("doubted", { at: 70 })] });
      await store.declare({ ...DECLARATION, at: 80 });
      const claims = await store.claim({ sync: INVOICES, limit: 10, at: 80 });
      assert.deepEqual(claims.map(({ key, state, attempts }) => `${key} ${state} ${attempts}`).toSorted(), [
        "doubted ready 0",
        "edited ready 0",
        "waits ready 0",
      ]);
      assert.deepEqual(
        (await store.parked({})).map(({ key }) => key),
        ["same"],
        "nobody told of anything that may have mended it",
      );
    },
  );

  examine(makeFile, "an edit does not cut a row's backoff short", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), { to: "waiting", until: 2000, reason: "busy", attempts: 2, waits: 0 });
    await store.observe({ observations: [changed("1", { priority: "person" })] });
    assert.deepEqual(await claimedKeys(store, INVOICES, 1999), []);
    const claim = await claimed(store, INVOICES, 2000);
    assert.deepEqual([claim.state, claim.attempts, claim.priority], ["waiting", 2, "person"]);
  });

  examine(makeFile, "an edit does not touch a write that is being sent or whose outcome is unknown", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const claim = await claimed(store);
    await settle(store, claim, { to: "sending", write: WRITE });
    await store.observe({ observations: [read("1", "b")] });
    assert.equal((await syncStatus(store)).sending, 1);
    await settle(store, claim, { to: "unknown", until: 2000, reason: "timeout", write: WRITE, attempts: 1 });
    await store.observe({ observations: [read("1", "c")] });
    const { state, write } = await claimed(store, INVOICES, 2000);
    assert.deepEqual([state, write], ["unknown", WRITE]);
  });

  examine(makeFile, "an edit gives a parked row another chance, with its attempts at 0", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), { to: "waiting", until: 60, reason: "busy", attempts: 4, waits: 2 });
    await settle(store, await claimed(store), PARKED);
    assert.deepEqual(await claimedKeys(store), []);
    await store.observe({ observations: [read("1", "b", { at: 70 })] });
    const claim = await claimed(store);
    assert.deepEqual([claim.state, claim.attempts, claim.waits, claim.notedAt], ["ready", 0, 0, 70]);
    assert.deepEqual(await store.parked({}), []);
  });

  examine(makeFile, "an edit of a parked row that holds an unresolved write has it resolved first", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), { ...PARKED, cause: "unknown-outcome", write: WRITE });
    await store.observe({ observations: [read("1", "b", { at: 70 })] });
    const claim = await claimed(store, INVOICES, 70);
    assert.deepEqual([claim.state, claim.write], ["unknown", WRITE]);
  });
}
