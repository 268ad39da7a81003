import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { httpNetwork } from "./http-network.ts";
import { WireFailure, type WireRequest, type WireResponse } from "./world.ts";

const TIMEOUTS = { connectMs: 2_000, headersMs: 5_000, bodyIdleMs: 5_000, totalMs: 10_000 };

async function listen(t: TestContext, server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function http(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  t.after(() => server.closeAllConnections());
  return listen(t, server);
}

/** A server that answers the first bytes of each connection as it likes. */
async function raw(t: TestContext, talk: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  return listen(
    t,
    createServer((socket) => {
      sockets.add(socket.on("error", () => {}));
      socket.once("data", () => talk(socket));
    }),
  );
}

function setup(t: TestContext) {
  const network = httpNetwork();
  t.after(() => network.close());
  return (url: string, over: Partial<WireRequest> = {}): Promise<WireResponse> =>
    network.send({ method: "POST", url, headers: {}, body: "{}", timeouts: TIMEOUTS, bodyBytesMax: 10_000, ...over });
}

async function failure(promise: Promise<unknown>): Promise<readonly [WireFailure["kind"], WireFailure["sent"]]> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof WireFailure, String(error));
    return [error.kind, error.sent];
  }
  return assert.fail("wanted a failure, got an answer");
}

test("an answer comes whole, with its headers in lower case and repeated ones joined", async (t) => {
  const send = setup(t);
  const url = await http(t, (request, response) => {
    response.setHeader("X-Seen", `${request.method} ${request.url} ${String(request.headers["x-a"])}`);
    response.setHeader("Link", ["<a>", "<b>"]);
    response.statusCode = 201;
    request.pipe(response);
  });
  const answer = await send(`${url}/p?q=1`, { headers: { "x-a": "b" }, body: "hällo" });
  assert.equal(answer.status, 201);
  assert.equal(answer.headers["x-seen"], "POST /p?q=1 b");
  assert.equal(answer.headers["link"], "<a>, <b>");
  assert.equal(Buffer.from(answer.body).toString(), "hällo");
});

test("connections are kept and used again", async (t) => {
  const send = setup(t);
  const sockets = new Set<unknown>();
  const url = await http(t, (request, response) => {
    sockets.add(request.socket);
    response.end("ok");
  });
  for (let call = 0; call < 5; call += 1) await send(url);
  assert.ok(sockets.size <= 2, `${sockets.size}`);
});

for (const status of [301, 302, 303, 307, 308]) {
  for (const to of ["other origin", "same origin"] as const) {
    test(`${status} to the ${to} is handed back and not one byte of the request goes there`, async (t) => {
      const send = setup(t);
      let bytesElsewhere = 0;
      const elsewhere = await listen(
        t,
        createServer((socket) => {
          socket.on("data", (bytes) => (bytesElsewhere += bytes.length));
          bytesElsewhere += 1;
        }),
      );
      let calls = 0;
      const url = await http(t, (_request, response) => {
        calls += 1;
        response.writeHead(status, { location: to === "other origin" ? `${elsewhere}/take` : "/take" }).end();
      });
      const headers = { authorization: "Bearer secret", cookie: "session=secret", "x-api-key": "secret" };
      const answer = await send(url, { headers, body: "secret" });
      assert.deepEqual([answer.status, calls, bytesElsewhere], [status, 1, 0]);
    });
  }
}

test("nobody listens: certainly not sent", async (t) => {
  const send = setup(t);
  const server = createServer();
  const url = await listen(t, server);
  server.close();
  await once(server, "close");
  assert.deepEqual(await failure(send(url)), ["connect", "no"]);
});

test("a name that does not exist: certainly not sent", async (t) => {
  const [kind, sent] = await failure(setup(t)("http://no-such-host.invalid/"));
  assert.deepEqual([kind, sent], ["resolve", "no"]);
});

test("no secure connection: certainly not sent", async (t) => {
  const url = await raw(t, (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  assert.deepEqual(await failure(setup(t)(url.replace("http:", "https:"))), ["tls", "no"]);
});

test("a header that cannot be sent is not sent", async (t) => {
  const url = await http(t, (_request, response) => response.end());
  assert.deepEqual((await failure(setup(t)(url, { headers: { "x-a": "b\r\nc: d" } })))[1], "no");
});

for (const [what, answer, wanted] of [
  ["closed without an answer", "", ["reset", "maybe"]],
  ["closed within the headers", "HTTP/1.1 200 OK\r\nContent-Le", ["reset", "maybe"]],
  ["closed within the body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", ["truncated", "maybe"]],
  ["closed within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf", ["truncated", "maybe"]],
  ["no HTTP at all", "SSH-2.0-OpenSSH\r\n", ["truncated", "maybe"]],
] as const) {
  test(`${what}: the provider may have done it`, async (t) => {
    const url = await raw(t, (socket) => socket.end(answer));
    assert.deepEqual(await failure(setup(t)(url)), wanted);
  });
}

test("a connection that is reset: the provider may have done it", async (t) => {
  const url = await raw(t, (socket) => socket.resetAndDestroy());
  assert.deepEqual(await failure(setup(t)(url)), ["reset", "maybe"]);
});

test("a body longer than was announced is cut at what was announced", async (t) => {
  const url = await raw(t, (socket) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n"),
  );
  const answer = await setup(t)(url);
  assert.deepEqual([answer.status, Buffer.from(answer.body).toString()], [200, "ok"]);
});

test("silence, before the headers or within the body, is given up in time", async (t) => {
  const send = setup(t);
  const silent = await raw(t, () => {});
  assert.deepEqual(await failure(send(silent, { timeouts: { ...TIMEOUTS, headersMs: 30 } })), ["timeout", "maybe"]);
  const halfway = await raw(t, (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
  assert.deepEqual(await failure(send(halfway, { timeouts: { ...TIMEOUTS, bodyIdleMs: 30 } })), ["timeout", "maybe"]);
});

test("a body that drips for ever ends at the total time", async (t) => {
  const url = await raw(t, (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const drip = setInterval(() => socket.write("1\r\nx\r\n"), 5);
    socket.once("close", () => clearInterval(drip));
  });
  assert.deepEqual(await failure(setup(t)(url, { timeouts: { ...TIMEOUTS, totalMs: 60 } })), ["timeout", "maybe"]);
});

/** Answers one request in a thread of its own: `seen` is 1 once the request is there, and 2 once the answer is sent. */
const ANSWERING = `
  const { workerData, parentPort } = require("node:worker_threads");
  const { createServer } = require("node:net");
  const tell = (what) => { Atomics.store(workerData.seen, 0, what); Atomics.notify(workerData.seen, 0); };
  const server = createServer((socket) => socket.once("data", () => {
    tell(1);
    socket.end(workerData.answer, () => tell(2));
  }));
  server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;

const zeros = gzipSync(Buffer.alloc(9_000));

for (const [what, answer, length] of [
  ["whole", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2],
  [
    "whole and has to be decoded",
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zeros.length}\r\n\r\n`),
      zeros,
    ]),
    9_000,
  ],
] as const) {
  test(`an answer that came, ${what}, while this process was stopped is taken, though the time ran out meanwhile`, async (t) => {
    const seen = new Int32Array(new SharedArrayBuffer(4));
    const provider = new Worker(ANSWERING, { eval: true, workerData: { seen, answer } });
    t.after(() => provider.terminate());
    const [port] = (await once(provider, "message")) as [number];
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const call = setup(t)(`http://127.0.0.1:${port}`);
    call.catch(() => undefined);
    while (Atomics.load(seen, 0) === 0) await new Promise((turn) => setImmediate(turn));
    // This thread stands still until the answer is sent, and then finds its timers first.
    Atomics.wait(seen, 0, 1);
    t.mock.timers.tick(TIMEOUTS.totalMs);
    const { status, body } = await call;
    assert.deepEqual([status, body.length], [200, length]);
  });
}

test("time that ran out while waiting for a connection: certainly not sent", async (t) => {
  const network = httpNetwork({ connectionsMax: 1 });
  t.after(() => network.close());
  let requests = 0;
  const url = await http(t, () => (requests += 1));
  const request = { method: "POST", url, headers: {}, body: "{}", bodyBytesMax: 100 };
  const busy = failure(network.send({ ...request, timeouts: { ...TIMEOUTS, totalMs: 200 } }));
  assert.deepEqual(await failure(network.send({ ...request, timeouts: { ...TIMEOUTS, totalMs: 20 } })), [
    "timeout",
    "no",
  ]);
  await busy;
  assert.equal(requests, 1);
});

test("a large answer is not read to its end, announced or not", async (t) => {
  const send = setup(t);
  const announced = await raw(t, (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n"));
  assert.deepEqual(await failure(send(announced)), ["too-large", "maybe"]);
  const endless = await http(t, (_request, response) => {
    const more = (): void =>
      void (response.write(Buffer.alloc(4_096)) ? setImmediate(more) : response.once("drain", more));
    more();
  });
  assert.deepEqual(await failure(send(endless)), ["too-large", "maybe"]);
});

test("a megabyte of headers is refused", async (t) => {
  const url = await raw(t, (socket) => socket.end(`HTTP/1.1 200 OK\r\nX: ${"y".repeat(1_000_000)}\r\n\r\n`));
  assert.deepEqual(await failure(setup(t)(url)), ["too-large", "maybe"]);
});

const plain = Buffer.from(JSON.stringify({ text: "x".repeat(5_000) }));
for (const [coding, body] of [
  ["gzip", gzipSync(plain)],
  ["x-gzip", gzipSync(plain)],
  ["deflate", deflateSync(plain)],
  ["deflate", deflateRawSync(plain)],
  ["br", brotliCompressSync(plain)],
  ["identity", plain],
] as const) {
  test(`${coding} is undone, and whole`, async (t) => {
    const url = await http(t, (_request, response) => response.setHeader("content-encoding", coding).end(body));
    const answer = await setup(t)(url);
    assert.ok(plain.equals(Buffer.from(answer.body)));
    assert.equal(answer.headers["content-encoding"], undefined);
  });
}

for (const [what, coding, body, wanted] of [
  ["a bomb", "gzip", gzipSync(Buffer.alloc(5_000_000)), "too-large"],
  ["a bomb of brotli", "br", brotliCompressSync(Buffer.alloc(5_000_000)), "too-large"],
  ["half of it", "gzip", gzipSync(plain).subarray(0, 20), "truncated"],
  ["something else", "gzip", Buffer.from("not gzip"), "truncated"],
  ["a coding nobody asked for", "zstd, gzip", plain, "truncated"],
] as const) {
  test(`${what} in the place of ${coding} is refused as ${wanted}`, async (t) => {
    const url = await http(t, (_request, response) => response.setHeader("content-encoding", coding).end(body));
    assert.deepEqual(await failure(setup(t)(url)), [wanted, "maybe"]);
  });
}

test("an answer that came before is not the answer", async (t) => {
  const url = await http(t, (_request, response) => {
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    response.end("done");
  });
  const answer = await setup(t)(url);
  assert.deepEqual([answer.status, Buffer.from(answer.body).toString()], [200, "done"]);
});
