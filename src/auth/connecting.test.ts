// Connecting as a browser does it, against a real provider on loopback; and every way to cheat (RFC 9700), each of which has
// to leave nothing behind but a word of warning.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { serve } from "../rehearse/simulators.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { CLIENT, SmallAuthority, type SmallAuthorityOptions } from "../testing/small-authority.ts";
import { httpNetwork } from "../world/http-network.ts";
import { realRandom } from "../world/real.ts";
import { VirtualClock } from "../world/virtual.ts";
import type { Authorize } from "../define/auth.ts";
import type { Connectable } from "./authorization.ts";
import { Connecting, JOURNEY_MS } from "./connecting.ts";
import { createCredentials } from "./credentials.ts";
import { vaultOf } from "./vault.ts";

const BASE = "http://127.0.0.1:4321";

interface Changes {
  readonly authority?: Partial<SmallAuthorityOptions>;
  readonly authorize?: Partial<Authorize>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

async function setup(t: TestContext, { authority: changed = {}, authorize = {}, settings = {} }: Changes = {}) {
  const clock = new VirtualClock();
  const authority = new SmallAuthority({ clock, random: realRandom, ...changed });
  const served = await serve((request) => authority.fetch(request));
  const network = httpNetwork();
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(async () => {
    await network.close();
    await served.close();
    await store.close();
  });
  await store.declare({ connections: ["books", "other"], resources: [], syncs: [] });
  const world = { clock, random: realRandom, network };
  const credentials = createCredentials({ ...world, store, vault: vaultOf(Buffer.alloc(32, 1)) });
  const connectable = (connection: string): Connectable => ({
    auth: {
      kind: "oauth2",
      tokenUrl: () => `${served.url}/token`,
      clientIdSetting: "id",
      clientAuth: "basic",
      authorize: { url: () => `${served.url}/authorize`, ...authorize },
    },
    account: {
      connection,
      tokenUrl: `${served.url}/token`,
      revokeUrl: `${served.url}/revoke`,
      clientId: CLIENT.id,
      clientSecret: CLIENT.secret,
      clientAuth: "basic",
      scopes: ["read", "write"],
    },
    settings,
  });
  const refused: string[] = [];
  const connected: string[] = [];
  const connecting = new Connecting({
    ...world,
    credentials,
    connectable: (name) => (name === "settings-only" ? undefined : connectable(name)),
    onConnected: async (name) => {
      connected.push(name);
      return { warnings: [] };
    },
    onRefused: (name, reason) => void refused.push(`${name}: ${reason}`),
  });

  /** A browser sets out and comes back from the provider. */
  async function travel(connection = "books", alter: (url: string) => string = (url) => url) {
    const { ticket } = connecting.begin(connection, BASE);
    const out = connecting.go(connection, ticket);
    assert.ok(out !== undefined);
    const answer = await fetch(alter(out.url), { redirect: "manual" });
    const back = new URL(answer.headers.get("location") ?? "http://none/");
    return { ticket, session: out.session, url: new URL(out.url), back, callback: callbackOf(back) };
  }
  const nothingKept = async (): Promise<void> => {
    for (const name of ["books", "other"]) assert.equal(await store.credential(name), undefined);
    assert.deepEqual(connected, []);
    assert.equal(refused.length > 0, true);
  };
  return { clock, authority, credentials, connecting, refused, connected, travel, store, nothingKept, connectable };
}

function callbackOf(url: URL, changes: Readonly<Record<string, string | undefined>> = {}): Map<string, string[]> {
  const callback = new Map<string, string[]>();
  for (const [name, value] of url.searchParams) callback.set(name, [...(callback.get(name) ?? []), value]);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) callback.delete(name);
    else callback.set(name, [value]);
  }
  return callback;
}

test("a person agrees, and the connection has tokens that work", async (t) => {
  const { connecting, travel, credentials, connectable, connected, authority } = await setup(t);
  const { ticket, session, url, back, callback } = await travel();
  assert.deepEqual(connecting.progress(ticket)?.state, "waiting");
  assert.equal(url.searchParams.get("redirect_uri"), `${BASE}/connect/books/callback`);
  assert.equal(url.searchParams.get("code_challenge_method"), "S256");
  assert.equal(url.searchParams.get("scope"), "read write");
  assert.equal(back.origin + back.pathname, `${BASE}/connect/books/callback`);
  assert.doesNotMatch(url.href, new RegExp(session));
  const progress = await connecting.callback("books", session, callback);
  assert.deepEqual(progress, { state: "connected", connection: "books", told: {}, scopesMissing: [], warnings: [] });
  assert.deepEqual(connecting.progress(ticket), progress);
  const token = await credentials.accessToken(connectable("books").account);
  assert.ok(authority.ownerOf(token) !== undefined);
  assert.deepEqual(connected, ["books"]);
});

test("each journey has its own state, verifier and session", async (t) => {
  const { travel } = await setup(t);
  const all = [await travel(), await travel(), await travel("other")];
  for (const name of ["state", "code_challenge"]) {
    assert.equal(new Set(all.map(({ url }) => url.searchParams.get(name))).size, 3);
  }
  assert.equal(new Set(all.map(({ session }) => session)).size, 3);
});

const IMPOSTORS = [
  ["without a state", { state: undefined }],
  ["with another state", { state: "made-up" }],
  ["with an empty state", { state: "" }],
  ["without a code", { code: undefined }],
  ["with a made-up code", { code: "made-up" }],
  ["in which the provider says no", { error: "access_denied" }],
] as const;
for (const [what, changes] of IMPOSTORS) {
  test(`a callback ${what} keeps nothing`, async (t) => {
    const { connecting, travel, nothingKept } = await setup(t);
    const { session, back } = await travel();
    assert.equal((await connecting.callback("books", session, callbackOf(back, changes))).state, "failed");
    await nothingKept();
  });
}

for (const [what, session] of [
  ["of nobody", undefined],
  ["of somebody else", "another-session"],
  ["that is empty", ""],
] as const) {
  test(`a callback in a session ${what} keeps nothing, and cannot be tried again`, async (t) => {
    const { connecting, travel, nothingKept, authority } = await setup(t);
    const { callback, session: own } = await travel();
    assert.equal((await connecting.callback("books", session, callback)).state, "failed");
    assert.equal((await connecting.callback("books", own, callback)).state, "failed");
    assert.equal(authority.exchanges, 0);
    await nothingKept();
  });
}

test("a state is good once", async (t) => {
  const { connecting, travel, refused, authority } = await setup(t);
  const { session, callback } = await travel();
  assert.equal((await connecting.callback("books", session, callback)).state, "connected");
  assert.equal((await connecting.callback("books", session, callback)).state, "failed");
  assert.match(refused.join(), /used before/);
  assert.equal(authority.exchanges, 1, "the code is not shown to the provider again");
});

test("a state ends with its time", async (t) => {
  const { connecting, travel, clock, nothingKept } = await setup(t);
  const { session, callback, ticket } = await travel();
  await clock.advance(JOURNEY_MS);
  assert.equal(connecting.progress(ticket)?.state, "failed");
  assert.equal((await connecting.callback("books", session, callback)).state, "failed");
  await nothingKept();
});

test("one connection's callback is not taken at another's address", async (t) => {
  const { connecting, travel, nothingKept } = await setup(t);
  const { session, callback } = await travel("other");
  assert.equal((await connecting.callback("books", session, callback)).state, "failed");
  await nothingKept();
});

test("two providers that are mixed up are told apart by their addresses and by the issuer they name", async (t) => {
  const honest = "https://honest.example";
  const { connecting, travel, nothingKept } = await setup(t, {
    authority: { issuer: "https://attacker.example" },
    authorize: { issuer: () => honest },
  });
  for (const iss of ["https://attacker.example", undefined, `${honest}/`, honest.toUpperCase()]) {
    const { session, back } = await travel();
    assert.equal((await connecting.callback("books", session, callbackOf(back, { iss }))).state, "failed", String(iss));
  }
  await nothingKept();
  const { session, back } = await travel();
  assert.equal((await connecting.callback("books", session, callbackOf(back, { iss: honest }))).state, "connected");
});

for (const name of ["code", "state", "iss", "error"]) {
  test(`a callback that names "${name}" twice keeps nothing`, async (t) => {
    const { connecting, travel, nothingKept } = await setup(t);
    const { session, callback } = await travel();
    callback.set(name, [...(callback.get(name) ?? ["x"]), "y"]);
    assert.equal((await connecting.callback("books", session, callback)).state, "failed");
    await nothingKept();
  });
}

test("when somebody takes the challenge out on the way, the provider does not take our verifier", async (t) => {
  const { connecting, travel, nothingKept, authority } = await setup(t);
  const { session, callback } = await travel("books", (url) => {
    const altered = new URL(url);
    altered.searchParams.delete("code_challenge");
    altered.searchParams.delete("code_challenge_method");
    return altered.href;
  });
  assert.equal((await connecting.callback("books", session, callback)).state, "failed");
  assert.equal(authority.exchanges, 1);
  await nothingKept();
});

test("a code that was meant for somebody else's journey fails on the verifier", async (t) => {
  const { connecting, travel, nothingKept } = await setup(t);
  const victim = await travel();
  const attacker = await travel();
  const injected = callbackOf(attacker.back, { code: victim.back.searchParams.get("code") ?? "" });
  assert.equal((await connecting.callback("books", attacker.session, injected)).state, "failed");
  await nothingKept();
});

for (const redirect of [
  `${BASE}/connect/books/callback/`,
  `${BASE}/connect/books/callback?x=1`,
  `${BASE}/connect/other/callback`,
  `http://localhost:4321/connect/books/callback`,
  "https://attacker.example/callback",
]) {
  test(`an address that was changed on the way to ${redirect} gets no token`, async (t) => {
    const { connecting, travel, nothingKept } = await setup(t);
    const { session, callback } = await travel("books", (url) => {
      const altered = new URL(url);
      altered.searchParams.set("redirect_uri", redirect);
      return altered.href;
    });
    // Somebody carries the answer back to us by hand: the provider compares the address with the one that we name.
    assert.equal((await connecting.callback("books", session, callback)).state, "failed");
    await nothingKept();
  });
}

test("a ticket opens one page, once, in time, for its own connection", async (t) => {
  const { connecting, clock } = await setup(t);
  const { ticket, address } = connecting.begin("books", `${BASE}/`);
  assert.equal(address, `${BASE}/connect/books/go?ticket=${ticket}`);
  assert.equal(connecting.go("other", ticket), undefined);
  assert.equal(connecting.go("books", "made-up"), undefined);
  assert.ok(connecting.go("books", ticket) !== undefined);
  assert.equal(connecting.go("books", ticket), undefined);
  const late = connecting.begin("books", BASE);
  await clock.advance(JOURNEY_MS);
  assert.equal(connecting.go("books", late.ticket), undefined);
  assert.equal(connecting.has("settings-only"), false);
});

test("an account that is not the one in the settings is refused, and its tokens are taken back", async (t) => {
  const { connecting, travel, nothingKept, authority, refused } = await setup(t, {
    authority: { tells: { realmId: "222" } },
    authorize: { tells: ({ callback: { realmId = "" } }) => ({ realmId }) },
    settings: { realmId: "111" },
  });
  const { session, callback } = await travel();
  assert.equal((await connecting.callback("books", session, callback)).state, "failed");
  assert.match(refused.join(), /settings have realmId 111, and the provider says 222/);
  assert.equal(authority.revocations.length, 1);
  await nothingKept();
});

test("what the settings still need is told", async (t) => {
  const { connecting, travel } = await setup(t, {
    authority: { tells: { realmId: "222" } },
    authorize: { tells: ({ callback: { realmId = "" } }) => ({ realmId }) },
  });
  const { session, callback } = await travel();
  assert.partialDeepStrictEqual(await connecting.callback("books", session, callback), { told: { realmId: "222" } });
});

test("scopes that were asked for and not granted are told", async (t) => {
  const { connecting, travel } = await setup(t);
  const { session, callback } = await travel("books", (url) => {
    const altered = new URL(url);
    altered.searchParams.set("scope", "read");
    return altered.href;
  });
  assert.partialDeepStrictEqual(await connecting.callback("books", session, callback), { scopesMissing: ["write"] });
});

test("what a connector adds to the address replaces nothing of ours", async (t) => {
  const { travel } = await setup(t, {
    authorize: {
      parameters: () => ({ access_type: "offline", state: "fixed", redirect_uri: "https://attacker.example" }),
    },
  });
  const { url } = await travel();
  assert.equal(url.searchParams.get("access_type"), "offline");
  assert.notEqual(url.searchParams.get("state"), "fixed");
  assert.equal(url.searchParams.get("redirect_uri"), `${BASE}/connect/books/callback`);
});

test("what a callback says is fit for a log", async (t) => {
  const { connecting, travel, refused } = await setup(t);
  const { session, back } = await travel();
  await connecting.callback("books", session, callbackOf(back, { error: `no\r\n\u001b[2J${"x".repeat(500)}` }));
  assert.match(refused.join(), /^[\x20-\x7e]{1,200}$/);
});

test("of very many journeys the oldest are given up", async (t) => {
  const { connecting } = await setup(t);
  const first = connecting.begin("books", BASE);
  for (let count = 0; count < 100; count += 1) connecting.begin("books", BASE);
  assert.equal(connecting.progress(first.ticket), undefined);
});
