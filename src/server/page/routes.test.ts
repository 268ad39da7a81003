import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createApi } from "../api.ts";
import { NO_COUNTS } from "../../watch/audit/report.ts";
import { createServer } from "../server.ts";
import { fakeControl, NOW, type FakeControl } from "../testing/fake-control.ts";
import { ask } from "../testing/http.ts";

const TOKEN = "a-token-of-some-length";
const HOSTILE = `<script>alert(1)</script>"'`;

async function setup(t: TestContext): Promise<{ readonly control: FakeControl; readonly url: string }> {
  const control = fakeControl();
  const api = createApi({ control, token: TOKEN, openPage: true });
  const server = createServer({ port: 0, edge: () => false, api });
  const { url } = await server.start();
  t.after(() => server.stop());
  return { control, url };
}

/** Opens the address that is printed at the start, as a browser does; the cookie that it keeps. */
async function open(url: string): Promise<string> {
  const reply = await ask(`${url}/?token=${TOKEN}`);
  assert.equal(reply.status, 303);
  assert.equal(reply.headers.location, "/");
  const [set = ""] = reply.headers["set-cookie"] ?? [];
  assert.match(set, /; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.doesNotMatch(set, new RegExp(TOKEN));
  return set.split(";", 1)[0] ?? "";
}

function parkHostile(control: FakeControl): void {
  control.rows = [
    {
      sync: HOSTILE,
      key: HOSTILE,
      title: HOSTILE,
      cause: "mapping",
      reason: HOSTILE,
      todo: HOSTILE,
      detail: { [HOSTILE]: HOSTILE },
      since: NOW,
      attempts: 1,
    },
  ];
  const request = { at: NOW, method: HOSTILE, url: HOSTILE, outcome: HOSTILE, reason: HOSTILE, durationMs: 1 };
  control.log = [{ ...request, id: 1, connection: HOSTILE, key: HOSTILE, sync: HOSTILE }];
  control.rows.push({ ...control.rows[0]!, cause: "deletions" });
  const [values, rule] = [[HOSTILE, null] as const, HOSTILE];
  control.lost = [{ id: 1, sync: HOSTILE, key: HOSTILE, fields: [HOSTILE, "b"], values, rule, at: NOW }];
  const alert = { id: "parked", what: "parked", syncs: [HOSTILE], owners: [HOSTILE], count: 1, path: HOSTILE } as const;
  const failure = { attempts: 1, nextAt: NOW, reason: HOSTILE, reached: [] };
  const words = { title: HOSTILE, reason: HOSTILE, todo: HOSTILE };
  control.told = [{ ...alert, ...words, since: NOW, openedAt: NOW, failure, unaddressed: false }];
  const heard = { resource: HOSTILE, found: 1, lastAt: NOW, quietAt: NOW };
  const told = { where: HOSTILE, address: HOSTILE, todo: HOSTILE, checkFault: HOSTILE };
  control.heard = [{ connection: HOSTILE, how: "by-hand", subscriptions: 0, faults: [], resources: [heard], ...told }];
  const touches = [{ sync: HOSTILE, fields: [HOSTILE], owner: HOSTILE }];
  const drift = { kind: "type", on: HOSTILE, place: HOSTILE, detail: HOSTILE } as const;
  control.drifted = [{ ...drift, firstAt: NOW, lastAt: NOW, times: 1, touches }];
  control.entries = [{ at: NOW, what: HOSTILE, sync: HOSTILE, key: HOSTILE, text: HOSTILE }];
  const counts = { ready: 1, waiting: 1, sending: 0, unknown: 0, parked: 1, links: 1 };
  const sync = { sync: HOSTILE, from: HOSTILE, to: HOSTILE, purpose: HOSTILE, owner: HOSTILE, heldBecause: HOSTILE };
  control.now = {
    ...control.now,
    restored: { doubted: [HOSTILE] },
    project: HOSTILE,
    syncs: [{ ...sync, ...counts, health: "held", behindMs: 5, freshWithinMs: 10 }],
    connections: [{ connection: HOSTILE, connector: HOSTILE, state: "paused", reason: HOSTILE }],
    tallies: { [HOSTILE]: 1 },
  };
}

test("nothing that a record, a sync or an answer says becomes part of the page", async (t) => {
  const { control, url } = await setup(t);
  parkHostile(control);
  const cookie = await open(url);
  for (const path of ["/", `/record?key=${encodeURIComponent(HOSTILE)}`]) {
    const { status, text } = await ask(url + path, { headers: { cookie } });
    assert.equal(status, 200);
    assert.equal(text.match(/<script/g)?.length, 1, "our own script only");
    assert.doesNotMatch(text, /<script>|alert\(1\)<\/script>|"'/);
    assert.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;/);
  }
});

test("the page may run and load nothing but its own, and is not kept or framed", async (t) => {
  const { url } = await setup(t);
  const [one, other] = [await ask(url), await ask(url)];
  const policy = String(one.headers["content-security-policy"]);
  const nonce = /script-src 'nonce-([\w-]+)'/.exec(policy)?.[1] ?? "";
  assert.ok(nonce.length >= 22);
  assert.match(policy, /^default-src 'none'; /);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.ok(one.text.includes(`<script nonce="${nonce}">`));
  assert.notEqual(other.headers["content-security-policy"], policy);
  assert.equal(one.headers["x-content-type-options"], "nosniff");
  assert.equal(one.headers["cache-control"], "no-store");
});

test("on this machine the page is read without the token, and shows no buttons", async (t) => {
  const { control, url } = await setup(t);
  parkHostile(control);
  const { status, text } = await ask(url);
  assert.equal(status, 200);
  assert.doesNotMatch(text, />Retry<\/button>/);
  assert.match(text, /open the address that <code>bowline page<\/code> prints/);
});

for (const [what, query, got] of [
  ["without a key", "", "got none"],
  ["with an empty key", "?key=", "got none"],
  ["with a key that is too long", `?key=${"x".repeat(1_001)}`, "got one of 1,001"],
] as const) {
  test(`the page of a record ${what} says in a page what is wrong, whatever was accepted`, async (t) => {
    const { url } = await setup(t);
    for (const accept of ["text/html", "*/*"]) {
      const { status, text, headers } = await ask(`${url}/record${query}`, { headers: { accept } });
      assert.equal(status, 400);
      assert.match(headers["content-type"] ?? "", /^text\/html/);
      assert.ok(
        text.includes(
          `could not show a record: expected its key or title, at most 1,000 characters, and ${got}; type it in above`,
        ),
      );
    }
  });
}

test("a person who follows a link without having been let in is told which address to open first", async (t) => {
  const { url } = await setup(t);
  const { status, text } = await ask(`${url}/connect/shop`, { headers: { accept: "text/html" } });
  assert.equal(status, 401);
  assert.match(text, /open the address that (&quot;|&#34;|")bowline page(&quot;|&#34;|") prints/);
});

test("the printed address opens the page with its buttons", async (t) => {
  const { control, url } = await setup(t);
  parkHostile(control);
  const cookie = await open(url);
  assert.match((await ask(url, { headers: { cookie } })).text, />Retry<\/button>/);
});

test("a wrong token in the address opens nothing", async (t) => {
  const { url } = await setup(t);
  const reply = await ask(`${url}/?token=wrong`, { headers: { accept: "text/html" } });
  assert.equal(reply.status, 401);
  assert.equal(reply.headers["set-cookie"], undefined);
  assert.match(reply.text, /no longer valid/);
  const foreign = await ask(`${url}/?token=${TOKEN}`, { headers: { host: "evil.example" } });
  assert.equal(foreign.status, 421);
  assert.equal(foreign.headers["set-cookie"], undefined);
});

test("the buttons retry and discard, from our own page only", async (t) => {
  const { control, url } = await setup(t);
  const cookie = await open(url);
  const form = { "content-type": "application/x-www-form-urlencoded", cookie };
  const send = async (path: string, body: string, headers: Readonly<Record<string, string>>): Promise<number> =>
    (await ask(url + path, { method: "POST", headers: { ...form, ...headers }, body })).status;
  const ours = { origin: url, "sec-fetch-site": "same-origin" };
  assert.equal(await send("/page/retry", "sync=orders&key=%231001", ours), 303);
  assert.equal(await send("/page/discard", "sync=orders&key=1&reason=a+test", ours), 303);
  assert.deepEqual(control.calls, [
    ["retryParked", { sync: "orders", key: "#1001" }],
    ["discardParked", { sync: "orders", key: "1" }, "a test"],
  ]);
  assert.equal(await send("/page/deletions/allow", "sync=orders", ours), 303);
  assert.equal(await send("/page/deletions/refuse", "sync=orders", ours), 303);
  assert.equal(await send("/page/put-back", "conflict=17&side=crm", ours), 303);
  assert.deepEqual(control.calls.splice(2), [
    ["retryParked", { sync: "orders", cause: "deletions" }],
    ["refuseDeletions", "orders"],
    ["putBack", 17, "crm"],
  ]);
  assert.equal(await send("/page/put-back", "conflict=x&side=crm", ours), 400);
  assert.equal(await send("/page/discard", "sync=orders&key=1&reason=", ours), 400);
  assert.equal(await send("/page/retry", "sync=orders", ours), 400);
  assert.equal(await send("/page/retry", "sync=orders&key=1", {}), 403);
  const evil = { origin: "http://evil.example", "sec-fetch-site": "cross-site" };
  assert.equal(await send("/page/retry", "sync=orders&key=1", evil), 403);
  assert.equal(control.calls.length, 2);
});

test("what waits for a word of its own is told apart: held deletions, conflicts, connections, webhooks, drift, audits", async (t) => {
  const { control, url } = await setup(t);
  parkHostile(control);
  const counts = { ...NO_COUNTS, source: 5, target: 4 };
  const audit = { sync: HOSTILE, state: "running", asked: {}, stage: "source", counts, beganAt: NOW } as const;
  control.audited = [{ ...audit, id: 1 }];
  const { text } = await ask(url, { headers: { cookie: await open(url) } });
  const headings = [...text.matchAll(/<h2 id="(\w+)">/g)].map(([, id]) => id);
  assert.deepEqual(headings, [
    "syncs",
    "alerts",
    "deletions",
    "parked",
    "conflicts",
    "connections",
    "webhooks",
    "drifts",
    "audits",
    "requests",
    "tallies",
  ]);
  assert.equal(text.match(/<table>\s*<caption>/g)?.length, 10, "each table has its caption");
  assert.match(text, /<a href="\/connect\/%3Cscript/);
  assert.match(text, /source: 5 and 4 records read/);
  assert.match(text, />quiet<\/span>/);
});

test("a file of state that was restored is told on the page, while not all is known that changed since", async (t) => {
  const { control, url } = await setup(t);
  const doubted = ["shop/orders"];
  control.now = { ...control.now, restored: { madeAt: NOW, beganAt: NOW, doubted } };
  assert.match(
    (await ask(url)).text,
    /Restored from the backup of <time [^>]+>[^<]+<\/time>; not listed since: shop\/orders\./,
  );
  control.now = { ...control.now, restored: { beganAt: NOW, doubted } };
  assert.match((await ask(url)).text, /Restored from a backup; not listed since/);
});

test("an empty project shows an honest page", async (t) => {
  const { url } = await setup(t);
  const { text } = await ask(url);
  assert.match(text, /There are no syncs yet\./);
  assert.match(text, /Nothing is parked\./);
});
