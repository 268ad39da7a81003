import assert from "node:assert/strict";
import { Agent } from "node:http";
import { test } from "node:test";
import { deliver, setup } from "./testing/edge-setup.ts";
import { ask, raw } from "./testing/http.ts";

const QUICK = { headersTimeoutMs: 30, requestTimeoutMs: 60, checkEveryMs: 10 };

test("a socket that sends its headers too slowly is closed", async (t) => {
  const { port } = await setup(t, {}, QUICK);
  const connection = raw(port);
  connection.socket.write("POST /hooks/shop HTTP/1.1\r\nHost: a\r\nX-Slow:");
  assert.match(await connection.closed, /^HTTP\/1\.1 408 /);
});

test("a socket that sends its body too slowly is closed, and holds nothing any more", async (t) => {
  const { port, edge } = await setup(t, { limits: { underWayMax: 1 } }, QUICK);
  const connection = raw(port);
  connection.socket.write("POST /hooks/shop HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{");
  assert.match(await connection.closed, /^HTTP\/1\.1 408 /);
  assert.equal(edge.refusing(), undefined);
});

test("a refused body that never ends is closed", async (t) => {
  const { port } = await setup(t, {}, QUICK);
  const connection = raw(port);
  connection.socket.write("POST /hooks/shop HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
  assert.match(await connection.closed, /^HTTP\/1\.1 413 /);
});

test("an idle connection is closed", async (t) => {
  const { port } = await setup(t, {}, { keepAliveMs: 10 });
  const connection = raw(port);
  connection.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(await connection.closed, /^HTTP\/1\.1 404 /);
});

test("too many headers and headers too large are refused", async (t) => {
  const { port } = await setup(t);
  for (const [count, bytes] of [
    [101, 1],
    [5_000, 1],
    [2, 20_000],
  ] as const) {
    const connection = raw(port);
    const headers = Array.from({ length: count }, (_, index) => `x-${index}: ${"a".repeat(bytes)}`);
    connection.socket.write(["POST /hooks/shop HTTP/1.1", "Host: a", ...headers, "", ""].join("\r\n"));
    assert.match(await connection.closed, /^HTTP\/1\.1 431 /);
  }
});

for (const [what, request] of [
  ["both lengths", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
  ["an unknown transfer-encoding", "Transfer-Encoding: cow\r\n\r\nhello"],
  ["a folded header", "X-A: b\r\n c\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"],
  ["a bare line feed", "X-A: b\nContent-Length: 2\r\n\r\n{}"],
] as const) {
  test(`a request with ${what} is refused and its connection closed`, async (t) => {
    const { port } = await setup(t);
    const connection = raw(port);
    connection.socket.write(`POST /hooks/shop HTTP/1.1\r\nHost: a\r\n${request}`);
    assert.match(await connection.closed, /^HTTP\/1\.1 400 /);
  });
}

test("a request without a host is refused", async (t) => {
  const { port } = await setup(t);
  const connection = raw(port);
  connection.socket.write("GET / HTTP/1.1\r\n\r\n");
  assert.match(await connection.closed, /^HTTP\/1\.1 400 /);
});

test("connections beyond the limit are closed, the others are served", async (t) => {
  const { port } = await setup(t, {}, { connectionsMax: 1 });
  const first = raw(port);
  first.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await first.until("404");
  assert.equal(await raw(port).closed, "");
  first.socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await first.closed;
});

test("stopping lets requests under way finish, and closes idle connections", async (t) => {
  const commit = Promise.withResolvers<readonly "new"[]>();
  const asked = Promise.withResolvers<void>();
  const ingest = (): Promise<readonly "new"[]> => {
    asked.resolve();
    return commit.promise;
  };
  const { url, port, clock, server } = await setup(t, { ingest });
  const idle = raw(port);
  idle.socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await idle.until("404");
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const reply = deliver(url, clock, { agent });
  await asked.promise;
  const stopped = server.stop();
  await idle.closed;
  await assert.rejects(ask(url), { code: "ECONNREFUSED" });
  commit.resolve(["new"]);
  assert.equal((await reply).status, 200);
  await stopped;
  assert.equal(clock.waiting, 0);
});

test("stopping ends in time even when a request does not", async (t) => {
  const asked = Promise.withResolvers<void>();
  const ingest = (): Promise<never> => {
    asked.resolve();
    return new Promise(() => undefined);
  };
  const { url, clock, server } = await setup(t, { ingest }, { stopWithinMs: 1_000 });
  const reply = assert.rejects(deliver(url, clock));
  await asked.promise;
  const stopped = server.stop();
  await clock.advance(1_000);
  await reply;
  await stopped;
});
