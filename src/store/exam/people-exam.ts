// What people see and do: parked rows, corrections, links by hand, the record's story, pruning.
import assert from "node:assert/strict";
import type { Pruned, Store } from "../store.ts";
import {
  AGREED,
  INVOICES,
  LINK,
  ORDERS,
  PARKED,
  WRITE,
  arrival,
  claimed,
  claimedKeys,
  examine,
  read,
  settle,
  syncStatus,
  type MakeFile,
} from "./fixture.ts";

async function park(store: Store, key: string, fate: Parameters<typeof settle>[2] = PARKED, at = 50): Promise<void> {
  await store.observe({ observations: [read(key, "a")] });
  await settle(store, await claimed(store), fate, at);
}

export function peopleExam(makeFile: MakeFile): void {
  examine(makeFile, "a parked row says why, what to do and since when, and is found by its filter", async (store) => {
    await park(store, "1", { ...PARKED, detail: { field: "Customer", value: null } }, 70);
    await park(store, "2", { ...PARKED, cause: "invalid" }, 60);
    const [, first] = await store.parked({});
    assert.deepEqual(first, {
      sync: INVOICES,
      key: "1",
      title: "#1",
      cause: "mapping",
      reason: "no customer",
      todo: "add one",
      detail: { field: "Customer", value: null },
      since: 70,
      attempts: 0,
    });
    const found = async (filter: Parameters<Store["parked"]>[0]) => (await store.parked(filter)).map(({ key }) => key);
    assert.deepEqual(await found({ sync: INVOICES }), ["2", "1"]);
    assert.deepEqual(await found({ cause: "invalid" }), ["2"]);
    assert.deepEqual(await found({ key: "1" }), ["1"]);
    assert.deepEqual(await found({ limit: 1 }), ["2"]);
    assert.deepEqual(await found({ sync: "no-such-sync" }), []);
  });

  examine(
    makeFile,
    "parked rows are counted by sync and cause, each with the one that waits longest",
    async (store) => {
      assert.deepEqual(await store.parkedGroups(), []);
      for (const [key, at] of [
        ["1", 70],
        ["2", 60],
        ["3", 90],
      ] as const) {
        await park(store, key, PARKED, at);
      }
      await park(store, "4", { ...PARKED, cause: "invalid" }, 80);
      const first = { key: "2", title: "#2", reason: "no customer", todo: "add one" };
      assert.deepEqual(await store.parkedGroups(), [
        { sync: INVOICES, cause: "mapping", count: 3, since: 60, first },
        { sync: INVOICES, cause: "invalid", count: 1, since: 80, first: { ...first, key: "4", title: "#4" } },
      ]);
    },
  );

  examine(makeFile, "a retried row is ready for a person, its write resolved first", async (store) => {
    await park(store, "1");
    await park(store, "2", { ...PARKED, cause: "unknown-outcome", write: WRITE });
    assert.deepEqual(await store.retryParked({}, 90), [
      { sync: INVOICES, key: "1" },
      { sync: INVOICES, key: "2" },
    ]);
    const claims = await store.claim({ sync: INVOICES, limit: 5, at: 90 });
    assert.deepEqual(
      claims.map(({ key, state, priority, attempts }) => [key, state, priority, attempts]),
      [
        ["1", "ready", "person", 0],
        ["2", "unknown", "person", 0],
      ],
    );
  });

  examine(makeFile, "a discarded row is gone until its record changes", async (store) => {
    await park(store, "1");
    assert.deepEqual(await store.discardParked({ key: "1" }, 90, "a test order"), [{ sync: INVOICES, key: "1" }]);
    assert.deepEqual(await store.parked({}), []);
    assert.deepEqual(await claimedKeys(store), []);
    await store.observe({ observations: [read("1", "b")] });
    assert.deepEqual(await claimedKeys(store), ["1"]);
  });

  examine(makeFile, "a correction stays until it is taken back, and has the record reconciled", async (store) => {
    await park(store, "1");
    await store.correct(INVOICES, "1", { Memo: "x", Rate: 1 }, 90);
    const claim = await claimed(store);
    assert.deepEqual([claim.priority, claim.corrections], ["person", { Memo: "x", Rate: 1 }]);
    await settle(store, claim, AGREED);
    await store.correct(INVOICES, "1", { Memo: null }, 95);
    const again = await claimed(store);
    assert.deepEqual(again.corrections, { Rate: 1 });
    await settle(store, again, AGREED);
    await store.correct(INVOICES, "1", { Rate: null }, 99);
    assert.equal((await claimed(store)).corrections, undefined);
    await assert.rejects(store.correct(INVOICES, "nobody", { Memo: "x" }, 99), /orders-to-invoices nobody/);
  });

  examine(makeFile, "a link made by hand wakes the row and settles its unknown write", async (store) => {
    await park(store, "1", { ...PARKED, cause: "unknown-outcome", write: WRITE });
    await store.linkByHand(INVOICES, "1", "T9", 90);
    const claim = await claimed(store);
    assert.deepEqual([claim.state, claim.link?.targetKey, claim.write], ["ready", "T9", undefined]);
    await settle(store, claim, { to: "sending", write: WRITE });
    const notNow = { name: "NotForRecord", why: "not-now" };
    await assert.rejects(store.linkByHand(INVOICES, "1", "T8", 95), { ...notNow, message: /is sending/ });
  });

  examine(
    makeFile,
    "a row that somebody holds is not linked by hand, for they may have decided to create it",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      const claim = await claimed(store);
      const busy = { name: "NotForRecord", why: "not-now", message: /1 is being worked on; try again soon/ };
      await assert.rejects(store.linkByHand(INVOICES, "1", "T9", 90), busy);
      await settle(store, claim, { to: "ready" });
      await store.linkByHand(INVOICES, "1", "T9", 95);
      assert.equal((await claimed(store)).link?.targetKey, "T9");
      const nobody = { name: "NotForRecord", why: "unknown-record" };
      await assert.rejects(store.linkByHand(INVOICES, "nobody", "T9", 99), nobody);
    },
  );

  examine(makeFile, "the story tells all in time order, by key, title or the other side's key", async (store) => {
    await store.ingest([arrival("delivery-1", { at: 5 })]);
    await store.observe({ observations: [read("1", "a", { cause: "webhook", at: 10, arrival: 1 })], arrivalsUpTo: 1 });
    const claim = await claimed(store);
    await settle(store, claim, { to: "sending", write: WRITE }, 20);
    const request = {
      connection: "books",
      at: 25,
      method: "POST",
      url: "/invoice",
      status: 200,
      outcome: "done",
      durationMs: 5,
      sync: INVOICES,
      key: "1",
    };
    await settle(
      store,
      claim,
      { to: "cleared", why: "confirmed", action: "create", link: LINK, requests: [request] },
      30,
    );
    await store.correct(INVOICES, "1", { Memo: "x" }, 40);
    await settle(store, await claimed(store), PARKED, 50);
    await store.discardParked({}, 60, "enough");
    const story = await store.story("1");
    assert.deepEqual(
      story.map(({ at, what }) => [at, what]),
      [
        [10, "noted"],
        [20, "sending"],
        [25, "request"],
        [30, "cleared"],
        [40, "corrected"],
        [50, "parked"],
        [60, "discarded"],
      ],
    );
    assert.match(story[0]?.text ?? "", /webhook.*delivery-1/);
    assert.deepEqual(await store.story("#1"), story);
    assert.deepEqual(await store.story("T1"), story);
    assert.deepEqual(await store.story("nothing"), []);
  });

  examine(
    makeFile,
    "the story tells each write that was sent, also when it is not known what came of it",
    async (store) => {
      const sent = async () => {
        const story = await store.story("1");
        return story.filter(({ what }) => what === "sending").map(({ at, text }) => [at, text]);
      };
      await store.observe({ observations: [read("1", "a")] });
      const claim = await claimed(store);
      await settle(store, claim, { to: "sending", write: WRITE }, 20);
      assert.deepEqual(await sent(), [[20, "create"]]);
      await settle(store, claim, { to: "sending", write: { ...WRITE, action: "update", targetKey: "T1" } }, 21);
      await store.recover(30);
      const unknown = await claimed(store, INVOICES, 30);
      await settle(store, unknown, { to: "sending", write: { ...WRITE, sends: 2 } }, 40);
      const fate = { to: "unknown", until: 60, reason: "timeout", write: WRITE, attempts: 1 } as const;
      await settle(store, unknown, fate, 45);
      const told = [
        [20, "create"],
        [21, "update"],
        [40, "create"],
      ];
      assert.deepEqual(await sent(), told);
      await settle(store, await claimed(store, INVOICES, 60), { to: "cleared", why: "confirmed", link: LINK }, 61);
      assert.deepEqual(await sent(), told);
    },
  );

  examine(makeFile, "the status tells how old the oldest waiting row is, parked ones aside", async (store) => {
    await store.observe({ observations: [read("1", "a", { at: 5 })] });
    await settle(store, await claimed(store), PARKED);
    assert.equal((await syncStatus(store)).oldestNotedAt, undefined);
    await store.observe({ observations: [read("2", "a", { at: 8 }), read("3", "a", { at: 7, priority: "backfill" })] });
    assert.equal((await syncStatus(store)).oldestNotedAt, 7);
    const { ready, parked } = await syncStatus(store);
    assert.deepEqual([ready, parked], [2, 1]);
  });

  examine(makeFile, "pruning takes away what is old, in slices, and never what nobody took up", async (store) => {
    await store.ingest(["a", "b", "c", "d"].map((id, at) => arrival(id, { at })));
    await store.observe({ observations: [read("1", "a", { at: 4 })], arrivalsUpTo: 2 });
    await store.log([{ connection: "shop", at: 5, method: "GET", url: "/", outcome: "done", durationMs: 1 }]);
    const slices: Pruned[] = [];
    do slices.push(await store.prune({ before: 100, rowsMax: 2 }));
    while (slices.at(-1)?.isAll === false);
    // Two arrivals, a note and a request.
    assert.deepEqual(
      slices.map(({ rows }) => rows),
      [2, 2, 0],
    );
    assert.deepEqual(
      (await store.arrivals(9)).map(({ dedupeId }) => dedupeId),
      ["c", "d"],
    );
    assert.deepEqual(await store.requests({}), []);
    assert.ok((await store.record(ORDERS, "1")) !== undefined, "records stay");
    assert.deepEqual(await claimedKeys(store), ["1"]);
  });

  examine(
    makeFile,
    "what a clock that was ahead left goes with what came after it, and keeps nothing from going",
    async (store) => {
      const log = (count: number, at: number) =>
        store.log(
          Array.from({ length: count }, () => {
            return { connection: "shop", at, method: "GET", url: "/", outcome: "done", durationMs: 1 } as const;
          }),
        );
      const times = async () => (await store.requests({ limit: 1_000 })).map(({ at }) => at).toReversed();
      const prune = async (before: number) => {
        for (let slice = 0; slice < 20; slice += 1) await store.prune({ before, rowsMax: 10 });
      };
      await log(1, 10);
      await log(50, 9_000);
      await log(2, 20);
      await log(1, 30);
      await prune(20);
      assert.deepEqual(
        [(await times()).length, (await times()).slice(-3)],
        [53, [20, 20, 30]],
        "as new as what follows",
      );
      await prune(30);
      assert.deepEqual(await times(), [30]);
    },
  );

  examine(makeFile, "an arrival after pruning is given out, whatever was taken away before it", async (store) => {
    await store.ingest([arrival("a")]);
    const [first] = await store.arrivals(1);
    await store.observe({ observations: [], arrivalsUpTo: first?.id ?? 0 });
    await store.prune({ before: 100, rowsMax: 100 });
    await store.ingest([arrival("b")]);
    assert.deepEqual(
      (await store.arrivals(9)).map(({ dedupeId }) => dedupeId),
      ["b"],
    );
  });
}
