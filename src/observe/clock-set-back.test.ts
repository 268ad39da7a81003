// The clock is set back while everything is being listed: what the listing shows after that is there, and not absent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { listedItems, READ_BY_KEY } from "./testing/listed-items.ts";

for (const isReadable of [false, true]) {
  test(`what is listed after the clock was set back is not taken for absent (readable: ${isReadable})`, async (t) => {
    const reads = isReadable ? { read: READ_BY_KEY } : {};
    const { clock, store, there, reports, start, put, setBack } = await listedItems(t, { reads, answerMs: 1_000 });
    put(20);
    const listing = start();
    await clock.advance(5_500);
    setBack(3_600_000);
    await clock.advance(60_000);
    await listing.stop();
    const states = await Promise.all([...there.keys()].map(async (id) => store.record("shop/items", id)));
    assert.deepEqual(reports, []);
    const gone = states.filter((state) => state?.deleted).length;
    const doubted = states.filter((state) => (state?.stale ?? 0) > 0).length;
    assert.deepEqual({ gone, doubted }, { gone: 0, doubted: 0 });
  });
}
