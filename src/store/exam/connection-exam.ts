// Connections: their state, and what is declared again.
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
