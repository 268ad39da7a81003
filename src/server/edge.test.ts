import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { test, type TestContext } from "node:test";
import type { NewArrival } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { createEdge, type Edge, type EdgeOptions } from "./edge.ts";
import { createServer } from "./server.ts";
import { ask, raw, type Reply } from "./testing/http.ts";
import { signedHeaders, signedWebhook } from "./testing/signed-webhook.ts";

const ORDER = JSON.stringify({ id: 1, name: "#1001", note: null });

interface Setup {
  readonly clock: VirtualClock;
  readonly edge: Edge;
  readonly url: string;
  readonly port: number;
  readonly arrivals: NewArrival[];
  readonly refused: string[];
}

async function setup(t: TestContext, options: Partial<EdgeOptions> = {}, serverLimits = {}): Promise<Setup> {
  const clock = new VirtualClock();
  const arrivals: NewArrival[] = [];
  const refused: string[] = [];
  const seen = new Set<string>();
  const ingest = async (batch: readonly NewArrival[]): Promise<readonly ("new" | "seen")[]> =>
    batch.map((arrival) => {
      if (seen.has(arrival.dedupeId)) return "seen";
      seen.add(arrival.dedupeId);
      arrivals.push(arrival);
      return "new";
    });
  const edge = createEdge({
    connections: new Map([["shop", { webhook: signedWebhook, secrets: () => ["old", "new"] }]]),
    ingest,
    clock,
    onArrival: () => undefined,
    onRefused: (_connection, reason) => refused.push(reason),
    ...options,
  });
  const api = { fetch: () => new Response("not here", { status: 404 }) };
  const server = createServer({ port: 0, edge, api, clock, limits: serverLimits });
  const { url, port } = await server.start();
  t.after(() => server.stop());
  return { clock, edge, url, port, arrivals, refused };
}

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

for (const [what, body, fault] of [
  ["JSON that ends too early", '{"a":', "it ends too early"],
  ["an empty body", "", "it ends too early"],
  ["JSON nested too deep", "[".repeat(100_000), "nested deeper than 64"],
  ["a key twice", '{"id":1,"id":2}', 'the key "id" twice'],
  ["a key that would change prototypes", '{"__proto__":{"admin":true}}', "the key __proto__"],
] as const) {
  test(`${what} is refused with a reason when it is signed, and without one when it is not`, async (t) => {
    const { clock, url, arrivals } = await setup(t);
    const reply = await deliver(url, clock, { body });
    assert.equal(reply.status, 400);
    assert.ok(reply.text.includes(fault), reply.text);
    assert.equal((await deliver(url, clock, { body, secret: "wrong" })).status, 401);
    assert.equal(arrivals.length, 0);
  });
}

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

test("a body that says it is too large is refused before it is read", async (t) => {
  const { port, refused } = await setup(t);
  const connection = raw(port);
  connection.socket.write("POST /hooks/shop HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  assert.match(await connection.until("larger than"), /^HTTP\/1\.1 413 /);
  assert.equal(refused.length, 1);
  connection.socket.destroy();
});

test("a hundred megabytes without a length are cut off after one, and memory stays as it was", async (t) => {
  const { url } = await setup(t);
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024, 97);
  const status = await new Promise<number>((resolve, reject) => {
    const request = httpRequest(`${url}/hooks/shop`, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    const more = (): void => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      sent += chunk.length;
      if (sent < 100 * 1024 * 1024 && !request.destroyed) request.write(chunk, more);
    };
    more();
  });
  assert.equal(status, 413);
  assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes were sent`);
  assert.ok(most < 16 * 1024 * 1024, `${most} bytes were held`);
});

test("a body in a great many tiny chunks arrives whole", async (t) => {
  const { clock, port, arrivals } = await setup(t);
  const body = JSON.stringify({ text: "é".repeat(2_000) });
  const headers = Object.entries(signedHeaders("new", clock.now(), body)).map((header) => header.join(": "));
  const connection = raw(port);
  connection.socket.write(
    ["POST /hooks/shop HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", ...headers, "", ""].join("\r\n"),
  );
  for (const byte of Buffer.from(body)) {
    connection.socket.write(Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]));
  }
  connection.socket.write("0\r\n\r\n");
  assert.match(await connection.until("ok"), /^HTTP\/1\.1 200 /);
  assert.equal(Buffer.from(arrivals[0]?.body ?? []).toString(), body);
  connection.socket.destroy();
});

test("a sender that asks before sending is told to go on only when its delivery is wanted", async (t) => {
  const { clock, port } = await setup(t);
  const wanted = raw(port);
  const headers = Object.entries(signedHeaders("new", clock.now(), ORDER)).map((header) => header.join(": "));
  const start = ["POST /hooks/shop HTTP/1.1", "Host: a", "Expect: 100-continue"];
  wanted.socket.write([...start, `Content-Length: ${ORDER.length}`, ...headers, "", ""].join("\r\n"));
  await wanted.until("100 Continue");
  wanted.socket.write(ORDER);
  await wanted.until("200 OK");
  wanted.socket.destroy();
  const unwanted = raw(port);
  unwanted.socket.write([...start, "Content-Length: 2000000", "", ""].join("\r\n"));
  assert.match(await unwanted.until("413"), /^HTTP\/1\.1 413/);
  unwanted.socket.destroy();
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

// ---------------------------------------------------------------- helpers

interface Delivered {
  readonly secret?: string;
  readonly body?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly agent?: Agent;
}

function deliver(
  url: string,
  clock: VirtualClock,
  { secret = "new", body = ORDER, path = "/hooks/shop", headers, agent }: Delivered = {},
): Promise<Reply> {
  const signed = headers ?? signedHeaders(secret, clock.now(), body);
  return ask(url + path, { method: "POST", headers: signed, body, ...(agent === undefined ? {} : { agent }) });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
