// Arrivals: kept once, given out until they were taken up, again when replayed.
import assert from "node:assert/strict";
import type { Store } from "../store.ts";
import { arrival, examine, read, tally, type MakeFile } from "./fixture.ts";

async function waitingIds(store: Store, limit = 100): Promise<readonly string[]> {
  return (await store.arrivals(limit)).map(({ dedupeId }) => dedupeId);
}

/** Takes up what waits, as the observer of webhooks does. */
async function takeUp(store: Store): Promise<void> {
  const last = (await store.arrivals(100)).at(-1);
  if (last !== undefined) await store.observe({ observations: [], arrivalsUpTo: last.id });
}

export function ingestExam(makeFile: MakeFile): void {
  examine(makeFile, "an arrival is kept as it came, byte for byte", async (store) => {
    const body = Uint8Array.from({ length: 256 }, (_nothing, at) => at);
    assert.deepEqual(await store.ingest([arrival("a", { body, at: 7, headers: { "x-topic": "orders" } })]), ["new"]);
    const [kept] = await store.arrivals(10);
    assert.ok(kept !== undefined);
    assert.deepEqual([...kept.body], [...body]);
    assert.deepEqual(
      { ...kept, body: null, id: 0 },
      {
        id: 0,
        connection: "shop",
        dedupeId: "a",
        at: 7,
        headers: { "x-topic": "orders" },
        body: null,
      },
    );
  });

  examine(makeFile, "a body that lies within a larger buffer is kept without its surroundings", async (store) => {
    await store.ingest([arrival("a", { body: Buffer.from("<<inside>>").subarray(2, 8) })]);
    const [kept] = await store.arrivals(10);
    assert.equal(Buffer.from(kept?.body ?? []).toString(), "inside");
  });

  examine(makeFile, "the same delivery is new once, in one call or in several at the same time", async (store) => {
    assert.deepEqual(await store.ingest([arrival("a"), arrival("a"), arrival("b")]), ["new", "seen", "new"]);
    const fates = await Promise.all(Array.from({ length: 20 }, () => store.ingest([arrival("c")])));
    assert.deepEqual(fates.flat().toSorted(), ["new", ...Array.from({ length: 19 }, () => "seen")]);
    assert.deepEqual(await store.ingest([arrival("a", { connection: "books" })]), ["new"]);
    assert.equal(await tally(store, "webhook.new"), 4);
    assert.equal(await tally(store, "webhook.seen"), 20);
  });

  examine(
    makeFile,
    "large arrivals are given out a few at a time, again when replayed, too, and each at least alone",
    async (store) => {
      const body = new Uint8Array(600_000);
      await store.ingest(["a", "b", "c", "d"].map((id) => arrival(id, { body, at: 5 })));
      await store.ingest([arrival("huge", { body: new Uint8Array(3_000_000) }), arrival("e")]);
      const given: (readonly string[])[] = [];
      for (const replayed of [false, true]) {
        if (replayed) await store.replay({ since: 0, at: 9 });
        for (let ids = await waitingIds(store); ids.length > 0; ids = await waitingIds(store)) {
          given.push(ids);
          await takeUp(store);
        }
      }
      assert.deepEqual(
        given,
        Array(2)
          .fill([["a", "b"], ["c", "d"], ["huge"], ["e"]])
          .flat(),
      );
    },
  );

  examine(makeFile, "arrivals come oldest first until an observation took them up", async (store) => {
    await store.ingest(["a", "b", "c"].map((id) => arrival(id)));
    const [first, second] = await store.arrivals(2);
    assert.deepEqual([first?.dedupeId, second?.dedupeId], ["a", "b"]);
    await store.observe({ observations: [read("1", "h")], arrivalsUpTo: second?.id ?? 0 });
    assert.deepEqual(await waitingIds(store), ["c"]);
    const [third] = await store.arrivals(1);
    const { arrivalsWaiting, arrivalsOldestAt } = await store.status();
    assert.deepEqual([arrivalsWaiting, arrivalsOldestAt], [1, third?.at]);
    await store.observe({ observations: [], arrivalsUpTo: third?.id ?? 0 });
    assert.equal((await store.status()).arrivalsOldestAt, undefined);
  });

  examine(makeFile, "a delivery that was taken up is still seen when it comes again", async (store) => {
    await store.ingest([arrival("a")]);
    await takeUp(store);
    assert.deepEqual(await store.ingest([arrival("a")]), ["seen"]);
    assert.deepEqual(await waitingIds(store), []);
  });

  examine(makeFile, "replayed arrivals are given out again, before newer ones, and only once", async (store) => {
    await store.ingest([
      arrival("old", { at: 1 }),
      arrival("a", { at: 5 }),
      arrival("b", { at: 6, connection: "books" }),
    ]);
    await takeUp(store);
    await store.ingest([arrival("new", { at: 9 })]);
    assert.equal(await store.replay({ connection: "shop", since: 5, at: 10 }), 1);
    assert.deepEqual(await waitingIds(store), ["a", "new"]);
    assert.deepEqual(await waitingIds(store, 1), ["a"]);
    await takeUp(store);
    assert.deepEqual(await waitingIds(store), []);
  });

  examine(makeFile, "a replay asked for while newer arrivals are taken up is not lost", async (store) => {
    await store.ingest([arrival("a")]);
    await takeUp(store);
    await store.ingest([arrival("b")]);
    const [inHand] = await store.arrivals(10);
    await store.replay({ since: 0, at: 10 });
    await store.observe({ observations: [], arrivalsUpTo: inHand?.id ?? 0 });
    assert.deepEqual(await waitingIds(store), ["a"]);
  });

  examine(
    makeFile,
    "a replay asked for while the arrival is taken up again has it taken up once more",
    async (store) => {
      await store.ingest([arrival("a")]);
      await takeUp(store);
      await store.replay({ since: 0, at: 10 });
      const [inHand] = await store.arrivals(10);
      await store.replay({ since: 0, at: 11 });
      await store.observe({ observations: [], arrivalsUpTo: inHand?.id ?? 0 });
      assert.deepEqual(await waitingIds(store), ["a"]);
    },
  );

  examine(makeFile, "an unreadable arrival is counted until it is replayed", async (store) => {
    await store.ingest([arrival("a")]);
    const [kept] = await store.arrivals(1);
    const id = kept?.id ?? 0;
    await store.observe({ observations: [], arrivalsUpTo: id, unreadable: [{ arrival: id, reason: "not JSON" }] });
    assert.equal((await store.status()).arrivalsUnreadable, 1);
    await store.replay({ since: 0, at: 10 });
    assert.equal((await store.status()).arrivalsUnreadable, 0);
    assert.deepEqual(await waitingIds(store), ["a"]);
  });

  examine(makeFile, "a name that was not declared is refused by name", async (store) => {
    await assert.rejects(store.ingest([arrival("a", { connection: "nobody" })]), /connection nobody/);
  });
}
