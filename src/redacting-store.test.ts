import assert from "node:assert/strict";
import { test } from "node:test";
import { LiveSecrets } from "./call/live-secrets.ts";
import { redactingStore } from "./redacting-store.ts";
import { openSqliteStore } from "./store/sqlite/open.ts";

const SECRET = "token-0123456789";

test("nothing that is kept for people to read holds a secret", async (t) => {
  const live = new LiveSecrets();
  live.learn("a", [SECRET]);
  const kept = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => kept.close());
  const store = redactingStore(kept, live);
  const syncs = [{ name: "orders", from: "shop/orders", to: "books/bills" }];
  await store.declare({ connections: ["shop", "books"], resources: ["shop/orders", "books/bills"], syncs });
  const seen = { kind: "record", hash: "h", body: "{}" } as const;
  const told = { resource: "shop/orders", key: "1", cause: "poll", priority: "live", at: 1, seen } as const;
  await store.ingest([{ connection: "shop", dedupeId: "1", at: 1, headers: {}, body: Buffer.from("{}") }]);
  const [arrival] = await store.arrivals(1);
  await store.observe({ observations: [told], unreadable: [{ arrival: arrival!.id, reason: `bad ${SECRET}` }] });
  const [claim] = await store.claim({ sync: "orders", limit: 1, at: 2 });
  const { sync, key, seq } = claim!;
  const detail = { answer: { text: SECRET } };
  const reason = `refused ${SECRET}`;
  await store.settle([
    { sync, key, seq, at: 3, to: "parked", cause: "bug", reason, todo: `look at ${SECRET}`, detail },
  ]);
  await store.setConnectionState("shop", { state: "reauthorize", reason, since: 4 });
  const shown = JSON.stringify([await kept.parked({}), await kept.story("1"), await kept.connectionState("shop")]);
  assert.ok(!shown.includes(SECRET), shown);
  assert.match(shown, /refused \[secret\]/);
});
