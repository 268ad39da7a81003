// Connections of a running engine, connected and disconnected as a person with a browser does it, over real HTTP.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { z } from "zod";
import { defineConfig } from "./define/define-config.ts";
import { defineConnector } from "./define/define-connector.ts";
import { controlPath, openEngine } from "./engine.ts";
import { serve } from "./rehearse/simulators.ts";
import { CLIENT, SmallAuthority } from "./testing/small-authority.ts";
import { realClock, realRandom } from "./world/real.ts";

const bank = defineConnector({
  name: "bank",
  title: "A bank",
  settings: z.object({ url: z.string(), clientId: z.string(), clientSecret: z.string() }),
  apiVersion: "v1",
  apiVersionEnds: "2020-01-01",
  baseUrl: ({ url }) => url,
  auth: {
    kind: "oauth2",
    tokenUrl: ({ url }) => `${String(url)}/token`,
    revokeUrl: ({ url }) => `${String(url)}/revoke`,
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    clientAuth: "basic",
    scopes: ["read"],
    authorize: { url: ({ url }) => `${String(url)}/authorize` },
  },
  about: async (api) => {
    const { json } = await api.request({ method: "GET", path: "/me" });
    return z.object({ id: z.string(), plan: z.string() }).parse(json);
  },
  limits: [{ kind: "rate", name: "minute", count: 100, perMs: 60_000, every: true }],
  resources: {},
});

const keyed = defineConnector({
  name: "keyed",
  title: "A shop with a key",
  settings: z.object({ url: z.string(), key: z.string() }),
  baseUrl: ({ url }) => url,
  auth: { kind: "header", header: "authorization", prefix: "Bearer ", setting: "key" },
  about: async (api) => {
    await api.request({ method: "GET", path: "/me" });
    return { id: "keyed" };
  },
  limits: [],
  resources: {},
});

/** Asks for its token with what is in its settings. */
const machines = defineConnector({
  name: "machines",
  title: "Machines",
  settings: z.object({ url: z.string(), clientId: z.string(), clientSecret: z.string() }),
  baseUrl: ({ url }) => url,
  auth: {
    kind: "oauth2",
    grant: "client-credentials",
    tokenUrl: ({ url }) => `${String(url)}/token`,
    clientIdSetting: "clientId",
    clientSecretSetting: "clientSecret",
    clientAuth: "basic",
  },
  about: async (api) => {
    await api.request({ method: "GET", path: "/me" });
    return { id: "own" };
  },
  limits: [],
  resources: {},
});

async function ownTokens(t: TestContext) {
  let asked = 0;
  const served = await serve(async (request) => {
    if (new URL(request.url).pathname !== "/token") return Response.json({});
    asked += 1;
    return Response.json({ access_token: `token-${asked}`, token_type: "Bearer", expires_in: 3_600 });
  });
  t.after(() => served.close());
  const folder = await mkdtemp(join(tmpdir(), "bowline-connect-"));
  const engine = await openEngine({
    project: defineConfig({
      connections: [machines.connect("own", { url: served.url, clientId: CLIENT.id, clientSecret: CLIENT.secret })],
      syncs: [],
      data: join(folder, "state.db"),
      port: 0,
      network: { privateAddresses: ["loopback"] },
    }),
    environment: {},
    log: () => {},
  });
  t.after(async () => {
    await engine.stop();
    await rm(folder, { recursive: true });
  });
  return { engine, tokensAsked: () => asked };
}

async function setup(t: TestContext) {
  const authority = new SmallAuthority({ clock: realClock, random: realRandom });
  const served = await serve((request) => authority.fetch(request));
  t.after(() => served.close());
  const folder = await mkdtemp(join(tmpdir(), "bowline-connect-"));
  const dataPath = join(folder, "state.db");
  const project = defineConfig({
    name: "connections",
    connections: [
      bank.connect("money", { url: served.url, clientId: CLIENT.id, clientSecret: CLIENT.secret }),
      keyed.connect("shop", { url: served.url, key: "wrong-key" }),
    ],
    syncs: [],
    data: dataPath,
    port: 0,
    network: { privateAddresses: ["127.0.0.1"] },
  });
  const logged: string[] = [];
  const open = () =>
    openEngine({ project, environment: {}, log: (level, message) => void logged.push(`${level} ${message}`) });
  let engine = await open();
  t.after(async () => {
    await engine.stop();
    await rm(folder, { recursive: true });
  });
  const token = async (): Promise<string> => JSON.parse(await readFile(controlPath(dataPath), "utf8")).token as string;
  return {
    authority,
    logged,
    token,
    folder,
    get engine() {
      return engine;
    },
    async restart() {
      await engine.stop();
      engine = await open();
      await engine.start();
    },
  };
}

/** A browser that keeps one address's cookie and follows the way to the provider and back. */
async function browse(
  address: string,
): Promise<{ readonly status: number; readonly text: string; readonly back: string }> {
  const out = await fetch(address, { redirect: "manual" });
  const cookie = (out.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  assert.match(out.headers.get("set-cookie") ?? "", /Path=\/connect\/money; HttpOnly; SameSite=Lax/);
  const provider = await fetch(out.headers.get("location") ?? "", { redirect: "manual" });
  const back = provider.headers.get("location") ?? "";
  const answer = await fetch(back, { headers: { cookie }, redirect: "manual" });
  return { status: answer.status, text: await answer.text(), back };
}

test("a connection is connected in a browser, shows whose it is, is disconnected and connected again", async (t) => {
  const all = await setup(t);
  await all.engine.start();
  const { control } = all.engine;
  const answer = await control.connect("money");
  assert.ok(answer.kind === "page");
  assert.equal((await control.connectProgress(answer.ticket)).state, "waiting");
  const { status, text, back } = await browse(answer.address);
  assert.equal(status, 200, text);
  assert.match(text, /money is connected/);
  assert.partialDeepStrictEqual(await control.connectProgress(answer.ticket), {
    state: "connected",
    account: { id: "person-0", plan: "small" },
  });
  assert.equal((await fetch(back)).status, 400, "the way back leads once");

  const [money] = await control.connections();
  assert.ok(money !== undefined);
  assert.partialDeepStrictEqual(money, {
    state: "active",
    signIn: "page",
    account: { id: "person-0" },
    scopesNeeded: ["read"],
    scopesGranted: ["read"],
    scopesMissing: [],
    apiVersion: "v1",
  });
  assert.ok((money.accessExpiresAt ?? 0) > Date.UTC(2026, 0) && money.lastUsedAt !== undefined);
  assert.deepEqual(
    money.budget.filter(({ limit }) => limit === "minute").map(({ limit, size }) => [limit, size]),
    [["minute", 100]],
  );
  assert.match(money.warnings.join(), /no longer served since 2020-01-01/);

  assert.deepEqual(await control.disconnect("money"), { connection: "money", revoked: true });
  assert.equal(
    [...all.authority.families.values()].every(({ revoked }) => revoked),
    true,
  );
  await all.restart();
  const [held] = await all.engine.control.connections();
  assert.partialDeepStrictEqual(held, {
    state: "paused",
    reason: "disconnected by hand; connect it again with: bowline connect money",
  });
  const again = await all.engine.control.connect("money");
  assert.equal(again.kind === "page" && (await browse(again.address)).status, 200);
  assert.equal((await all.engine.control.connections())[0]?.state, "active");
});

test("tokens whose key is lost are forgotten, and the connection waits to be connected anew", async (t) => {
  const all = await setup(t);
  await all.engine.start();
  const first = await all.engine.control.connect("money");
  assert.ok(first.kind === "page");
  await browse(first.address);
  await assert.rejects(all.engine.control.forgetTokens("money"), /those of money open/);
  await all.engine.stop();
  await rm(join(all.folder, "state.db.key"));
  await all.restart();
  const { control } = all.engine;
  assert.deepEqual(await control.forgetTokens("money"), { connection: "money", next: "connect", dropped: 1 });
  assert.partialDeepStrictEqual((await control.connections())[0], {
    state: "reauthorize",
    reason: "its tokens were forgotten; authorise it with: bowline connect money",
  });
  assert.deepEqual((await control.verifyKeys()).unreadable, []);
  const again = await control.connect("money");
  assert.equal(again.kind === "page" && (await browse(again.address)).status, 200);
  assert.equal((await control.connections())[0]?.state, "active");
});

test("tokens whose key is lost are replaced by connecting again", async (t) => {
  const all = await setup(t);
  await all.engine.start();
  const first = await all.engine.control.connect("money");
  assert.ok(first.kind === "page");
  await browse(first.address);
  await all.engine.stop();
  await rm(join(all.folder, "state.db.key"));
  await all.restart().catch(() => assert.fail("an engine without its old key has to start"));
  await all.engine.control.connections();
  assert.equal((await all.engine.control.connections())[0]?.state, "reauthorize");
  const again = await all.engine.control.connect("money");
  assert.equal(again.kind === "page" && (await browse(again.address)).status, 200);
  assert.partialDeepStrictEqual((await all.engine.control.connections())[0], {
    state: "active",
    account: { plan: "small" },
  });
});

test("a key in the settings is tried, and what the provider says of it is told", async (t) => {
  const { engine, authority } = await setup(t);
  await engine.start();
  const refused = await engine.control.connect("shop");
  assert.ok(refused.kind === "settings");
  assert.match(refused.warnings.join(), /did not say whose account it is/);
  const family = authority.seed("keyed", "unused");
  family.access.set("wrong-key", Number.MAX_SAFE_INTEGER);
  assert.deepEqual(await engine.control.connect("shop"), {
    kind: "settings",
    connection: "shop",
    warnings: [],
    account: { id: "keyed" },
  });
  assert.partialDeepStrictEqual(await engine.control.disconnect("shop"), { revoked: false });
});

test("a connection whose token needs no person is disconnected, and connected again by a word", async (t) => {
  const { engine, tokensAsked } = await ownTokens(t);
  assert.partialDeepStrictEqual(await engine.control.connect("own"), { warnings: [], account: { id: "own" } });
  await engine.control.disconnect("own");
  assert.partialDeepStrictEqual((await engine.control.connections())[0], { state: "paused" });
  assert.equal(tokensAsked(), 1);
  assert.partialDeepStrictEqual(await engine.control.connect("own"), { warnings: [], account: { id: "own" } });
  assert.partialDeepStrictEqual((await engine.control.connections())[0], { state: "active" });
  assert.equal(tokensAsked(), 2);
});

test("a person without a terminal begins on a page that wants the server's token", async (t) => {
  const { engine, token } = await setup(t);
  await engine.start();
  const at = `${engine.url}/connect/money`;
  assert.equal((await fetch(at)).status, 401);
  const authorization = `Bearer ${await token()}`;
  assert.equal((await fetch(`${engine.url}/connect/mony`, { headers: { authorization } })).status, 404);
  const page = await (await fetch(at, { headers: { authorization } })).text();
  const address = /href="([^"]+\/go\?ticket=[^"]+)"/.exec(page)?.[1] ?? "";
  assert.equal((await browse(address)).status, 200);
});

test("a stray address, another host and a made-up callback lead nowhere, and are told", async (t) => {
  const { engine, logged } = await setup(t);
  await engine.start();
  const stray = await fetch(`${engine.url}/connect/money/go?ticket=none`, { redirect: "manual" });
  assert.deepEqual([stray.status, stray.headers.get("set-cookie")], [404, null]);
  const madeUp = await fetch(`${engine.url}/connect/money/callback?code=c&state=<script>`);
  assert.equal(madeUp.status, 400);
  assert.doesNotMatch(await madeUp.text(), /<script>(?!\S)/);
  assert.equal((await fetch(`${engine.url}/connect/money/callback?code=c&state=s`, { method: "POST" })).status, 401);
  assert.match(logged.join("\n"), /warn could not connect money: the callback's state is none that is waited for/);
});

test("what is asked of a connection that there is not says which there are", async (t) => {
  const { engine } = await setup(t);
  await assert.rejects(engine.control.connect("mony"), /did you mean "money"\?/);
  await assert.rejects(engine.control.disconnect("x"), /expected one of money, shop/);
  await assert.rejects(engine.control.connect("money"), /nothing listens/);
});
