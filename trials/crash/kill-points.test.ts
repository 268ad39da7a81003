import assert from "node:assert/strict";
import { test } from "node:test";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { inProcessNetwork } from "../../src/world/in-process.ts";
import { VirtualClock } from "../../src/world/virtual.ts";
import type { WireRequest } from "../../src/world/world.ts";
import { networkThroughPoints, throughPoints } from "./kill-points.ts";

test("each step of the store is passed before it begins and once it is durable", async () => {
  const passed: string[] = [];
  const plain = await openSqliteStore({ path: ":memory:", thread: false });
  const store = throughPoints(plain, (point) => passed.push(point));
  await store.declare({
    connections: ["shop"],
    resources: ["shop/orders", "books/invoices"],
    syncs: [{ name: "s", from: "shop/orders", to: "books/invoices" }],
  });
  const of = { sync: "s", key: "1", at: 1 };
  const seen = { kind: "record", hash: "h", body: "{}" } as const;
  const write = { id: "w", action: "create", fields: "{}", armedAt: 1, sends: 1, recordHash: "h" } as const;
  const link = { targetKey: "9", base: "{}", recordHash: "h" };
  const headers = {};
  await store.ingest([{ connection: "shop", dedupeId: "d", at: 1, headers, body: Buffer.from("{}") }]);
  await store.observe({
    observations: [{ resource: "shop/orders", key: "1", cause: "webhook", priority: "live", at: 1, seen }],
  });
  const [claim] = await store.claim({ sync: "s", limit: 1, at: 1 });
  const seq = claim?.seq ?? 0;
  await store.settle([{ ...of, seq, to: "sending", write }]);
  await store.settle([{ ...of, seq, to: "cleared", why: "confirmed", link }]);
  await store.observe({
    observations: [],
    scan: { resource: "shop/orders", kind: "changes", state: { completeAt: 1 } },
  });
  await store.saveCredential("shop", 0, new Uint8Array([1]));
  await store.beginRefresh("shop", 1, { owner: "one", at: 1, until: 2 });
  await plain.close();
  assert.deepEqual(passed, [
    "ingest:before",
    "ingest:committed",
    "observe:before",
    "observe:committed",
    "arm:before",
    "arm:committed",
    "clear:before",
    "clear:committed",
    "page:before",
    "page:committed",
    "credential:before",
    "credential:committed",
    "refresh:before",
    "refresh:begun",
  ]);
});

test("of the calls only writes and refreshes are points", async () => {
  const passed: string[] = [];
  const network = networkThroughPoints(
    inProcessNetwork(new Map([["https://books.example", async () => new Response("{}")]]), new VirtualClock()),
    (point) => passed.push(point),
  );
  const call = (method: string, path: string, body = "{}"): WireRequest => ({
    method,
    url: `https://books.example${path}`,
    headers: {},
    ...(method === "GET" ? {} : { body }),
    timeouts: { connectMs: 1_000, headersMs: 1_000, bodyIdleMs: 1_000, totalMs: 1_000 },
    bodyBytesMax: 1_000,
  });
  await network.send(call("GET", "/v3/company/1/invoice/2"));
  await network.send(call("POST", "/v3/company/1/invoice"));
  await network.send(call("POST", "/v3/company/1/invoice", '{"Id":"1","SyncToken":"0"}'));
  await network.send(call("POST", "/oauth2/v1/tokens/bearer"));
  assert.deepEqual(passed, [
    "create:before",
    "create:answered",
    "update:before",
    "update:answered",
    "token:before",
    "token:answered",
  ]);
});
