// Settling: what each settlement leaves behind, and what it leaves when the row was noted again meanwhile.
import assert from "node:assert/strict";
import {
  AGREED,
  BUYERS,
  CUSTOMERS,
  INVOICES,
  LINK,
  PARKED,
  WRITE,
  claimed,
  claimedKeys,
  examine,
  read,
  settle,
  settlement,
  syncStatus,
  tally,
  type MakeFile,
} from "./fixture.ts";

const REQUEST = {
  connection: "books",
  at: 45,
  method: "POST",
  url: "https://books.test/invoice",
  status: 200,
  outcome: "done",
  durationMs: 12.5,
  sync: INVOICES,
  key: "1",
  requestBody: '{"DocNumber":"#1"}',
} as const;

export function settleExam(makeFile: MakeFile): void {
  examine(makeFile, "a confirmed write clears the row with its link, its requests and its counts", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const claim = await claimed(store);
    await settle(store, claim, { to: "sending", write: WRITE });
    assert.equal((await syncStatus(store)).sending, 1);
    assert.deepEqual(await claimedKeys(store), [], "what is being sent is nobody else's");
    const fate = { to: "cleared", why: "confirmed", action: "create", link: LINK, requests: [REQUEST] } as const;
    assert.deepEqual(await settle(store, claim, fate, 60), []);
    const { ready, sending, links, lastClearedAt } = await syncStatus(store);
    assert.deepEqual({ ready, sending, links, lastClearedAt }, { ready: 0, sending: 0, links: 1, lastClearedAt: 60 });
    const [request] = await store.requests({ sync: INVOICES, key: "1" });
    assert.deepEqual(request, { id: request?.id, ...REQUEST });
    for (const name of ["cleared.confirmed", "written.create", "request.done"])
      assert.equal(await tally(store, name), 1);
  });

  examine(makeFile, "a write that is waiting or unknown keeps its bytes and its id", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), {
      to: "unknown",
      until: 60,
      reason: "timeout",
      write: WRITE,
      attempts: 1,
    });
    const unknown = await claimed(store, INVOICES, 60);
    assert.deepEqual([unknown.state, unknown.write, unknown.attempts], ["unknown", WRITE, 1]);
    const fate = { to: "waiting", until: 80, reason: "throttled", attempts: 1, waits: 3, write: WRITE } as const;
    await settle(store, unknown, fate);
    const waiting = await claimed(store, INVOICES, 80);
    assert.deepEqual([waiting.state, waiting.write, waiting.waits], ["waiting", WRITE, 3]);
  });

  examine(makeFile, "a row given back is as it was", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), {
      to: "unknown",
      until: 60,
      reason: "timeout",
      write: WRITE,
      attempts: 1,
    });
    const claim = await claimed(store, INVOICES, 60);
    assert.deepEqual(await settle(store, claim, { to: "ready" }), []);
    assert.deepEqual(await claimed(store, INVOICES, 60), claim);
  });

  examine(
    makeFile,
    "a write that was armed and given back may have been sent: its outcome is unknown",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      const claim = await claimed(store);
      await settle(store, claim, { to: "sending", write: WRITE });
      await settle(store, claim, { to: "ready" }, 70);
      const { state, write } = await claimed(store, INVOICES, 70);
      assert.deepEqual([state, write], ["unknown", WRITE]);
    },
  );

  examine(makeFile, "a time may have a part of a millisecond, as random delays have", async (store) => {
    await store.observe({ observations: [read("1", "a", { at: 10.25 })] });
    await settle(
      store,
      await claimed(store),
      { to: "waiting", until: 60.5, reason: "busy", attempts: 1, waits: 0 },
      20.5,
    );
    assert.equal(await store.nextDue([INVOICES]), 60.5);
    assert.deepEqual(await claimedKeys(store, INVOICES, 60.25), []);
    assert.equal((await claimed(store, INVOICES, 60.5)).notedAt, 10.25);
  });

  examine(makeFile, "after a clock was set back, what it told to wait for a year is due at once", async (store) => {
    const [hourMs, yearMs] = [3_600_000, 365 * 86_400_000];
    await store.observe({ observations: [read("1", "a"), read("2", "a"), read("3", "a")] });
    const waits = { to: "waiting", reason: "the provider is down", attempts: 1, waits: 0 } as const;
    const [one, two, three] = await store.claim({ sync: INVOICES, limit: 3, at: 1000 });
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    await settle(store, one, { ...waits, until: yearMs + 60_000 }, yearMs);
    await settle(store, two, { ...waits, until: hourMs });
    await settle(
      store,
      three,
      { to: "unknown", until: yearMs + 60_000, reason: "cut", write: WRITE, attempts: 1 },
      yearMs,
    );
    assert.deepEqual(await store.shortenWaits(1000), [INVOICES]);
    assert.deepEqual(await store.shortenWaits(1000), []);
    assert.deepEqual((await claimedKeys(store, INVOICES, 1000)).toSorted(), [one.key, three.key].toSorted());
    assert.equal(await store.nextDue([INVOICES]), hourMs);
  });

  examine(makeFile, "after a start, what was being sent is unknown and due at once", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("2", "a")] });
    for (const claim of await store.claim({ sync: INVOICES, limit: 1, at: 1000 })) {
      await settle(store, claim, { to: "sending", write: WRITE });
    }
    assert.equal(await store.recover(500), 1);
    assert.equal(await store.recover(500), 0);
    assert.equal(await store.nextDue([INVOICES]), 500);
    const [unknown] = await store.claim({ sync: INVOICES, limit: 2, at: 500 });
    assert.ok(unknown !== undefined);
  });

  examine(
    makeFile,
    "noted again while held: parked becomes ready, an unresolved write is resolved first",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      const claim = await claimed(store);
      await store.observe({ observations: [read("1", "b")] });
      assert.deepEqual(await settle(store, claim, PARKED), [INVOICES]);
      const again = await claimed(store);
      assert.deepEqual([again.state, again.attempts], ["ready", 0]);
      await store.observe({ observations: [read("1", "c")] });
      await settle(store, again, { ...PARKED, write: WRITE }, 70);
      assert.equal((await claimed(store, INVOICES, 70)).state, "unknown");
      assert.equal((await syncStatus(store)).parked, 0);
    },
  );

  examine(makeFile, "noted again while held: waiting and unknown keep their time", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const claim = await claimed(store);
    await store.observe({ observations: [read("1", "b")] });
    await settle(store, claim, { to: "waiting", until: 2000, reason: "busy", attempts: 1, waits: 0 });
    assert.deepEqual(await claimedKeys(store, INVOICES, 1999), []);
    const due = await claimed(store, INVOICES, 2000);
    await store.observe({ observations: [read("1", "c")] });
    await settle(store, due, { to: "unknown", until: 3000, reason: "timeout", write: WRITE, attempts: 1 });
    assert.deepEqual(await claimedKeys(store, INVOICES, 2999), []);
    assert.equal((await claimed(store, INVOICES, 3000)).state, "unknown");
  });

  examine(
    makeFile,
    "noted again while held: it does not wait for a link that the edit may have changed",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      const claim = await claimed(store);
      await store.observe({ observations: [read("1", "b")] });
      const on = { sync: BUYERS, key: "c1" };
      const fate = { to: "waiting", until: 9000, reason: "no customer", attempts: 0, waits: 1, on } as const;
      assert.deepEqual(await settle(store, claim, fate), [INVOICES]);
      assert.equal((await claimed(store)).state, "ready");
    },
  );

  examine(makeFile, "a settled batch is all or nothing, and its claims stay held", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("2", "a"), read("c", "a", { resource: CUSTOMERS })] });
    const [one, two] = await store.claim({ sync: INVOICES, limit: 2, at: 1000 });
    assert.ok(one !== undefined && two !== undefined);
    const cleared = { to: "cleared", why: "confirmed", link: LINK } as const;
    await assert.rejects(store.settle([settlement(one, cleared), settlement(two, cleared)]));
    assert.equal((await syncStatus(store)).links, 0);
    assert.deepEqual(await claimedKeys(store), []);
    await settle(store, one, AGREED);
    await settle(store, two, AGREED);
    assert.equal((await syncStatus(store)).ready, 0);
  });
}
