import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { SeededRandom, VirtualClock } from "../world/virtual.ts";
import { WireFailure, type WireRequest } from "../world/world.ts";
import type { OAuthAccount } from "./oauth-account.ts";
import { requestToken, revokeToken, type Grant } from "./token-client.ts";

const account = {
  connection: "books",
  tokenUrl: "https://id.example/token",
  revokeUrl: "https://id.example/revoke",
  clientId: "id",
  clientSecret: "s&t",
  clientAuth: "body",
} as const satisfies OAuthAccount;
const byRefresh: Grant = { kind: "refresh", refreshToken: "r+1" };
const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** The world in which every request is kept and answered so. */
function world(answer: { readonly status: number; readonly body: string } | WireFailure) {
  const sent: WireRequest[] = [];
  const clock = new VirtualClock();
  const network = {
    send: async (request: WireRequest) => {
      sent.push(request);
      if (answer instanceof WireFailure) throw answer;
      return { status: answer.status, headers: {}, body: Buffer.from(answer.body) };
    },
  };
  const form = (): Record<string, string> => {
    const body = sent.at(-1)?.body;
    return Object.fromEntries(new URLSearchParams(typeof body === "string" ? body : ""));
  };
  return { sent, form, clock, network, random: new SeededRandom(1) };
}
const given = { status: 200, body: '{"access_token":"a"}' };

for (const [clientAuth, body, authorization] of [
  ["basic", "grant_type=refresh_token&refresh_token=r%2B1", "Basic aWQ6cyZ0"],
  ["body", "grant_type=refresh_token&refresh_token=r%2B1&client_id=id&client_secret=s%26t", undefined],
  ["none", "grant_type=refresh_token&refresh_token=r%2B1&client_id=id", undefined],
  ["tls", "grant_type=refresh_token&refresh_token=r%2B1&client_id=id", undefined],
] as const) {
  test(`a client that proves itself by ${clientAuth} never does so in the address`, async () => {
    const at = world(given);
    await requestToken(at, { ...account, clientAuth, scopes: ["a"] }, byRefresh);
    assert.deepEqual(
      at.sent.map((request) => [request.url, request.body, request.headers["authorization"]]),
      [[account.tokenUrl, body, authorization]],
    );
  });
}

test("a client that has a key signs who it is, for this endpoint and for a minute", async () => {
  const at = world(given);
  const clientAuth = { kind: "private-key-jwt", key, algorithm: "ES256", keyId: "k1" } as const;
  await requestToken(at, { ...account, clientAuth }, byRefresh);
  const form = at.form();
  assert.equal(form["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  const { payload } = await jwtVerify(form["client_assertion"] ?? "", pair.publicKey, {
    currentDate: new Date(at.clock.now()),
    audience: account.tokenUrl,
  });
  assert.deepEqual([payload.iss, payload.sub, payload.exp! - payload.iat!], ["id", "id", 60]);
  assert.ok(payload.jti);
  assert.equal(decodeProtectedHeader(form["client_assertion"] ?? "").kid, "k1");
  assert.equal(form["client_secret"], undefined);
});

test("a key in one line, as environments hold it, is a key all the same; another thing is refused without being quoted", async () => {
  const at = world(given);
  const oneLine = { kind: "private-key-jwt", key: key.replaceAll("\n", "\\n"), algorithm: "ES256" } as const;
  assert.equal((await requestToken(at, { ...account, clientAuth: oneLine }, byRefresh)).kind, "token");
  const wrong = { ...oneLine, key: "hunter2" };
  await assert.rejects(requestToken(at, { ...account, clientAuth: wrong }, byRefresh), (error: Error) => {
    assert.match(error.message, /expected a private key in PEM for ES256/);
    return !error.message.includes("hunter2");
  });
});

test("each grant is asked for by its own form, and the connector's parameters come last", async () => {
  const at = world(given);
  const assertion = {
    key,
    algorithm: "ES256",
    claims: () => ({ iss: "id", sub: "me", aud: "https://id.example" }),
  } as const;
  const ask = async (more: Partial<OAuthAccount>, grant: Grant = { kind: "own" }): Promise<Record<string, string>> => {
    await requestToken(at, { ...account, clientAuth: "none", ...more }, grant);
    return at.form();
  };
  const code: Grant = { kind: "code", code: "c", redirectUri: "http://127.0.0.1/x", verifier: "v" };
  assert.deepEqual(await ask({}, code), {
    grant_type: "authorization_code",
    code: "c",
    redirect_uri: "http://127.0.0.1/x",
    code_verifier: "v",
    client_id: "id",
  });
  assert.deepEqual(
    await ask({ grant: "client-credentials", scopes: ["a", "b"], tokenParameters: { audience: "x", scope: "c" } }),
    { grant_type: "client_credentials", scope: "c", audience: "x", client_id: "id" },
  );
  const bearer = await ask({ grant: "jwt-bearer", assertion });
  assert.equal(bearer["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const { payload } = await jwtVerify(bearer["assertion"] ?? "", pair.publicKey, {
    currentDate: new Date(at.clock.now()),
  });
  assert.deepEqual([payload.sub, payload.exp! - payload.iat!], ["me", 180]);
  const exchange = await ask({ grant: "token-exchange", assertion, tokenParameters: { audience: "target" } });
  assert.equal(exchange["subject_token_type"], "urn:ietf:params:oauth:token-type:jwt");
  assert.equal(exchange["audience"], "target");
  const foreign = await ask({ grant: "token-exchange", tokenParameters: { subject_token: "theirs" } });
  assert.equal(foreign["subject_token"], "theirs");
});

test("whether the provider can have had the request is told, since a lost answer may hide a new token", async () => {
  const ask = (failure: WireFailure) => requestToken(world(failure), account, byRefresh);
  assert.partialDeepStrictEqual(await ask(new WireFailure("connect", "no", "refused")), {
    kind: "later",
    answered: true,
  });
  const lost = await ask(new WireFailure("reset", "maybe", "cut off at refresh_token=r+1"));
  assert.partialDeepStrictEqual(lost, { kind: "later", answered: false });
  assert.doesNotMatch(JSON.stringify(lost), /r\+1/);
});

for (const [status, revoked] of [
  [200, true],
  [204, true],
  [400, true],
  [401, false],
  [503, false],
] as const) {
  test(`a token whose taking back was answered ${status} is ${revoked ? "gone" : "said to live on"}`, async () => {
    const at = world({ status, body: "" });
    assert.equal((await revokeToken(at, account, "r1", "refresh_token")).revoked, revoked);
    assert.deepEqual(at.form()["token"], "r1");
  });
}

test("where no token can be taken back, or nobody answers, that is said", async () => {
  const { revokeUrl: _none, ...without } = account;
  assert.equal((await revokeToken(world(given), without, "r1", "refresh_token")).revoked, false);
  const silent = world(new WireFailure("timeout", "maybe", "silence"));
  assert.equal((await revokeToken(silent, account, "r1", "refresh_token")).revoked, false);
});
