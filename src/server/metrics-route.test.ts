import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { StoreError } from "../store/store.ts";
import { createApi, type ApiOptions } from "./api.ts";
import { createServer } from "./server.ts";
import { readExposition } from "./testing/exposition.ts";
import { fakeControl, type FakeControl } from "./testing/fake-control.ts";
import { ask } from "./testing/http.ts";

const TOKEN = "a-token-of-some-length";
const METRICS_TOKEN = "a-token-for-metrics-only";
const watcher = { authorization: `Bearer ${METRICS_TOKEN}` };

interface Setup {
  readonly control: FakeControl;
  readonly url: string;
  readonly faults: unknown[];
}

async function setup(t: TestContext, options: Partial<ApiOptions> = {}): Promise<Setup> {
  const control = fakeControl();
  const faults: unknown[] = [];
  const onFault = (fault: unknown): unknown => faults.push(fault);
  const api = createApi({ control, token: TOKEN, metricsToken: METRICS_TOKEN, onFault, ...options });
  const server = createServer({ port: 0, edge: () => false, api });
  const { url } = await server.start();
  t.after(() => server.stop());
  return { control, url, faults };
}

test("the metrics come in the type that Prometheus expects, with what the edge and the process say", async (t) => {
  const figures = { version: "1.2.3", startedAt: 1_000, residentBytes: 2_048 };
  const { url } = await setup(t, { refusing: () => "the disk is full", processFigures: () => figures });
  const { status, headers, text } = await ask(`${url}/metrics`, { headers: watcher });
  assert.deepEqual([status, headers["content-type"]], [200, "text/plain; version=0.0.4; charset=utf-8"]);
  const families = readExposition(text);
  assert.equal(families.get("bowline_webhooks_refusing")?.samples.get(""), 1);
  assert.equal(families.get("process_resident_memory_bytes")?.samples.get(""), 2_048);
  const head = await ask(`${url}/metrics`, { method: "HEAD", headers: watcher });
  assert.deepEqual([head.status, head.headers["content-type"], head.text], [200, headers["content-type"], ""]);
});

for (const [who, headers, openPage, expected] of [
  ["the metrics token", watcher, false, 200],
  ["the metrics token under a name that is not ours", { ...watcher, host: "bowline:4600" }, false, 200],
  ["the metrics token through a proxy", { ...watcher, "x-forwarded-for": "192.0.2.1" }, false, 200],
  ["the control token", { authorization: `Bearer ${TOKEN}` }, false, 200],
  ["nobody known, with an open page", {}, true, 200],
  ["nobody known, with a closed page", {}, false, 401],
  ["nobody known through a proxy", { "x-forwarded-for": "127.0.0.1" }, true, 401],
  ["nobody known under a plain address of another machine", { host: "192.0.2.1" }, true, 401],
  ["nobody known under a name that is not ours", { host: "evil.example" }, true, 421],
  ["the control token under a name that is not ours", { authorization: `Bearer ${TOKEN}`, host: "a.b" }, true, 421],
  ["a token that only begins like it", { authorization: `Bearer ${METRICS_TOKEN}x` }, false, 401],
  ["half a token", { authorization: `Bearer ${METRICS_TOKEN.slice(0, 16)}` }, false, 401],
  ["an empty token", { authorization: "Bearer " }, false, 401],
  ["the token as a password", { authorization: `Basic ${METRICS_TOKEN}` }, false, 401],
] as const) {
  test(`the metrics, asked for with ${who}, are answered ${expected}`, async (t) => {
    const { url, control } = await setup(t, { openPage });
    assert.equal((await ask(`${url}/metrics`, { headers })).status, expected);
    assert.equal(control.calls.length, expected === 200 ? 1 : 0);
  });
}

test("where a project sets no token for the metrics, an empty one opens nothing", async (t) => {
  const { url } = await setup(t, { metricsToken: "" });
  for (const authorization of ["Bearer ", "Bearer", "Bearer undefined", `Bearer ${METRICS_TOKEN}`]) {
    assert.equal((await ask(`${url}/metrics`, { headers: { authorization } })).status, 401);
  }
});

test("the metrics token opens nothing else, and changes nothing", async (t) => {
  const { url, control } = await setup(t);
  const paths = ["/", "/record?key=1", "/api/status", "/api/parked", "/connect/shop", "/metrics/", "//metrics"];
  for (const path of paths) assert.equal((await ask(url + path, { headers: watcher })).status, 401, path);
  assert.equal((await ask(`${url}/?token=${METRICS_TOKEN}`)).status, 401);
  for (const path of ["/metrics", "/api/replay", "/page/retry"]) {
    const posted = await ask(url + path, { method: "POST", headers: watcher, body: "{}" });
    assert.equal(posted.status, 401, path);
  }
  assert.deepEqual(control.calls, []);
});

test("the metrics are only read, by whoever has the control token too", async (t) => {
  const { url, control } = await setup(t);
  const headers = { authorization: `Bearer ${TOKEN}` };
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
    assert.equal((await ask(`${url}/metrics`, { method, headers })).status, 404, method);
  }
  assert.deepEqual(control.calls, []);
});

test("while the store cannot be read the metrics are answered 503 and say so, without its words", async (t) => {
  const { url, control, faults } = await setup(t);
  control.broken = new StoreError("io", "a sentence with a path in it");
  const { status, headers, text } = await ask(`${url}/metrics`, { headers: watcher });
  assert.deepEqual([status, text], [503, "the store: io\n"]);
  assert.match(headers["content-type"] ?? "", /^text\/plain/);
  assert.deepEqual(faults, []);
  control.broken = new Error("a fault of ours");
  const bug = await ask(`${url}/metrics`, { headers: watcher });
  assert.deepEqual([bug.status, faults.length], [500, 1]);
  assert.doesNotMatch(bug.text, /a fault of ours/);
});
