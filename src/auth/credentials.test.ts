import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { CallFailed } from "../define/outcome.ts";
import type { Store } from "../store/store.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { WireFailure, type Network, type WireRequest } from "../world/world.ts";
import { createCredentials, type Credentials, type OAuthAccount } from "./credentials.ts";
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
  readonly faults: ("lost" | "answer lost" | number)[] = [];
  /** Called while a request is under way. */
  meanwhile: (() => Promise<void>) | undefined;
  expiresIn: number | undefined = 3_600;

  async send({ body }: Pick<WireRequest, "body">): ReturnType<Network["send"]> {
    const token = new URLSearchParams(String(body)).get("refresh_token") ?? "";
    this.asked.push(token);
    await this.meanwhile?.();
    const fault = this.faults.shift();
    if (fault === "lost") throw new WireFailure("connect", "no", "refused");
    if (typeof fault === "number") return { status: fault, headers: {}, body: Buffer.alloc(0) };
    if (token !== this.newest) return answer(400, { error: "invalid_grant" });
    const number = Number(this.newest.slice(1)) + 1;
    this.newest = `r${number}`;
    if (fault === "answer lost") throw new WireFailure("reset", "maybe", "cut");
    return answer(200, { access_token: `a${number}`, refresh_token: this.newest, expires_in: this.expiresIn });
  }
}

const answer = (status: number, fields: object) => ({ status, headers: {}, body: Buffer.from(JSON.stringify(fields)) });

async function setup(t: TestContext) {
  const store = await openSqliteStore({ path: ":memory:", thread: false });
  t.after(() => store.close());
  await store.declare({ connections: ["books"], resources: [], syncs: [] });
  const clock = new VirtualClock();
  const endpoint = new TokenEndpoint();
  const start = (over: Partial<Store> = {}): Credentials =>
    createCredentials({
      store: Object.assign(Object.create(store) as Store, over),
      vault,
      clock,
      random: new SeededRandom(1),
      network: endpoint,
    });
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
  await clock.advance(3_600_000 - 120_001);
  assert.equal(await credentials.accessToken(account), "a1");
  await clock.advance(2);
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

test("an answer that was lost after the provider rotated the token needs a person, who is told why", async (t) => {
  const { clock, endpoint, credentials, start } = await setup(t);
  endpoint.faults.push("answer lost");
  await assert.rejects(Promise.resolve(credentials.accessToken(account)), isHeld);
  await clock.advance(60_000);
  // As after a crash: nothing in memory; the old token is tried once more, and only then the connection is given up.
  await assert.rejects(Promise.resolve(start().accessToken(account)), (error) => {
    assert.ok(error instanceof CallFailed && error.outcome.kind === "reauthorize");
    assert.match(error.outcome.reason ?? "", /invalid_grant; a refresh begun at 2026-08-20T12.* was not answered/);
    return true;
  });
  assert.deepEqual(endpoint.asked, ["r0", "r0"]);
});

test("when others refreshed the token meanwhile, theirs is used and nothing is given up", async (t) => {
  const { endpoint, credentials, start } = await setup(t);
  await credentials.accessToken(account);
  const other = start();
  credentials.refused("books", "a1");
  endpoint.meanwhile = async () => {
    endpoint.meanwhile = undefined;
    other.refused("books", "a1");
    assert.equal(await other.accessToken(account), "a2");
  };
  assert.equal(await credentials.accessToken(account), "a2");
  assert.deepEqual(endpoint.asked, ["r0", "r1", "r1"]);
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
  await assert.rejects(Promise.resolve(credentials.accessToken(account)), /it was sealed with another key/);
  assert.deepEqual(endpoint.asked, []);
});

function isHeld(error: unknown): boolean {
  return error instanceof CallFailed && error.outcome.kind === "unavailable" && error.outcome.held === true;
}
