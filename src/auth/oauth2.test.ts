import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../world/virtual.ts";
import { WireFailure, type WireRequest } from "../world/world.ts";
import { readTokenAnswer, refreshAccessToken } from "./oauth2.ts";

const read = (status: number, body: string, headers: Record<string, string> = {}) =>
  readTokenAnswer({ status, headers, body: Buffer.from(body) }, 0);

for (const [what, body, wanted] of [
  [
    "as the standard has it",
    '{"access_token":"a","token_type":"bearer","expires_in":3600,"refresh_token":"r"}',
    ["a", 3_600_000, "r"],
  ],
  ["without a token type and a new refresh token", '{"access_token":"a"}', ["a", undefined, undefined]],
  ["with its time as text", '{"access_token":"a","expires_in":"3600"}', ["a", 3_600_000, undefined]],
  ["with a time that is none", '{"access_token":"a","expires_in":"soon"}', ["a", undefined, undefined]],
  ["with an empty refresh token", '{"access_token":"a","refresh_token":""}', ["a", undefined, undefined]],
  ["as a form", "access_token=a&expires_in=60&refresh_token=r%2B", ["a", 60_000, "r+"]],
  ["with a byte order mark", '\ufeff{"access_token":"a"}', ["a", undefined, undefined]],
] as const) {
  test(`a token ${what} is taken`, () => {
    const answer = read(200, body);
    assert.ok(answer.kind === "token");
    assert.deepEqual([answer.accessToken, answer.expiresInMs, answer.refreshToken], wanted);
  });
}

for (const [status, body, kind] of [
  [400, '{"error":"invalid_grant","error_description":"Token expired"}', "refused"],
  [401, '{"error":"invalid_grant"}', "refused"],
  [200, '{"error":"bad_refresh_token"}', "refused"],
  [401, '{"error":"invalid_client"}', "refused"],
  [400, '{"error":"temporarily_unavailable"}', "later"],
  [400, "<html>Bad request</html>", "later"],
  [401, "", "later"],
  [200, '{"access_token":""}', "later"],
  [200, '{"access_token":"a\\r\\nX: y"}', "later"],
  [302, "", "later"],
  [429, '{"error":"invalid_grant"}', "later"],
  [500, '{"error":"invalid_grant"}', "later"],
  [503, "", "later"],
] as const) {
  test(`${status} ${body} means ${kind === "later" ? "to ask again later" : "that the provider refuses"}`, () => {
    assert.equal(read(status, body).kind, kind);
  });
}

test("an answer that is no token tells the wait that was asked for, and never the body", () => {
  assert.deepEqual(read(503, "secret stuff", { "retry-after": "9" }), {
    kind: "later",
    reason: "the token endpoint answered 503",
    retryAfterMs: 9_000,
  });
});

test("the client shows itself in a header or in the form, never in the address", async () => {
  const sent: WireRequest[] = [];
  const network = {
    send: async (request: WireRequest) => {
      sent.push(request);
      return { status: 200, headers: {}, body: Buffer.from('{"access_token":"a"}') };
    },
  };
  const account = { tokenUrl: "https://id.example/token", clientId: "id", clientSecret: "s&t", refreshToken: "r+1" };
  await refreshAccessToken(network, new VirtualClock(), { ...account, clientAuth: "basic", scopes: ["a", "b"] });
  await refreshAccessToken(network, new VirtualClock(), { ...account, clientAuth: "body" });
  assert.deepEqual(
    sent.map(({ url, body, headers }) => [url, body, headers["authorization"]]),
    [
      [account.tokenUrl, "grant_type=refresh_token&refresh_token=r%2B1&scope=a+b", "Basic aWQ6cyZ0"],
      [account.tokenUrl, "grant_type=refresh_token&refresh_token=r%2B1&client_id=id&client_secret=s%26t", undefined],
    ],
  );
});

test("no answer at all says nothing of the token", async () => {
  const network = { send: () => Promise.reject(new WireFailure("reset", "maybe", "cut")) };
  const request = {
    tokenUrl: "https://id.example",
    clientId: "i",
    clientSecret: "s",
    clientAuth: "body",
    refreshToken: "r",
  } as const;
  assert.equal((await refreshAccessToken(network, new VirtualClock(), request)).kind, "later");
});
