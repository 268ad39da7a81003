import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { jwtVerify } from "jose";
import type { Auth } from "../define/auth.ts";
import { CallFailed } from "../define/outcome.ts";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import type { WireRequest } from "../world/world.ts";
import type { Credentials, OAuthAccount } from "./credentials.ts";
import { signInOf } from "./sign-in.ts";

const clock = new VirtualClock();
const nobody: Credentials = {
  accessToken: () => Promise.reject(new Error("no token is wanted here")),
  refused: () => {},
  replaceRefreshToken: async () => {},
};
const signIn = (auth: Auth, settings: Record<string, unknown>, credentials = nobody) =>
  signInOf(auth, { connection: "shop", settings, credentials, makers: { clock, random: new SeededRandom(1) } });

const request: WireRequest = {
  method: "POST",
  url: "https://api.example/orders?page=2",
  headers: { accept: "application/json" },
  body: '{"a":1}',
  timeouts: { connectMs: 1, headersMs: 1, bodyIdleMs: 1, totalMs: 1 },
  bodyBytesMax: 1,
};

test("nothing is sent where nothing is wanted", async () => {
  assert.deepEqual(await signIn({ kind: "none" }, {}).headers(), { headers: {}, secrets: [] });
});

test("a key goes into its header behind its prefix", async () => {
  const auth = { kind: "header", header: "X-Key", prefix: "Token ", setting: "key" } as const;
  const { headers, secrets } = await signIn(auth, { key: "k-1" }).headers();
  assert.deepEqual([headers, secrets], [{ "x-key": "Token k-1" }, ["k-1"]]);
});

test("a key goes into the address only as it is sent", async () => {
  const { headers, secrets, finish } = await signIn(
    { kind: "query", parameter: "api key", setting: "key" },
    { key: "k&1" },
  ).headers();
  assert.deepEqual([headers, secrets], [{}, ["k&1"]]);
  assert.equal(finish?.(request, 0).url, "https://api.example/orders?page=2&api%20key=k%261");
  const bare = { ...request, url: "https://api.example/orders" };
  assert.equal(finish?.(bare, 0).url, "https://api.example/orders?api%20key=k%261");
});

test("name and password go together, and a key alone stands before the colon", async () => {
  const both = { kind: "basic", usernameSetting: "name", passwordSetting: "password" } as const;
  const signed = await signIn(both, { name: "ann", password: "p:w" }).headers();
  assert.equal(signed.headers["authorization"], `Basic ${Buffer.from("ann:p:w").toString("base64")}`);
  assert.ok(signed.secrets.includes("p:w") && signed.secrets.includes(Buffer.from("ann:p:w").toString("base64")));
  const key = await signIn({ kind: "basic", usernameSetting: "name" }, { name: "sk" }).headers();
  assert.equal(key.headers["authorization"], `Basic ${Buffer.from("sk:").toString("base64")}`);
  assert.ok(key.secrets.includes("sk"));
});

for (const [what, auth, settings] of [
  ["a header that cannot be sent", { kind: "header", header: "x", setting: "key" }, { key: "a\nb" }],
  ["an empty parameter", { kind: "query", parameter: "k", setting: "key" }, { key: "" }],
  ["a name with a colon", { kind: "basic", usernameSetting: "name" }, { name: "a:b" }],
  ["a missing password", { kind: "basic", usernameSetting: "name", passwordSetting: "p" }, { name: "a" }],
  ["a missing key", { kind: "jwt", keySetting: "key", algorithm: "ES256", claims: () => ({}) }, {}],
  ["a key that is none", { kind: "jwt", keySetting: "key", algorithm: "ES256", claims: () => ({}) }, { key: "x" }],
  ["a missing signing secret", { kind: "signature", sign: () => ({}), secretSettings: ["s"] }, {}],
  [
    "a client without its secret",
    { kind: "oauth2", tokenUrl: () => "", clientIdSetting: "id", clientSecretSetting: "secret", clientAuth: "basic" },
    { id: "i" },
  ],
] as const satisfies readonly (readonly [string, Auth, Record<string, unknown>])[]) {
  test(`${what} needs a person, and nothing is sent`, async () => {
    await assert.rejects(Promise.resolve(signIn(auth, settings).headers()), (error) => {
      assert.ok(error instanceof CallFailed);
      return error.outcome.kind === "reauthorize" && error.outcome.held !== true;
    });
  });
}

test("a token that we sign ourselves is used until little of its life is left, and made anew when it is refused", async () => {
  const auth: Auth = {
    kind: "jwt",
    keySetting: "key",
    algorithm: "HS256",
    keyId: () => "k1",
    claims: ({ issuer }) => ({ iss: issuer }),
    lifetimeMs: 100_000,
  };
  const key = "a shared secret of thirty-two bytes or more";
  const jwt = signIn(auth, { key, issuer: "us" });
  const first = await jwt.headers();
  const token = (first.headers["authorization"] ?? "").replace("Bearer ", "");
  const { payload, protectedHeader } = await jwtVerify(token, Buffer.from(key), { currentDate: new Date(clock.now()) });
  assert.deepEqual([payload.iss, payload.exp! - payload.iat!, protectedHeader.kid], ["us", 100, "k1"]);
  assert.deepEqual(first.secrets, [token]);
  await clock.advance(79_000);
  assert.equal(jwt.headers(), first, "at once");
  await clock.advance(2_000);
  const second = await jwt.headers();
  assert.notEqual(second, first);
  jwt.refused(second);
  assert.notEqual(await jwt.headers(), second);
});

test("a request is signed as it is sent: method, address, headers, bytes and time", async () => {
  const secret = "shh";
  const auth: Auth = {
    kind: "signature",
    secretSettings: ["secret"],
    sign: ({ method, url, headers, body, at }, settings) => {
      const text = `${method} ${url} ${headers["accept"]} ${String(body)} ${at}`;
      return { "X-Signature": createHmac("sha256", String(settings["secret"])).update(text).digest("hex") };
    },
  };
  const { finish, secrets } = await signIn(auth, { secret }).headers();
  const sent = finish?.(request, 77);
  const text = 'POST https://api.example/orders?page=2 application/json {"a":1} 77';
  assert.deepEqual(sent?.headers, {
    accept: "application/json",
    "x-signature": createHmac("sha256", secret).update(text).digest("hex"),
  });
  assert.deepEqual(secrets, [secret]);
  const stream = { lengthBytes: 1, chunks: async function* () {} };
  assert.throws(() => finish?.({ ...request, body: stream }, 77), /got a stream/);
});

test("an access token goes into the header and behind the prefix that the provider wants", async () => {
  const accounts: OAuthAccount[] = [];
  const refused: string[] = [];
  const credentials: Credentials = {
    ...nobody,
    accessToken(account) {
      accounts.push(account);
      return "t1";
    },
    refused: (_connection, token) => void refused.push(token),
  };
  const auth: Auth = {
    kind: "oauth2",
    tokenUrl: ({ host }) => `https://${String(host)}/token`,
    clientIdSetting: "id",
    clientAuth: "none",
    scopes: () => ["a"],
    header: "X-Token",
    prefix: "",
    graceMs: 5,
  };
  const oauth = signIn(auth, { id: "i", host: "id.example" }, credentials);
  const signed = await oauth.headers();
  assert.deepEqual(signed, { headers: { "x-token": "t1" }, secrets: ["t1"] });
  assert.equal(await oauth.headers(), signed, "the same object for the same token");
  oauth.refused(signed);
  assert.deepEqual(refused, ["t1"]);
  const wanted = { connection: "shop", tokenUrl: "https://id.example/token", clientId: "i", clientAuth: "none" };
  assert.deepEqual(accounts[0], { ...wanted, scopes: ["a"], graceMs: 5 });
});
