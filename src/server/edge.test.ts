import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import type { NewArrival } from "../store/store.ts";
import { deliver, ORDER, setup, turns } from "./testing/edge-setup.ts";
import { ask, raw } from "./testing/http.ts";
import { signedHeaders, signedWebhook } from "./testing/signed-webhook.ts";

test("a signed delivery is durable before it is answered", async (t) => {
  const { clock, url, arrivals } = await setup(t);
  const headers = { ...signedHeaders("new", clock.now(), ORDER), authorization: "Bearer abc", "x-api-key": "abc" };
  const reply = await ask(`${url}/hooks/shop`, { method: "POST", headers, body: ORDER });
  assert.equal(reply.status, 200);
  assert.equal(arrivals.length, 1);
  const [arrival] = arrivals;
  assert.equal(Buffer.from(arrival?.body ?? []).toString(), ORDER);
  assert.equal(arrival?.dedupeId, "event-1");
  const kept = Object.keys(arrival?.headers ?? {}).toSorted();
  assert.deepEqual(kept, ["content-type", "x-shop-id", "x-shop-signature", "x-shop-time"]);
});

for (const [what, dedupeId, got] of [
  ["an empty id", () => "", 'got ""'],
  ["no id", () => undefined, "got nothing"],
  ["an id that is no text", () => 7, "got 7"],
  [
    "an error",
    () => {
      throw new TypeError("no header");
    },
    "it threw: no header",
  ],
] as const) {
  test(`a delivery for which the connector gives ${what} is refused for good, and our log names the connector`, async (t) => {
    const webhook = { ...signedWebhook, dedupeId: dedupeId as () => string };
    const connections = new Map([["shop", { webhook, secrets: () => ["new"] }]]);
    const { clock, url, arrivals, refused } = await setup(t, { connections });
    const reply = await deliver(url, clock);
    assert.deepEqual([reply.status, reply.text], [400, "the delivery has no id by which to tell it from others"]);
    assert.deepEqual(refused, [
      `the connector of shop gave it no id: expected text that is not empty from its \`dedupeId\`, ${got}; mend the connector`,
    ]);
    assert.equal(arrivals.length, 0);
  });
}

test("no answer is given while the commit is under way", async (t) => {
  const commit = Promise.withResolvers<readonly ["new"]>();
  const asked = Promise.withResolvers<void>();
  const ingest = (): Promise<readonly ["new"]> => {
    asked.resolve();
    return commit.promise;
  };
  const { clock, url } = await setup(t, { ingest });
  let answered = false;
  const reply = deliver(url, clock).then((it) => {
    answered = true;
    return it;
  });
  await asked.promise;
  await turns();
  assert.equal(answered, false);
  commit.resolve(["new"]);
  assert.equal((await reply).status, 200);
});

test("a delivery that came before is answered like a new one and taken once", async (t) => {
  let woken = 0;
  const { clock, url, arrivals } = await setup(t, { onArrival: () => (woken += 1) });
  const first = await deliver(url, clock);
  const again = await deliver(url, clock);
  assert.deepEqual([first.status, again.status], [200, 200]);
  assert.equal(first.text, again.text);
  assert.equal(arrivals.length, 1);
  assert.equal(woken, 1);
});

test("either of two valid secrets signs a delivery", async (t) => {
  const { clock, url } = await setup(t);
  assert.equal((await deliver(url, clock, { secret: "old" })).status, 200);
  assert.equal((await deliver(url, clock, { secret: "new" })).status, 200);
});

test("wrong, missing, truncated and replayed signatures are refused alike, and like an unknown connection", async (t) => {
  const { clock, url, arrivals, refused } = await setup(t);
  const good = signedHeaders("new", clock.now(), ORDER);
  const { "x-shop-signature": signature = "", ...unsigned } = good;
  const replies = [
    await deliver(url, clock, { secret: "wrong" }),
    await deliver(url, clock, { secret: "" }),
    await deliver(url, clock, { headers: unsigned }),
    await deliver(url, clock, { headers: { ...good, "x-shop-signature": signature.slice(0, -1) } }),
    await deliver(url, clock, { headers: { ...good, "x-shop-signature": "" } }),
    await deliver(url, clock, { headers: { ...good, "x-shop-signature": [signature, signature] } }),
    await deliver(url, clock, { headers: signedHeaders("new", clock.now() - 300_001, ORDER) }),
    await deliver(url, clock, { headers: good, body: `${ORDER} ` }),
    await deliver(url, clock, { path: "/hooks/nobody" }),
    await deliver(url, clock, { path: "/hooks/" }),
    await deliver(url, clock, { path: "/hooks/shop/more" }),
    await deliver(url, clock, { path: "/hooks/%E0%A4%A" }),
  ];
  for (const reply of replies) {
    assert.equal(reply.status, 401);
    assert.equal(reply.text, "not accepted");
    assert.deepEqual(Object.keys(reply.headers), Object.keys(replies[0]?.headers ?? {}));
  }
  assert.equal(arrivals.length, 0);
  assert.equal(refused.length, replies.length);
});

test("a connection without a secret takes nothing", async (t) => {
  const connections = new Map([["shop", { webhook: signedWebhook, secrets: () => [] }]]);
  const { clock, url, arrivals } = await setup(t, { connections });
  assert.equal((await deliver(url, clock)).status, 401);
  assert.equal(arrivals.length, 0);
});

test("a check that throws refuses", async (t) => {
  const verify = (): never => {
    throw new Error("bug");
  };
  const connections = new Map([["shop", { webhook: { ...signedWebhook, verify }, secrets: () => ["new"] }]]);
  const { clock, url } = await setup(t, { connections });
  assert.equal((await deliver(url, clock)).status, 401);
});

test("an unknown connection is checked at the cost of a known one", async (t) => {
  let checks = 0;
  const verify: typeof signedWebhook.verify = (delivery, secrets) => {
    checks += 1;
    return signedWebhook.verify(delivery, secrets);
  };
  const connections = new Map([["shop", { webhook: { ...signedWebhook, verify }, secrets: () => ["new"] }]]);
  const { clock, url } = await setup(t, { connections });
  assert.equal((await deliver(url, clock, { path: "/hooks/nobody" })).status, 401);
  assert.equal(checks, 1);
});

for (const [type, status] of [
  ["application/json; charset=utf-8", 200],
  ["Application/JSON", 200],
  ["application/cloudevents-batch+json", 200],
  ["application/vnd.shop.order+json;v=1", 200],
  ["text/plain", 415],
  ["multipart/form-data; boundary=json", 415],
  ["application/x-www-form-urlencoded", 415],
] as const) {
  test(`the content-type ${type} is answered ${status}`, async (t) => {
    const { clock, url } = await setup(t);
    const headers = { ...signedHeaders("new", clock.now(), ORDER), "content-type": type };
    assert.equal((await deliver(url, clock, { headers })).status, status);
  });
}

test("a missing content-type is taken, a content-encoding is not", async (t) => {
  const { clock, url } = await setup(t);
  const { "content-type": _, ...untyped } = signedHeaders("new", clock.now(), ORDER);
  assert.equal((await deliver(url, clock, { headers: untyped })).status, 200);
  const zipped = { ...signedHeaders("new", clock.now(), ORDER), "content-encoding": "gzip" };
  assert.equal((await deliver(url, clock, { headers: zipped })).status, 415);
});

test("other methods than POST are answered 405", async (t) => {
  const { url } = await setup(t);
  for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
    const reply = await ask(`${url}/hooks/shop`, { method });
    assert.equal(reply.status, 405);
    assert.equal(reply.headers.allow, "POST");
  }
});

test("what is not for /hooks goes on to the rest of the server", async (t) => {
  const { url } = await setup(t);
  assert.equal((await ask(`${url}/hooksy`)).text, "not here");
  assert.equal((await ask(url)).text, "not here");
});

test("headers to keep beyond their limit are refused", async (t) => {
  const { clock, url } = await setup(t);
  const headers = { ...signedHeaders("new", clock.now(), ORDER), "x-much": "a".repeat(9_000) };
  assert.equal((await deliver(url, clock, { headers })).status, 431);
});

test("many deliveries go over one kept connection", async (t) => {
  const { clock, url, arrivals } = await setup(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  let sockets = 0;
  agent.on("free", () => (sockets = Math.max(sockets, Object.values(agent.sockets).flat().length + 1)));
  for (const id of ["a", "b", "c"]) {
    const headers = signedHeaders("new", clock.now(), ORDER, id);
    const reply = await deliver(url, clock, { headers, agent });
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.connection, "keep-alive");
  }
  assert.equal(arrivals.length, 3);
  assert.equal(sockets, 1);
});

test("deliveries of one turn are made durable together", async (t) => {
  const sizes: number[] = [];
  const ingest = async (batch: readonly NewArrival[]): Promise<readonly "new"[]> => {
    sizes.push(batch.length);
    return batch.map(() => "new");
  };
  const { clock, port } = await setup(t, { ingest, limits: { ingestBatchMax: 3 } });
  const headers = Object.entries(signedHeaders("new", clock.now(), ORDER)).map((header) => header.join(": "));
  const one = ["POST /hooks/shop HTTP/1.1", "Host: a", `Content-Length: ${ORDER.length}`, ...headers, "", ORDER];
  const connections = Array.from({ length: 4 }, () => raw(port));
  for (const { socket } of connections) socket.write(one.join("\r\n"));
  for (const connection of connections) {
    await connection.until("200 OK");
    connection.socket.destroy();
  }
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    4,
  );
  assert.ok(Math.max(...sizes) <= 3);
});
