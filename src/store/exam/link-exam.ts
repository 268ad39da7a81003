// Links: one for one, found from both sides, and awaited.
import assert from "node:assert/strict";
import { LinkTaken, type Store } from "../store.ts";
import {
  AGREED,
  BUYERS,
  CUSTOMERS,
  INVOICES,
  LINK,
  WRITE,
  RECEIPTS,
  claimed,
  claimedKeys,
  examine,
  read,
  settle,
  syncStatus,
  type MakeFile,
} from "./fixture.ts";

const BUYER = { sync: BUYERS, key: "c1" } as const;
const WAIT = { to: "waiting", until: 9000, reason: "no customer", attempts: 0, waits: 1, on: BUYER } as const;

const UNLINKED = { to: "parked", cause: "link", reason: "not linked within a day", todo: "see why" } as const;

async function linkBuyer(store: Store): Promise<readonly string[]> {
  const claim = await claimed(store, BUYERS);
  return settle(store, claim, {
    to: "cleared",
    why: "confirmed",
    action: "create",
    link: { ...LINK, targetKey: "C1" },
  });
}

export function linkExam(makeFile: MakeFile): void {
  examine(makeFile, "links are found from both sides, in the order asked", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), { to: "cleared", why: "confirmed", link: LINK });
    const needs = [
      { sync: INVOICES, key: "2" },
      { sync: INVOICES, key: "1" },
      { sync: RECEIPTS, key: "1" },
    ];
    assert.deepEqual(await store.links(needs), [undefined, "T1", undefined]);
    assert.equal(await store.linkedTo(INVOICES, "T1"), "1");
    assert.equal(await store.linkedTo(RECEIPTS, "T1"), undefined);
  });

  examine(makeFile, "a link's base moves on, and the link can be taken away", async (store) => {
    const fates = [
      { to: "cleared", why: "confirmed", link: LINK },
      { to: "cleared", why: "confirmed", link: { ...LINK, base: "{}", targetVersion: "3", recordVersion: "v" } },
      AGREED,
      { to: "cleared", why: "gone", link: null },
    ] as const;
    const found = [];
    for (const [edit, fate] of fates.entries()) {
      await store.observe({ observations: [read("1", `a${edit}`)] });
      const claim = await claimed(store);
      found.push(claim.link);
      await settle(store, claim, fate);
    }
    const moved = { ...LINK, base: "{}", targetVersion: "3", recordVersion: "v" };
    assert.deepEqual(found, [undefined, LINK, moved, moved]);
    assert.deepEqual(await store.links([{ sync: INVOICES, key: "1" }]), [undefined]);
    assert.equal((await syncStatus(store)).links, 0);
  });

  examine(
    makeFile,
    "a link without a base takes the fields of the write that was armed, as they are",
    async (store) => {
      const { base: _base, ...link } = LINK;
      const confirmed = { to: "cleared", why: "confirmed", link } as const;
      for (const fields of ['{"Memo":"a \\"word\\" é"}', "{}"]) {
        await store.observe({ observations: [read("1", fields)] });
        const claim = await claimed(store);
        await settle(store, claim, { to: "sending", write: { ...WRITE, fields } });
        await settle(store, claim, confirmed);
        assert.deepEqual(await store.linkPage(INVOICES, undefined, 9), [{ ...link, base: fields, key: "1" }]);
      }
      await store.observe({ observations: [read("1", "last")] });
      const unarmed = await claimed(store);
      await assert.rejects(settle(store, unarmed, confirmed), /expected a base, or a write with fields/);
      await settle(store, unarmed, AGREED);
      const [kept] = await store.linkPage(INVOICES, undefined, 9);
      assert.equal(kept?.base, "{}");
    },
  );

  examine(makeFile, "a target record that is taken is refused, and nothing is overwritten", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("2", "a")] });
    const [one, two] = await store.claim({ sync: INVOICES, limit: 2, at: 1000 });
    assert.ok(one !== undefined && two !== undefined);
    await settle(store, one, { to: "cleared", why: "confirmed", link: LINK });
    await assert.rejects(settle(store, two, { to: "cleared", why: "confirmed", link: LINK }), (error) => {
      assert.ok(error instanceof LinkTaken);
      assert.deepEqual([error.sync, error.key, error.targetKey, error.takenBy], [INVOICES, "2", "T1", "1"]);
      return true;
    });
    assert.equal(await store.linkedTo(INVOICES, "T1"), "1");
  });

  examine(
    makeFile,
    "a story tells what a record waits for once, and again when that is another or for another reason",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      const other = { ...BUYER, key: "c2" };
      const fates = [WAIT, WAIT, { ...WAIT, reason: "the customer is parked" }, { ...WAIT, on: other }, WAIT, WAIT];
      for (const [index, fate] of fates.entries()) {
        await settle(store, await claimed(store, INVOICES, 10_000), fate, 10 * (index + 1));
      }
      const story = await store.story("1");
      assert.deepEqual(
        story.filter(({ sync, what }) => sync === INVOICES && what === "waiting").map(({ at, text }) => [at, text]),
        [
          [10, "no customer"],
          [30, "the customer is parked"],
          [40, "no customer"],
          [50, "no customer"],
        ],
      );
    },
  );

  examine(makeFile, "waiting for the link of an unknown record notes it, to be read first", async (store) => {
    await store.observe({ observations: [read("1", "a", { priority: "live" })] });
    assert.deepEqual(await settle(store, await claimed(store), WAIT), [BUYERS]);
    const needed = await claimed(store, BUYERS);
    assert.deepEqual([needed.key, needed.priority, needed.record?.hash], ["c1", "live", ""]);
    assert.ok((needed.record?.stale ?? 0) > 0);
  });

  examine(makeFile, "a row that waits for a link is ready when the link is made", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), WAIT);
    assert.deepEqual(await claimedKeys(store), []);
    assert.deepEqual(await linkBuyer(store), [INVOICES]);
    const claim = await claimed(store);
    assert.deepEqual([claim.state, claim.waits, claim.waitingSince], ["ready", 1, undefined]);
  });

  examine(
    makeFile,
    "a row that was parked since it waited in vain goes on when the link is made after all",
    async (store) => {
      await store.observe({ observations: [read("1", "a"), read("2", "a")] });
      for (const claim of await store.claim({ sync: INVOICES, limit: 2, at: 1000 }))
        await settle(store, claim, { ...WAIT, until: 100 });
      const [first, second] = await store.claim({ sync: INVOICES, limit: 2, at: 1000 });
      assert.ok(first !== undefined && second !== undefined);
      await settle(store, first, UNLINKED);
      const { parked, awaiting } = await syncStatus(store);
      assert.deepEqual([parked, awaiting?.rows], [1, 1], "what is parked is not told to wait besides");
      await settle(store, second, { ...UNLINKED, cause: "mapping" });
      assert.deepEqual(await linkBuyer(store), [INVOICES]);
      const claim = await claimed(store);
      assert.deepEqual([claim.key, claim.state, claim.waitingSince], ["1", "ready", undefined]);
      const rows = await store.parked({});
      assert.deepEqual(
        rows.map(({ key, cause }) => [key, cause]),
        [["2", "mapping"]],
      );
    },
  );

  examine(
    makeFile,
    "a row whose link is made while it is about to be parked for want of it is not parked",
    async (store) => {
      await store.observe({ observations: [read("1", "a")] });
      await settle(store, await claimed(store), { ...WAIT, until: 100 });
      const claim = await claimed(store, INVOICES, 1000);
      await linkBuyer(store);
      await settle(store, claim, UNLINKED);
      assert.equal((await claimed(store)).state, "ready");
    },
  );

  examine(makeFile, "a row that was parked since it waited in vain is retried, and waits anew", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    await settle(store, await claimed(store), { ...WAIT, until: 100 }, 50);
    await settle(store, await claimed(store, INVOICES, 1000), UNLINKED);
    assert.equal((await store.retryParked({ cause: "link" }, 2000)).length, 1);
    await settle(store, await claimed(store), { ...WAIT, until: 3000 }, 2000);
    assert.equal((await claimed(store, INVOICES, 3000)).waitingSince, 2000);
  });

  examine(makeFile, "a link that was made meanwhile is not waited for", async (store) => {
    await store.observe({ observations: [read("1", "a"), read("c1", "a", { resource: CUSTOMERS })] });
    const claim = await claimed(store);
    await linkBuyer(store);
    assert.deepEqual(await settle(store, claim, WAIT), [INVOICES]);
    assert.equal((await claimed(store)).state, "ready");
    assert.deepEqual(await claimedKeys(store, BUYERS), [], "what is linked needs no noting");
  });

  examine(
    makeFile,
    "a pending needed record is not noted again, and a wait that lasts keeps its beginning",
    async (store) => {
      await store.observe({ observations: [read("1", "a"), read("c1", "a", { resource: CUSTOMERS })] });
      const { seq } = await claimed(store, BUYERS);
      await settle(store, await claimed(store), { ...WAIT, until: 100 }, 50);
      const again = await claimed(store, INVOICES, 100);
      assert.deepEqual([again.state, again.waitingSince], ["waiting", 50]);
      await settle(store, again, { ...WAIT, until: 200, waits: 2 }, 100);
      assert.equal((await claimed(store, INVOICES, 200)).waitingSince, 50);
      await settle(store, { ...again, sync: BUYERS, key: "c1", seq }, { to: "ready" });
      assert.equal((await claimed(store, BUYERS)).seq, seq);
    },
  );

  examine(makeFile, "links are paged in the order of their keys", async (store) => {
    const keys = ["3", "1", "2"];
    await store.observe({ observations: keys.map((key) => read(key, "a")) });
    for (const claim of await store.claim({ sync: INVOICES, limit: 3, at: 1000 })) {
      await settle(store, claim, { to: "cleared", why: "confirmed", link: { ...LINK, targetKey: `T${claim.key}` } });
    }
    assert.deepEqual(await store.linkPage(INVOICES, undefined, 2), [
      { ...LINK, targetKey: "T1", key: "1" },
      { ...LINK, targetKey: "T2", key: "2" },
    ]);
    assert.deepEqual(
      (await store.linkPage(INVOICES, "2", 2)).map(({ key }) => key),
      ["3"],
    );
  });
}
