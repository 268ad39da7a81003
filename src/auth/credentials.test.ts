import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { CallFailed } from "../define/outcome.ts";
import type { Store } from "../store/store.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { WireFailure, type Network, type WireRequest } from "../world/world.ts";
import { createCredentials, type CredentialsOptions, type KeptCredentials, type OAuthAccount } from "./credentials.ts";
import { readTokens } from "./kept-tokens.ts";
import { vaultOf } from "./vault.ts";

const vault = vaultOf(Buffer.alloc(32, 1));
const account: OAuthAccount = {
  connection: "books",
  tokenUrl: "https://id.example/token",
  clientId: "id",
  clientSecret: "secret",
  clientAuth: "basic",
  firstRefreshToken: "r0",
};

/** A provider that gives a new refresh token each time and takes only the newest. */
class TokenEndpoint implements Network {
  newest = "r0";
  asked: string[] = [];
  /** What happens instead of the next answers: the request is lost, or its answer, or there is another answer. */
  readonly faults: ("lost" | "answer lost" | "answer cut short" | number)[] = [];
  /** Called while a request is under way. */
  meanwhile: (() => Promise<void>) | undefined;
  expiresIn: number | undefined = 3_600;
  readonly forms: string[] = [];
  /** Tokens that it was to take back, in their order. */
  readonly takenBack: string[] = [];
  /** Gives a token for whatever it is asked with. */
  takesAnything = false;

  async send({ body }: Pick<WireRequest, "body">): ReturnType<Network["send"]> {
    const form = typeof body === "string" ? body : "";
    const token = new URLSearchParams(form).get("refresh_token") ?? "";
    this.asked.push(token);
    this.forms.push(form);
    const takenBack = new URLSearchParams(form).get("token");
    if (takenBack !== null) this.takenBack.push(takenBack);
    await this.meanwhile?.();
    const fault = this.faults.shift();
    if (fault === "lost") throw new WireFailure("connect", "no", "refused");
    if (typeof fault === "number") return { status: fault, headers: {}, body: Buffer.alloc(0) };
    if (token !== this.newest && !this.takesAnything) return answer(400, { error: "invalid_grant" });
    const number = Number(this.newest.slice(1)) + 1;
    this.newest = `r${number}`;
    if (fault === "answer lost") throw new WireFailure("reset", "maybe", "cut");
    const given = answer(200, { access_token: `a${number}`, refresh_token: this.newest, expires_in: this.expiresIn });
    return fault === "answer cut short" ? { ...given, body: given.body.subarray(0, 20) } : given;
  }
}

const answer = (status: number, fields: object) => ({ status, headers: {}, body: Buffer.from(JSON.stringify(fields)) });

async function setup(t: TestContext) {
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  await store.declare({ connections: ["books"], resources: [], syncs: [] });
  const clock = new VirtualClock();
  const endpoint = new TokenEndpoint();
  let starts = 0;
  const start = (over: Partial<Store> = {}, more: Partial<CredentialsOptions> = {}): KeptCredentials => {
    starts += 1;
    return createCredentials({
      store: Object.assign(Object.create(store) as Store, over),
      vault,
      clock,
      random: new SeededRandom(starts),
      network: endpoint,
      ...more,
    });
  };
  return { store, clock, endpoint, start, credentials: start() };
}

test("the first refresh token comes from the settings; its successor is kept, also over a new start", async (t) => {
  const { store, endpoint, credentials, start, clock } = await setup(t);
  assert.equal(await credentials.accessToken(account), "a1");
  assert.equal(credentials.accessToken(account), "a1", "at once from memory");
  assert.equal((await readTokens(store, vault, "books"))?.tokens.refreshToken, "r1");
  const again = start();
  assert.equal(await again.accessToken(account), "a1", "the access token is kept too");
  await clock.advance(3_600_000);
  assert.equal(await again.accessToken(account), "a2");
  assert.deepEqual(endpoint.asked, ["r0", "r1"]);
});

test("many who need a token at once make one refresh", async (t) => {
  const { endpoint, credentials } = await setup(t);
  const tokens = await Promise.all(Array.from({ length: 20 }, async () => credentials.accessToken(account)));
  assert.deepEqual(new Set(tokens), new Set(["a1"]));
  assert.deepEqual(endpoint.asked, ["r0"]);
});

test("a token is refreshed before it ends, and a short-lived one not at every call", async (t) => {
  const { clock, endpoint, credentials } = await setup(t);
  await credentials.accessToken(account);
  // Up to a quarter earlier, so that not everybody comes at once.
  await clock.advance(3_600_000 - 150_001);
  assert.equal(await credentials.accessToken(account), "a1");
  await clock.advance(30_002);
  assert.equal(await credentials.accessToken(account), "a2");
  endpoint.expiresIn = 60;
  await clock.advance(3_600_000);
  assert.equal(await credentials.accessToken(account), "a3");
  await clock.advance(29_000);
  assert.equal(await credentials.accessToken(account), "a3");
  await clock.advance(2_000);
  assert.equal(await credentials.accessToken(account), "a4");
});

test("the attempt is on record before the provider is asked, with the old token still kept", async (t) => {
  const { store, endpoint, credentials, clock } = await setup(t);
  let during: unknown;
  endpoint.meanwhile = async () => {
    const kept = await readTokens(store, vault, "books");
    during = [kept?.tokens.refreshToken, kept?.refreshBeganAt];
  };
  await credentials.accessToken(account);
  assert.deepEqual(during, ["r0", clock.now()]);
  assert.equal((await readTokens(store, vault, "books"))?.refreshBeganAt, undefined);
});

for (const fault of ["lost", 500, 503, 429, 400, 302] as const) {
  test(`a token endpoint that answers ${fault} holds the calls, gives nothing up, and is not asked again at once`, async (t) => {
    const { clock, endpoint, credentials } = await setup(t);
    endpoint.faults.push(fault);
    await assert.rejects(Promise.resolve(credentials.accessToken(account)), isHeld);
    await assert.rejects(Promise.resolve(credentials.accessToken(account)), isHeld);
    assert.equal(endpoint.asked.length, 1);
    await clock.advance(2_000);
    assert.equal(await credentials.accessToken(account), "a1");
  });
}

test("a token that still lives is used while the endpoint cannot give the next", async (t) => {
  const { clock, endpoint, credentials } = await setup(t);
  await credentials.accessToken(account);
  await clock.advance(3_600_000 - 60_000);
  endpoint.faults.push(500);
  assert.equal(await credentials.accessToken(account), "a1");
  assert.equal(credentials.accessToken(account), "a1", "without asking again");
  await clock.advance(5_000);
  assert.equal(await credentials.accessToken(account), "a2");
});

test("a refresh that failed while the clock was a year ahead is tried again soon after it was set back", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  let aheadMs = 365 * 86_400_000;
  const set = { now: () => clock.now() + aheadMs, timer: clock.timer.bind(clock) };
  const credentials = start({}, { clock: set });
  endpoint.faults.push("lost");
  await assert.rejects(Promise.resolve(credentials.accessToken(account)), isHeld);
  aheadMs = 0;
  await assert.rejects(Promise.resolve(credentials.accessToken(account)), isHeld);
  await clock.advance(5_000);
  assert.equal(await credentials.accessToken(account), "a1");
});

for (const fault of ["answer lost", "answer cut short"] as const) {
  test(`an ${fault} outside a grace needs a person, and the token is never presented twice`, async (t) => {
    const { clock, endpoint, credentials, start } = await setup(t);
    endpoint.faults.push(fault);
    await assert.rejects(Promise.resolve(credentials.accessToken(account)), isHeld);
    await clock.advance(60_000);
    // As after a crash: nothing in memory.
    await assert.rejects(Promise.resolve(start().accessToken(account)), (error) => {
      assert.ok(error instanceof CallFailed && error.outcome.kind === "reauthorize");
      assert.match(error.outcome.reason ?? "", /begun at 2026-08-20T12.* was not answered.*bowline connect books/);
      return true;
    });
    assert.deepEqual(endpoint.asked, ["r0"]);
  });
}

test("within the declared grace the same token is presented again, and after it no more", async (t) => {
  const graceful = { ...account, graceMs: 30_000 };
  const { clock, endpoint, credentials, start } = await setup(t);
  endpoint.faults.push("answer lost");
  await assert.rejects(Promise.resolve(credentials.accessToken(graceful)), isHeld);
  endpoint.newest = "r0";
  await clock.advance(29_000);
  assert.equal(await start().accessToken(graceful), "a1");
  endpoint.faults.push("answer lost");
  await clock.advance(3_600_000);
  await assert.rejects(Promise.resolve(credentials.accessToken(graceful)), isHeld);
  await clock.advance(30_000);
  await assert.rejects(Promise.resolve(credentials.accessToken(graceful)), /never|superseded/);
  assert.deepEqual(endpoint.asked, ["r0", "r0", "r1"]);
});

test("a process that is stopped until the grace is over, right before it presents the token again, does not", async (t) => {
  const graceful = { ...account, graceMs: 30_000 };
  const { store, clock, endpoint, credentials, start } = await setup(t);
  endpoint.faults.push("answer lost");
  await assert.rejects(Promise.resolve(credentials.accessToken(graceful)), isHeld);
  await clock.advance(10_000);
  const stopped = start({
    async beginRefresh(...given) {
      const begun = await store.beginRefresh(...given);
      await clock.advance(21_000);
      return begun;
    },
  });
  await assert.rejects(Promise.resolve(stopped.accessToken(graceful)), /superseded/);
  await assert.rejects(Promise.resolve(start().accessToken(graceful)), /superseded/, "nor after another start");
  assert.deepEqual(endpoint.asked, ["r0"]);
});

test("where the provider gives the same token back, or is said not to mind, a lost answer costs nothing", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  const patient = { ...account, afterLostAnswer: "always" } as const;
  endpoint.faults.push("answer lost");
  await assert.rejects(Promise.resolve(start().accessToken(patient)), isHeld);
  endpoint.newest = "r0";
  assert.equal(await start().accessToken(patient), "a1");
  assert.deepEqual(endpoint.asked, ["r0", "r0"]);
  await clock.advance(1);
});

test("when a refused token turns out to have been replaced by others, theirs is used and nothing is given up", async (t) => {
  const { endpoint, credentials, start, clock } = await setup(t);
  await credentials.accessToken(account);
  await clock.advance(3_600_000);
  const other = start();
  endpoint.meanwhile = async () => {
    endpoint.meanwhile = undefined;
    await other.replaceRefreshToken(account, "r7");
    endpoint.newest = "r7";
  };
  assert.equal(await credentials.accessToken(account), "a8");
  assert.deepEqual(endpoint.asked, ["r0", "r1", "r7"]);
});

test("of several processes one refreshes, and the others wait and use its token", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  const [one, two, three] = [start({}, { shared: true }), start({}, { shared: true }), start({}, { shared: true })];
  const answer = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  endpoint.meanwhile = () => {
    asked.resolve();
    return answer.promise;
  };
  const tokens = Promise.all([one, two, three].map(async (each) => each.accessToken(account)));
  await asked.promise;
  await clock.advance(1_000);
  answer.resolve();
  await clock.advance(1_000);
  assert.deepEqual(await tokens, ["a1", "a1", "a1"]);
  assert.deepEqual(endpoint.asked, ["r0"]);
});

test("who waits for another process's refresh uses the token that still lives, or gives the call back in time", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  const [one, two] = [start({}, { shared: true }), start({}, { shared: true })];
  await one.accessToken(account);
  assert.equal(await two.accessToken(account), "a1");
  const never = new Promise<void>(() => undefined);
  const asked = Promise.withResolvers<void>();
  endpoint.meanwhile = () => {
    asked.resolve();
    return never;
  };
  await clock.advance(3_600_000 - 60_000);
  void Promise.resolve(one.accessToken(account)).catch(() => undefined);
  await asked.promise;
  assert.equal(await two.accessToken(account), "a1");
  await clock.advance(61_000);
  const held = assert.rejects(Promise.resolve(two.accessToken(account)), isHeld);
  await clock.advance(11_000);
  await held;
});

test("a process that was stopped after the answer keeps its tokens: nobody presents the old one meanwhile", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  const [stopped, other] = [start({}, { shared: true }), start({}, { shared: true })];
  const awake = Promise.withResolvers<void>();
  endpoint.meanwhile = () => awake.promise;
  const slow = Promise.resolve(stopped.accessToken(account));
  await clock.advance(1);
  await clock.advance(120_000);
  await assert.rejects(Promise.resolve(other.accessToken(account)), /waiting for the process that began it/);
  awake.resolve();
  assert.equal(await slow, "a1");
  await clock.advance(2_000);
  assert.equal(await other.accessToken(account), "a1");
  assert.deepEqual(endpoint.asked, ["r0"]);
});

test("a process that does not come back is waited for only so long", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  const [dead, other] = [start({}, { shared: true }), start({}, { shared: true, abandonedAfterMs: 300_000 })];
  endpoint.meanwhile = () => new Promise(() => undefined);
  void Promise.resolve(dead.accessToken(account)).catch(() => undefined);
  await clock.advance(299_000);
  await assert.rejects(Promise.resolve(other.accessToken(account)), isHeld);
  await clock.advance(2_000);
  await assert.rejects(Promise.resolve(other.accessToken(account)), /bowline connect books/);
  assert.deepEqual(endpoint.asked, ["r0"]);
});

test("whoever was overtaken within the grace commits nothing, and uses what the other got", async (t) => {
  const graceful = { ...account, graceMs: 1_800_000 };
  const { store, clock, endpoint, start } = await setup(t);
  const [slow, quick] = [start({}, { shared: true }), start({}, { shared: true })];
  const awake = Promise.withResolvers<void>();
  endpoint.meanwhile = () => awake.promise;
  const late = Promise.resolve(slow.accessToken(graceful));
  await clock.advance(100_000);
  endpoint.meanwhile = undefined;
  assert.equal(await quick.accessToken(graceful), "a1");
  endpoint.newest = "r0";
  awake.resolve();
  assert.equal(await late, "a1");
  const kept = await readTokens(store, vault, "books");
  assert.deepEqual([kept?.tokens.refreshToken, kept?.version], ["r1", 2]);
});

test("a token that needs no person is asked for again whenever it ends, however often an answer is lost", async (t) => {
  const { clock, endpoint, start } = await setup(t);
  const { firstRefreshToken: _none, ...rest } = account;
  const own: OAuthAccount = { ...rest, grant: "client-credentials", scopes: ["read"] };
  endpoint.takesAnything = true;
  endpoint.faults.push("answer lost");
  const credentials = start();
  await assert.rejects(Promise.resolve(credentials.accessToken(own)), isHeld);
  await clock.advance(5_000);
  assert.match(String(await credentials.accessToken(own)), /^a/);
  assert.match(endpoint.forms.at(-1) ?? "", /^grant_type=client_credentials&scope=read$/);
  assert.equal((await start().view("books")).kept, "tokens");
});

test("what a new authorisation gave takes the place even of what cannot be opened", async (t) => {
  const { store, endpoint, credentials } = await setup(t);
  const foreign = vaultOf(Buffer.alloc(32, 2)).seal("{}", { connection: "books", field: "oauth2", version: 1 });
  await store.saveCredential("books", 0, foreign);
  assert.equal((await credentials.view("books")).kept, "unreadable");
  const given = { kind: "token", accessToken: "new", refreshToken: "r9", expiresInMs: 60_000, fields: {} } as const;
  await credentials.install(account, { ...given, scopes: ["a"], refreshExpiresInMs: 5_000 });
  assert.equal(await credentials.accessToken(account), "new");
  const { scopes, kept, refreshExpiresAt } = await credentials.view("books");
  assert.deepEqual([scopes, kept, refreshExpiresAt], [["a"], "tokens", Date.UTC(2026, 7, 20, 12) + 5_000]);
  assert.deepEqual(endpoint.asked, []);
});

test("a disconnected connection has no tokens any more, and says since when", async (t) => {
  const { endpoint, credentials, start, store } = await setup(t);
  await credentials.accessToken(account);
  const revoking = { ...account, revokeUrl: "https://id.example/revoke" };
  endpoint.takesAnything = true;
  assert.deepEqual(await credentials.forget(revoking), { revoked: true });
  assert.match(endpoint.forms.at(-1) ?? "", /^token=r1&token_type_hint=refresh_token/);
  assert.deepEqual((await readTokens(store, vault, "books"))?.tokens.refreshToken, undefined);
  await assert.rejects(Promise.resolve(start().accessToken(account)), /was disconnected at 2026-08-20T12:00:00/);
  assert.equal((await credentials.view("books")).kept, "disconnected");
});

test("a token that is issued while its connection is disconnected is taken back, too", async (t) => {
  const { endpoint, credentials, start, store } = await setup(t);
  const revoking = { ...account, revokeUrl: "https://id.example/revoke" };
  endpoint.takesAnything = true;
  endpoint.meanwhile = async () => {
    endpoint.meanwhile = undefined;
    await credentials.forget(revoking);
  };
  await assert.rejects(Promise.resolve(credentials.accessToken(revoking)), /was disconnected at 2026-08-20T12:00:00/);
  assert.deepEqual(endpoint.takenBack, ["r0", "a2", "r2"]);
  assert.deepEqual((await readTokens(store, vault, "books"))?.tokens.refreshToken, undefined);
  await assert.rejects(Promise.resolve(start().accessToken(revoking)), /was disconnected/);
});

for (const [how, bring] of [
  [
    "a person authorises it",
    (one, url) => one.install(url, { kind: "token", accessToken: "b1", refreshToken: "s1", fields: {} }),
  ],
  ["it is refreshed", (one, url) => Promise.resolve(one.accessToken(url)).then(() => undefined)],
] as const satisfies readonly (readonly [string, (one: KeptCredentials, url: OAuthAccount) => Promise<void>])[]) {
  test(`what is kept anew because ${how} while a disconnection asks the provider is taken back by it, too`, async (t) => {
    const { clock, endpoint, credentials, start, store } = await setup(t);
    const revoking = { ...account, revokeUrl: "https://id.example/revoke" };
    endpoint.takesAnything = true;
    await credentials.accessToken(revoking);
    await clock.advance(3_600_000);
    endpoint.meanwhile = async () => {
      endpoint.meanwhile = undefined;
      await bring(start(), revoking);
    };
    assert.deepEqual(await credentials.forget(revoking), { revoked: true });
    const anew = how === "it is refreshed" ? ["a2", "r2"] : ["b1", "s1"];
    assert.deepEqual(endpoint.takenBack.slice(-2), anew);
    assert.equal((await readTokens(store, vault, "books"))?.tokens.refreshToken, undefined);
  });
}

test("where a token that is issued while its connection is disconnected cannot be taken back, that is said", async (t) => {
  const { endpoint, credentials } = await setup(t);
  endpoint.meanwhile = async () => {
    endpoint.meanwhile = undefined;
    await credentials.forget(account);
  };
  await assert.rejects(
    Promise.resolve(credentials.accessToken(account)),
    /a token that the provider gave at that moment could not be taken back: the connector names no place to do so/,
  );
});

test("a token that could not be committed yet is what a disconnection takes back", async (t) => {
  const { store, endpoint, start } = await setup(t);
  let isFull = true;
  const credentials = start({
    saveCredential: async (...args: Parameters<Store["saveCredential"]>) => {
      if (isFull && args[1] > 0) throw new Error("disk full");
      return store.saveCredential(...args);
    },
    beginRefresh: (...args) => store.beginRefresh(...args),
    credential: (connection) => store.credential(connection),
  });
  const revoking = { ...account, revokeUrl: "https://id.example/revoke" };
  assert.equal(await credentials.accessToken(revoking), "a1");
  isFull = false;
  endpoint.takesAnything = true;
  await credentials.forget(revoking);
  assert.deepEqual(endpoint.takenBack, ["a1", "r1"]);
});

test("a refused access token is not used again, by nobody", async (t) => {
  const { credentials, start, store } = await setup(t);
  await credentials.accessToken(account);
  credentials.refused("books", "a1");
  assert.equal(await credentials.accessToken(account), "a2");
  credentials.refused("books", "a1");
  assert.equal(credentials.accessToken(account), "a2", "an old refusal changes nothing");
  assert.equal(await start().accessToken(account), "a2");
  assert.equal((await store.credential("books"))?.version, 3);
});

test("new tokens that cannot be committed are used, and committed as soon as it goes", async (t) => {
  const { store, clock, endpoint, start } = await setup(t);
  let isFull = false;
  const credentials = start({
    saveCredential: async (...args: Parameters<Store["saveCredential"]>) => {
      if (isFull) throw new Error("disk full");
      return store.saveCredential(...args);
    },
    beginRefresh: async (...args) => {
      isFull = true;
      return store.beginRefresh(...args);
    },
    credential: (connection) => store.credential(connection),
  });
  assert.equal(await credentials.accessToken(account), "a1");
  await clock.advance(6_000);
  assert.equal(await credentials.accessToken(account), "a1");
  isFull = false;
  await clock.advance(6_000);
  assert.equal(await credentials.accessToken(account), "a1");
  assert.equal((await readTokens(store, vault, "books"))?.tokens.refreshToken, "r1");
  assert.deepEqual(endpoint.asked, ["r0"]);
});

test("another refresh token in the settings takes the place of what is kept", async (t) => {
  const { endpoint, credentials, start } = await setup(t);
  await credentials.accessToken(account);
  endpoint.newest = "r50";
  assert.equal(await start().accessToken({ ...account, firstRefreshToken: "r50" }), "a51");
});

test("a new authorisation puts a refresh token in the place of a broken one", async (t) => {
  const { endpoint, credentials } = await setup(t);
  endpoint.newest = "r50";
  await assert.rejects(Promise.resolve(credentials.accessToken(account)), /authorise the connection again/);
  await credentials.replaceRefreshToken(account, "r50");
  assert.equal(await credentials.accessToken(account), "a51");
});

test("tokens sealed with another key, or none at all, need a person and are never sent", async (t) => {
  const { store, endpoint, credentials } = await setup(t);
  const { firstRefreshToken: _none, ...unseeded } = account;
  await assert.rejects(Promise.resolve(credentials.accessToken(unseeded)), /there is no refresh token yet/);
  const foreign = vaultOf(Buffer.alloc(32, 2)).seal("{}", { connection: "books", field: "oauth2", version: 1 });
  await store.saveCredential("books", 0, foreign);
  await assert.rejects(
    Promise.resolve(credentials.accessToken(account)),
    /sealed with another key.*: bowline connect books/,
  );
  assert.deepEqual(endpoint.asked, []);
});

function isHeld(error: unknown): boolean {
  return error instanceof CallFailed && error.outcome.kind === "unavailable" && error.outcome.held === true;
}
