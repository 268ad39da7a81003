import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "../define/define-sync.ts";
import type { Claim, Store } from "../store/store.ts";
import { accounts, BILLS, NOTE_SYNC, noteWorld, ordersOf, ordersSeen } from "../testing/note-world.ts";

const RECORDS = 1_500;

test("a large backlog is claimed in parts, so that the store has time for webhooks in between", async () => {
  const limits = [{ kind: "concurrency", name: "calls", count: 64, every: true }] as const;
  const { shop, books } = accounts({ orders: ordersOf() }, { bills: BILLS }, limits);
  const sync = defineSync({
    ...NOTE_SYNC,
    name: "bills",
    from: shop.orders,
    to: books.bills,
    map: ({ field }) => ({ note: field(({ note }) => note) }),
  });
  await using world = await noteWorld({
    accounts: { shop, books },
    syncs: [sync],
    source: async () => Response.json({}),
    target: async () => Response.json({}),
  });
  const claimed: number[] = [];
  const store = world.store as { claim: Store["claim"] };
  const { claim } = store;
  store.claim = async (query): Promise<readonly Claim[]> => {
    const claims = await claim(query);
    claimed.push(claims.length);
    return claims;
  };
  const ids = Array.from({ length: RECORDS }, (_, index) => `k${index}`);
  await world.observe(ordersSeen(shop, ids, { cause: "scan", priority: "backfill", at: world.virtual.now() }));
  const stop = world.begin();
  for (let step = 0; step < 100 && (await world.left()) > 0; step += 1) await world.virtual.advance(100);
  await stop();
  assert.equal(await world.left(), 0);
  assert.ok(Math.max(...claimed) <= 1_000, `claimed ${claimed.join(", ")}`);
});
