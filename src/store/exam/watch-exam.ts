// What the parts that watch remember, drifts, and a sync's records as a backtest pages through them.
import assert from "node:assert/strict";
import type { DriftRow } from "../store.ts";
import { AGREED, claimed, examine, INVOICES, LINK, PARKED, read, settle, type MakeFile } from "./fixture.ts";

const DRIFT: DriftRow = {
  kind: "type",
  on: "shop/orders",
  place: "total",
  detail: "expected text, got a number",
  firstAt: 10,
  lastAt: 20,
  times: 3,
  key: "1",
};

export function watchExam(makeFile: MakeFile): void {
  examine(makeFile, "what is watched is kept, each time in place of what was before", async (store) => {
    await store.keepWatched([
      { what: "heard", name: "shop/orders", state: "1" },
      { what: "profile", name: "shop/orders", state: "2" },
    ]);
    await store.keepWatched([{ what: "heard", name: "shop/orders", state: "3" }]);
    assert.deepEqual(await store.watched("heard"), [{ what: "heard", name: "shop/orders", state: "3" }]);
    assert.deepEqual(await store.watched("subscriptions"), []);
  });

  examine(makeFile, "a drift is known by its kind and place until it is dropped", async (store, file) => {
    const { key: _key, ...withoutKey } = DRIFT;
    const value: DriftRow = { ...withoutKey, kind: "value", firstAt: 5 };
    await store.keepDrifts([DRIFT, value]);
    await store.keepDrifts([{ ...DRIFT, lastAt: 30, times: 4 }]);
    await store.close();
    const again = await file.open();
    assert.deepEqual(await again.drifts(), [value, { ...DRIFT, lastAt: 30, times: 4 }]);
    await again.dropDrifts([DRIFT]);
    assert.deepEqual(await again.drifts(), [value]);
    await again.close();
  });

  examine(
    makeFile,
    "a sync's records are paged through with link, corrections and why they are parked",
    async (store) => {
      await store.observe({ observations: [read("1", "a"), read("2", "b"), read("0", "old", { at: 1 })] });
      const claims = await store.claim({ sync: INVOICES, limit: 10, at: 100 });
      for (const claim of claims) {
        if (claim.key === "1") await settle(store, claim, { ...AGREED, link: LINK });
        else await settle(store, claim, PARKED);
      }
      const [first, ...more] = await store.syncRows({ sync: INVOICES, since: 10, limit: 1 });
      assert.deepEqual(more, []);
      assert.equal(first?.key, "1");
      assert.deepEqual(first?.link, LINK);
      assert.equal(first?.record.body, '{"key":"1","hash":"a"}');
      await store.correct(INVOICES, "2", { DocNumber: "#2" }, 60);
      const [second, ...others] = await store.syncRows({ sync: INVOICES, since: 10, after: "1", limit: 10 });
      assert.deepEqual(others, [], "the record that changed before is left out");
      assert.deepEqual(second?.corrections, { DocNumber: "#2" });
      assert.equal(second?.pending, "ready");
      const [old] = await store.syncRows({ sync: INVOICES, since: 0, limit: 1 });
      assert.deepEqual(old?.parked, { cause: "mapping", reason: "no customer" });
    },
  );

  examine(makeFile, "records that are noted again are due although nothing of them changed", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), { ...AGREED, link: LINK });
    assert.equal(await store.noteAgain(INVOICES, ["1", "nobody"], 70), 1);
    const claim = await claimed(store);
    assert.equal(claim.key, "1");
    assert.equal(claim.priority, "backfill");
    assert.equal(claim.record?.stale, 0);
  });
}
