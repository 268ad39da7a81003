import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import type { Api } from "../define/connector.ts";
import type { ConnectedResource } from "../define/connection.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { look } from "./look.ts";

test("what one sync reads of a record is news to the others that read it, and they are woken", async (t) => {
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  const syncs = ["first", "second"].map((name) => ({ name, from: "shop/orders", to: "books/bills" }));
  await store.declare({ connections: ["shop", "books"], resources: ["shop/orders", "books/bills"], syncs });
  const order = { resource: "shop/orders", key: "o1", cause: "webhook", priority: "live", at: 1 } as const;
  await store.observe({ observations: [{ ...order, seen: { kind: "changed" } }] });
  const [claim] = await store.claim({ sync: "first", limit: 1, at: 2 });
  const [other] = await store.claim({ sync: "second", limit: 1, at: 2 });
  assert.ok(claim !== undefined && other !== undefined);
  await store.settle([{ sync: "second", key: "o1", seq: other.seq, at: 2, to: "cleared", why: "out-of-scope" }]);
  const resource = {
    name: "orders",
    schema: z.unknown(),
    key: () => "o1",
    read: { keysMax: 1, records: () => Promise.resolve([{ id: "o1" }]) },
  };
  const woken: string[] = [];
  await look({
    store,
    from: { id: "shop/orders", connectionName: "shop", resource } as unknown as ConnectedResource,
    sync: "first",
    claims: [claim],
    api: () => ({}) as Api,
    now: () => 3,
    wakeSyncs: (names) => void woken.push(...names),
  });
  assert.deepEqual(woken, ["second"]);
  assert.equal((await store.claim({ sync: "second", limit: 1, at: 3 })).length, 1);
});
