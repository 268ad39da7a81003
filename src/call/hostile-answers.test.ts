import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { z } from "zod";
import type { Answer, Api, ApiRequest } from "../define/connector.ts";
import { bytes, form, multipart, stream } from "../define/body.ts";
import { defineConnector } from "../define/define-connector.ts";
import { CallFailed, type Outcome } from "../define/outcome.ts";
import type { RequestEntry } from "../store/store.ts";
import { httpNetwork } from "../world/http-network.ts";
import { realClock } from "../world/real.ts";
import { SeededRandom } from "../world/virtual.ts";
import { createCaller } from "./caller.ts";

const SECRET = "canary-0123456789abcdef";
const ANSWER_BYTES_MAX = 200_000;
const GET: ApiRequest = { method: "GET", path: "/a" };
const POST: ApiRequest = { method: "POST", path: "/a", body: { n: 1 } };

interface Setup {
  readonly api: Api;
  readonly entries: RequestEntry[];
  /** What came in, a request each. */
  readonly seen: string[];
  outcomeOf(request: ApiRequest): Promise<Outcome>;
}

/** A provider that answers whatever it likes, byte by byte, and a caller that asks it over real HTTP. */
async function setup(t: TestContext, talk: (socket: Socket) => void, timeoutMs = 2_000): Promise<Setup> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    socket.on("data", (data) => {
      seen.push(data.toString("latin1"));
      talk(socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const network = httpNetwork();
  t.after(async () => {
    await network.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const connector = defineConnector({
    name: "hostile",
    title: "Hostile",
    settings: z.object({ token: z.string() }),
    baseUrl: () => url,
    auth: { kind: "header", header: "x-token", setting: "token" },
    limits: [],
    resources: {},
  });
  const caller = createCaller({
    connection: connector.connect("hostile", { token: SECRET }) as never,
    secrets: () => undefined,
    world: { clock: realClock, random: new SeededRandom(1), network },
    credentials: undefined as never,
    onReauthorize: () => {},
    timeouts: { connectMs: 1_000, headersMs: timeoutMs, bodyIdleMs: timeoutMs, totalMs: timeoutMs },
    limits: { answerBytesMax: ANSWER_BYTES_MAX },
  });
  const entries: RequestEntry[] = [];
  const api = caller.api({ priority: "live", entries });
  return {
    api,
    entries,
    seen,
    async outcomeOf(request) {
      try {
        await api.request(request);
        return { kind: "done" };
      } catch (error) {
        assert.ok(error instanceof CallFailed, String(error));
        return error.outcome;
      }
    },
  };
}

function whole(body: string | Uint8Array, headers: string = "content-type: application/json", status = "200 OK") {
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
  return (socket: Socket): void => {
    socket.write(`HTTP/1.1 ${status}\r\n${headers}\r\ncontent-length: ${length}\r\n\r\n`);
    socket.write(body);
  };
}

const zeros = Buffer.alloc(50_000_000);
const json = "content-type: application/json";

/** A read of these ends `unavailable`, a write `unknown`: it may have been done. */
const LOST: readonly (readonly [what: string, talk: (socket: Socket) => void, reason: RegExp])[] = [
  ["a gzip bomb", whole(gzipSync(zeros), `${json}\r\ncontent-encoding: gzip`), /too large/],
  ["a brotli bomb", whole(brotliCompressSync(zeros), `${json}\r\ncontent-encoding: br`), /too large/],
  [
    "a length beyond the limit",
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n`),
    /too large/,
  ],
  ["an endless body", endless, /too large/],
  [
    "a megabyte of headers",
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(1_000_000)}\r\n\r\n`),
    /too large/,
  ],
  ["half a body", (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a":'), /cut short/],
  ["JSON that ends in the middle", whole('{"a":'), /cannot read the JSON/],
  ["NaN", whole('{"a":NaN}'), /cannot read the JSON/],
  ["Infinity", whole('{"a":Infinity}'), /cannot read the JSON/],
  ["a hundred thousand levels", whole("[".repeat(50_000) + "]".repeat(50_000)), /at most 64 levels/],
  [
    "bytes that are not UTF-8",
    whole(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
    /got bytes that are not/,
  ],
  ["UTF-16 that says UTF-8", whole(Buffer.from('{"a":1}', "utf16le")), /cannot read the JSON/],
  ["a web page", whole("<html>Please wait</html>", "content-type: text/html"), /got a web page/],
  ["a web page that says JSON", whole("<html>Please wait</html>"), /cannot read the JSON/],
  ["__proto__", whole('{"__proto__":{"admin":true}}'), /__proto__/],
  ["a coding nobody knows", whole("{}", `${json}\r\ncontent-encoding: zstd9`), /cannot be decoded/],
  ["what is no HTTP", (socket) => void socket.write("SSH-2.0-OpenSSH_9.2\r\n"), /cut short/],
  [
    "two lengths",
    (socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
    /does not match content-length/,
  ],
];

function endless(socket: Socket): void {
  socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", more);
  more();
}

for (const [what, talk, reason] of LOST) {
  test(`${what} is a typed outcome: a read is tried again later, a write is looked up`, async (t) => {
    const { outcomeOf } = await setup(t, talk);
    const read = await outcomeOf(GET);
    assert.equal(read.kind, "unavailable");
    assert.match(read.reason ?? "", reason);
    assert.equal((await outcomeOf(POST)).kind, "unknown");
  });
}

test("an answer that only drips is given up when its time is over", async (t) => {
  const drip = (socket: Socket): void => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write("x")), 20);
    t.after(() => clearInterval(timer));
  };
  const { outcomeOf } = await setup(t, drip, 200);
  assert.match((await outcomeOf(POST)).reason ?? "", /no answer came in time/);
});

async function answerTo(t: TestContext, talk: (socket: Socket) => void): Promise<Answer> {
  return (await setup(t, talk)).api.request(GET);
}

test("long keys and decimals come as they were sent", async (t) => {
  const { json: read } = await answerTo(t, whole('{"id":18446744073709551615,"total":1234567890123456.789,"n":12.5}'));
  assert.deepEqual(read, { id: "18446744073709551615", total: "1234567890123456.789", n: 12.5 });
});

test("an answer in another charset is read in it", async (t) => {
  const latin = whole(Buffer.from('{"name":"Müller"}', "latin1"), "content-type: application/json; charset=ISO-8859-1");
  assert.deepEqual((await answerTo(t, latin)).json, { name: "Müller" });
});

test("a file comes as its bytes", async (t) => {
  const content = Buffer.from([0, 255, 13, 10, 123]);
  const answer = await answerTo(t, whole(content, "content-type: application/pdf"));
  assert.deepEqual(Buffer.from(answer.bytes ?? []), content);
});

test("an answer that redirects to itself is followed no further than the request allows", async (t) => {
  const { outcomeOf, seen } = await setup(t, whole("", "location: /a", "307 Temporary Redirect"));
  assert.equal((await outcomeOf({ ...GET, redirectsMax: 3 })).kind, "unavailable");
  assert.equal(seen.length, 4);
  assert.equal((await outcomeOf({ ...GET, redirectsMax: 1_000 })).kind, "unavailable");
  assert.equal(seen.length, 4 + 11);
  await outcomeOf(GET);
  assert.equal(seen.length, 4 + 11 + 1);
});

test("a redirect that is followed is signed in and logged like every call", async (t) => {
  let asked = 0;
  const { api, entries, seen } = await setup(t, (socket) => {
    asked += 1;
    if (asked === 1) whole("", "location: /b?x=1", "303 See Other")(socket);
    else whole('{"ok":true}')(socket);
  });
  assert.deepEqual((await api.request({ ...POST, redirectsMax: 1 })).json, { ok: true });
  assert.match(seen[1] ?? "", new RegExp(`^GET /b\\?x=1 HTTP[^]*x-token: ${SECRET}\\r\\n`));
  assert.deepEqual(
    entries.map(({ method, status }) => [method, status]),
    [
      ["POST", 303],
      ["GET", 200],
    ],
  );
});

for (const [what, body, head, sent] of [
  [
    "a form",
    form({ a: "1 2", b: [3] }),
    /content-type: application\/x-www-form-urlencoded/,
    /\r\n\r\na=1\+2&b%5B0%5D=3$/,
  ],
  ["bytes", bytes(Buffer.from("\xffPNG", "latin1"), "image/png"), /content-type: image\/png/, /\r\n\r\n\xffPNG$/],
  ["bare bytes", Buffer.from("abc"), /content-type: application\/octet-stream/, /\r\n\r\nabc$/],
  [
    "parts",
    multipart([{ name: "a", value: "b" }]),
    /content-type: multipart\/form-data; boundary=/,
    /name="a"\r\n\r\nb\r\n--/,
  ],
] as const) {
  test(`${what} can be sent`, async (t) => {
    const { api, seen } = await setup(t, whole("{}"));
    await api.request({ ...POST, body });
    const [request = ""] = seen;
    assert.match(request, head);
    assert.match(request, sent);
  });
}

test("a stream is sent with its length and never again by itself", async (t) => {
  let read = 0;
  const chunks = async function* () {
    read += 1;
    yield Buffer.from("ab");
    yield Buffer.from("cd");
  };
  const { outcomeOf, seen, entries } = await setup(t, (socket) => {
    if (seen.join("").endsWith("abcd")) socket.destroy();
  });
  const body = stream({ type: "text/csv", lengthBytes: 4, chunks });
  assert.equal((await outcomeOf({ ...POST, body, writes: false })).kind, "unavailable");
  assert.equal(read, 1);
  assert.match(seen.join(""), /content-length: 4\r\n(?:[^]*\r\n)?\r\nabcd$/);
  assert.equal(entries[0]?.requestBody, "(a stream of 4 bytes of text/csv)");
});

test("a stream that is shorter than it said leaves the write unknown", async (t) => {
  const { outcomeOf } = await setup(t, () => {}, 500);
  const body = stream({
    type: "text/csv",
    lengthBytes: 4,
    chunks: async function* () {
      yield Buffer.from("a");
    },
  });
  assert.equal((await outcomeOf({ ...POST, body })).kind, "unknown");
});
