// Connections: their state, and credentials that only whoever saw the last one may replace.
import assert from "node:assert/strict";
import { DECLARATION, INVOICES, LINK, claimed, examine, read, settle, type MakeFile } from "./fixture.ts";

export function connectionExam(makeFile: MakeFile): void {
  examine(makeFile, "a connection is active until it is said otherwise", async (store) => {
    assert.deepEqual(await store.connectionState("shop"), { state: "active" });
    const paused = { state: "paused", reason: "by hand", since: 5 } as const;
    await store.setConnectionState("shop", paused);
    assert.deepEqual(await store.connectionState("shop"), paused);
    assert.deepEqual((await store.status()).connections, [
      { connection: "shop", ...paused },
      { connection: "books", state: "active" },
    ]);
    await store.setConnectionState("shop", { state: "active" });
    assert.deepEqual(await store.connectionState("shop"), { state: "active" });
  });

  examine(makeFile, "of two who saw the same credential one replaces it", async (store) => {
    const sealed = (text: string): Uint8Array => Buffer.from(text);
    assert.equal(await store.credential("shop"), undefined);
    assert.deepEqual(
      await Promise.all([store.saveCredential("shop", 0, sealed("a")), store.saveCredential("shop", 0, sealed("b"))]),
      [true, false],
    );
    const first = await store.credential("shop");
    assert.ok(first !== undefined);
    assert.deepEqual([Buffer.from(first.sealed).toString(), first.version, first.refreshBeganAt], ["a", 1, undefined]);
    assert.equal(await store.beginRefresh("shop", 1, 50), true);
    assert.equal((await store.credential("shop"))?.refreshBeganAt, 50);
    assert.equal(await store.saveCredential("shop", 1, sealed("c")), true);
    assert.equal(await store.beginRefresh("shop", 1, 60), false);
    assert.equal(await store.saveCredential("shop", 1, sealed("d")), false);
    const second = await store.credential("shop");
    assert.deepEqual([second?.version, second?.refreshBeganAt], [2, undefined]);
  });

  examine(
    makeFile,
    "declaring again keeps rows and cursors, and a sync that comes back finds its own",
    async (store) => {
      await store.observe({
        observations: [read("1", "a")],
        scan: { resource: "shop/orders", kind: "changes", state: { completeAt: 7 } },
      });
      await settle(store, await claimed(store), { to: "cleared", why: "confirmed", link: LINK });
      await store.declare({ ...DECLARATION, syncs: [] });
      assert.deepEqual((await store.observe({ observations: [read("1", "b")] })).syncs, []);
      await store.declare(DECLARATION);
      assert.deepEqual(await store.scan("shop/orders", "changes"), { completeAt: 7 });
      assert.deepEqual(await store.links([{ sync: INVOICES, key: "1" }]), ["T1"]);
    },
  );

  examine(makeFile, "a sync whose links were made between other resources is refused", async (store) => {
    await store.observe({ observations: [read("1", "a")] });
    const syncs = [{ name: INVOICES, from: "shop/returns", to: "books/invoices" }];
    await assert.rejects(store.declare({ ...DECLARATION, syncs }), /Give the sync a new name/);
    await assert.rejects(store.record("shop/returns", "1"), /resource shop\/returns/);
    assert.equal((await claimed(store)).key, "1", "nothing of the refused declaration stays");
  });
}
