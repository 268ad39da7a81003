import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { ControlError } from "../control.ts";
import { StoreError } from "../store/store.ts";
import { VirtualClock } from "../world/virtual.ts";
import { createApi, type ApiOptions } from "./api.ts";
import { createServer } from "./server.ts";
import { fakeControl, type FakeControl } from "./testing/fake-control.ts";
import { ask, type Ask, type Reply } from "./testing/http.ts";

const TOKEN = "a-token-of-some-length";
const JSON_TYPE = { "content-type": "application/json" };
const MULTIPART = { "content-type": "multipart/form-data; boundary=b" };

const change = (input: object): Ask => ({ method: "POST", headers: JSON_TYPE, body: JSON.stringify(input) });

interface Setup {
  readonly control: FakeControl;
  readonly url: string;
  /** Asks with the token. */
  readonly call: (path: string, asked?: Ask) => Promise<Reply>;
}

async function setup(t: TestContext, options: Partial<ApiOptions> = {}): Promise<Setup> {
  const control = fakeControl();
  const api = createApi({ control, token: TOKEN, ...options });
  const server = createServer({ port: 0, edge: () => false, api, clock: new VirtualClock() });
  const { url } = await server.start();
  t.after(() => server.stop());
  const call = (path: string, { headers, ...asked }: Ask = {}): Promise<Reply> =>
    ask(url + path, { ...asked, headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  return { control, url, call };
}

test("reads and changes come to the control with their input typed", async (t) => {
  const { call, control } = await setup(t);
  const post = async (path: string, input: unknown): Promise<Reply> =>
    call(path, { method: "POST", headers: JSON_TYPE, body: JSON.stringify(input) });
  const replies = [
    await call("/api/status"),
    await call("/api/parked?sync=orders&cause=mapping&limit=5"),
    await call("/api/story?key=%231001"),
    await call("/api/requests?connection=shop&limit=2"),
    await call("/api/progress/orders%2Fnew"),
    await post("/api/sync/orders", { full: true }),
    await post("/api/sync/orders", {}),
    await post("/api/parked/retry", { sync: "orders" }),
    await post("/api/parked/discard", { filter: { key: "1" }, reason: "a test order" }),
    await post("/api/parked/correct", { sync: "orders", key: "1", corrections: { Amount: 3, Memo: null } }),
    await post("/api/parked/link", { sync: "orders", key: "1", targetKey: "9" }),
    await post("/api/replay", { since: 5 }),
    await post("/api/import", { resource: "shop/orders", records: [{ id: 1 }] }),
  ];
  const statuses = replies.map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 200, 204, 200, 200, 200]);
  assert.deepEqual(control.calls, [
    ["status"],
    ["parked", { sync: "orders", cause: "mapping", limit: 5 }],
    ["story", "#1001"],
    ["requests", { connection: "shop", limit: 2 }],
    ["progress", "orders/new"],
    ["sync", "orders", { full: true }],
    ["sync", "orders", { full: false }],
    ["retryParked", { sync: "orders" }],
    ["discardParked", { key: "1" }, "a test order"],
    ["correct", "orders", "1", { Amount: 3, Memo: null }],
    ["link", "orders", "1", "9"],
    ["replay", { since: 5 }],
    ["importRecords", "shop/orders", [{ id: 1 }]],
  ]);
});

test("a body whose length is not told before is taken like any other", async (t) => {
  const { call, control } = await setup(t);
  const headers = { ...JSON_TYPE, "transfer-encoding": "chunked" };
  const reply = await call("/api/sync/orders", { method: "POST", headers, body: '{"full":true}' });
  assert.equal(reply.status, 200);
  assert.deepEqual(control.calls, [["sync", "orders", { full: true }]]);
});

for (const [what, path, asked, status, code] of [
  ["an unknown filter", "/api/parked?colour=red", {}, 400, "bad-input"],
  ["a limit that is no number", "/api/parked?limit=many", {}, 400, "bad-input"],
  ["a limit that is empty", "/api/parked?limit=", {}, 400, "bad-input"],
  ["a limit in another notation", "/api/parked?limit=0x10", {}, 400, "bad-input"],
  ["an empty number of a request", "/api/requests?id=", {}, 400, "bad-input"],
  ["an empty number of an audit", "/api/audit-findings?id=", {}, 400, "bad-input"],
  ["a number that is too large to be exact", "/api/requests?since=9007199254740992", {}, 400, "bad-input"],
  ["a truth as a limit", "/api/parked/retry", change({ limit: true }), 400, "bad-input"],
  ["a text as a limit", "/api/parked/discard", change({ filter: { limit: "1" }, reason: "r" }), 400, "bad-input"],
  ["a truth as the number of a conflict", "/api/conflicts/put-back", change({ conflict: true }), 400, "bad-input"],
  ["nothing as the number of a conflict", "/api/conflicts/put-back", change({ conflict: null }), 400, "bad-input"],
  ["a story without a key", "/api/story", {}, 400, "bad-input"],
  ["a path that does not exist", "/api/nothing", {}, 404, "no-such-path"],
  ["a body that is no JSON", "/api/replay", { method: "POST", headers: JSON_TYPE, body: "{" }, 400, "bad-input"],
  ["a list as a body", "/api/replay", { method: "POST", headers: JSON_TYPE, body: "[]" }, 400, "bad-input"],
  [
    "a key twice",
    "/api/replay",
    { method: "POST", headers: JSON_TYPE, body: '{"since":1,"since":2}' },
    400,
    "bad-input",
  ],
  ["a form", "/api/replay", { method: "POST", headers: { "content-type": "text/plain" }, body: "{}" }, 415, "not-json"],
  [
    "too large a body",
    "/api/replay",
    { method: "POST", headers: JSON_TYPE, body: " ".repeat(2_000) },
    413,
    "too-large",
  ],
  [
    "too large a body whose length is not told",
    "/api/replay",
    { method: "POST", headers: { ...JSON_TYPE, "transfer-encoding": "chunked" }, body: " ".repeat(2_000) },
    413,
    "too-large",
  ],
  ["a question what may be asked", "/api/status", { method: "OPTIONS" }, 404, "no-such-path"],
  ["a file as a form", "/page/retry", { method: "POST", headers: MULTIPART, body: "x" }, 415, "not-a-form"],
] as const) {
  test(`${what} is answered ${status}`, async (t) => {
    const { call, control } = await setup(t, { bodyBytesMax: 1_000 });
    const reply = await call(path, asked);
    assert.equal(reply.status, status);
    assert.equal(JSON.parse(reply.text).error.code, code);
    assert.deepEqual(control.calls, []);
  });
}

for (const [error, status, code] of [
  [new ControlError("unknown-sync", "no sync ordrs"), 404, "unknown-sync"],
  [new ControlError("not-now", "later"), 409, "not-now"],
  [new StoreError("full", "no space"), 503, "store-full"],
  [new Error("a secret detail"), 500, "bug"],
] as const) {
  test(`an error ${code} is answered ${status}`, async (t) => {
    const faults: unknown[] = [];
    const { call, control } = await setup(t, { onFault: (fault) => faults.push(fault) });
    control.broken = error;
    const reply = await call("/api/status");
    assert.equal(reply.status, status);
    assert.equal(JSON.parse(reply.text).error.code, code);
    assert.doesNotMatch(reply.text, /secret detail/);
    assert.equal(faults.length, status === 500 ? 1 : 0);
  });
}

test("every path but /health wants the token", async (t) => {
  const { url, control } = await setup(t);
  const tries = [
    {},
    { authorization: "Bearer wrong" },
    { authorization: `Bearer ${TOKEN}x` },
    { authorization: `Basic ${TOKEN}` },
    { authorization: "Bearer " },
    { cookie: `bowline_page=${TOKEN}` },
  ];
  for (const path of ["/", "/record?key=1", "/api/status", "/api/nothing", "/nothing", "//api/status"]) {
    for (const headers of tries) assert.equal((await ask(url + path, { headers })).status, 401, path);
  }
  const posted = await ask(`${url}/api/sync/orders`, { method: "POST", headers: JSON_TYPE, body: "{}" });
  assert.equal(posted.status, 401);
  assert.deepEqual(control.calls, []);
  assert.equal((await ask(`${url}/health`)).status, 200);
});

for (const name of ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"]) {
  test(`whom a proxy brings is not taken for somebody on this machine, where it says so by ${name} alone`, async (t) => {
    const { url } = await setup(t, { openPage: true });
    assert.equal((await ask(`${url}/`)).status, 200);
    for (const path of ["/", "/metrics"]) {
      assert.equal((await ask(url + path, { headers: { [name]: "127.0.0.1" } })).status, 401);
    }
  });
}

test("a token that is too short stops the start", () => {
  assert.throws(() => createApi({ control: fakeControl(), token: "short" }), /at least 16 characters, got 5/);
});

test("health tells that a sync is behind, webhooks are refused or the store is full, and no names", async (t) => {
  let refusing: string | undefined;
  const { url, control } = await setup(t, { refusing: () => refusing });
  const health = async (): Promise<readonly [number, unknown]> => {
    const { status, text } = await ask(`${url}/health`);
    return [status, JSON.parse(text)];
  };
  assert.deepEqual(await health(), [200, { ok: true }]);
  refusing = "the store cannot write: full";
  assert.deepEqual(await health(), [503, { ok: false, because: ["webhooks are being refused"] }]);
  refusing = undefined;
  control.broken = new StoreError("io", "gone");
  assert.deepEqual(await health(), [503, { ok: false, because: ["the store: io"] }]);
  control.broken = undefined;
  control.now = { ...control.now, syncs: [{ ...behind }] };
  assert.deepEqual(await health(), [503, { ok: false, because: ["1 of 1 syncs are behind"] }]);
});

const behind = {
  sync: "orders",
  from: "shop/orders",
  to: "books/invoices",
  purpose: "",
  owner: "finance",
  freshWithinMs: 300_000,
  behindMs: 400_000,
  health: "behind",
  ready: 1,
  waiting: 0,
  sending: 0,
  unknown: 0,
  parked: 0,
  links: 0,
} as const;
