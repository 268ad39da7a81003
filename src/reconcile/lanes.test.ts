import assert from "node:assert/strict";
import { test } from "node:test";
import { defineSync } from "../define/define-sync.ts";
import { seenRecord } from "../observe/seen-record.ts";
import type { Claim, Store } from "../store/store.ts";
import { accounts, NOTE_SYNC, notesOf, noteWorld, ordersOf } from "../testing/note-world.ts";

const RECORDS = 1_500;

test("a large backlog is claimed in parts, so that the store has time for webhooks in between", async () => {
  const bills = notesOf("bills", {
    create: async (api, { fields }) => {
      await api.request({ method: "PUT", path: "/bills", body: fields });
      return { key: `bill of ${fields.note}` };
    },
  });
  const limits = [{ kind: "concurrency", name: "calls", count: 64, every: true }] as const;
  const { shop, books } = accounts({ orders: ordersOf() }, { bills }, limits);
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
  await world.observe(
    Array.from({ length: RECORDS }, (_, index) => {
      const id = `k${index}`;
      const seen = seenRecord(shop.orders.resource, { id, note: id });
      const how = { resource: "shop/orders", cause: "scan", priority: "backfill", at: world.virtual.now() } as const;
      return { ...how, key: id, ...seen };
    }),
  );
  const stop = world.begin();
  for (let step = 0; step < 100 && (await world.left()) > 0; step += 1) await world.virtual.advance(100);
  await stop();
  assert.equal(await world.left(), 0);
  assert.ok(Math.max(...claimed) <= 1_000, `claimed ${claimed.join(", ")}`);
});
