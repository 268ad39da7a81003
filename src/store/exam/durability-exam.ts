// What was resolved is there after the file is opened again, and a closed store says that it is closed.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DECLARATION,
  INVOICES,
  LINK,
  ORDERS,
  WRITE,
  arrival,
  claimed,
  claimedKeys,
  examine,
  read,
  settle,
  type MakeFile,
} from "./fixture.ts";

export function durabilityExam(makeFile: MakeFile): void {
  test("all that was resolved is there when the file is opened again, and nothing is held", async () => {
    const file = await makeFile();
    const before = await file.open();
    await before.declare(DECLARATION);
    await before.ingest([arrival("a")]);
    await before.observe({ observations: [read("1", "a"), read("2", "a")] });
    const [one, two] = await before.claim({ sync: INVOICES, limit: 2, at: 1000 });
    assert.ok(one !== undefined && two !== undefined);
    await settle(before, one, { to: "sending", write: WRITE });
    await before.close();
    const after = await file.open();
    await after.declare(DECLARATION);
    assert.equal(await after.recover(2000), 1);
    assert.equal((await after.arrivals(9)).length, 1);
    assert.deepEqual((await claimedKeys(after, INVOICES, 2000)).toSorted(), ["1", "2"]);
    assert.equal((await after.record(ORDERS, "1"))?.hash, "a");
    await after.close();
    await file.remove();
  });

  examine(
    makeFile,
    "pruning says that there is more as long as rows are left to go or to be deflated",
    async (store) => {
      await store.ingest(Array.from({ length: 4 }, (_nothing, at) => arrival(String(at))));
      await store.observe({ observations: [read("1", "a"), read("2", "a"), read("3", "a")], arrivalsUpTo: 4 });
      const slices = [];
      for (let slice = 0; slice < 4; slice += 1) slices.push(await store.prune({ before: 0, rowsMax: 2 }));
      // The second deflates the third record.
      assert.deepEqual(
        slices.map(({ isAll }) => isAll),
        [false, true, true, true],
      );
    },
  );

  examine(makeFile, "calls that were made before closing are done, calls after it are refused", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const cleared = settle(store, await claimed(store), { to: "cleared", why: "confirmed", link: LINK });
    const closing = store.close();
    await cleared;
    await closing;
    await assert.rejects(store.status(), { name: "StoreError", code: "closed" });
    await store.close();
  });
}
