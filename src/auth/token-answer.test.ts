import assert from "node:assert/strict";
import { test } from "node:test";
import { readTokenAnswer } from "./token-answer.ts";

const NOW = Date.UTC(2026, 7, 20, 12);
const read = (status: number, body: string, headers: Record<string, string> = {}) =>
  readTokenAnswer({ status, headers, body: Buffer.from(body) }, NOW);

const inAnHour = NOW + 3_600_000;

for (const [what, status, body, wanted] of [
  [
    "as the standard has it",
    200,
    '{"access_token":"a","token_type":"bearer","expires_in":3600,"refresh_token":"r"}',
    ["a", 3_600_000, "r"],
  ],
  ["without a token type and a new refresh token", 200, '{"access_token":"a"}', ["a", undefined, undefined]],
  ["with status 201", 201, '{"access_token":"a"}', ["a", undefined, undefined]],
  ["with its time as text", 200, '{"access_token":"a","expires_in":"3600"}', ["a", 3_600_000, undefined]],
  ["with a sign before its time", 200, '{"access_token":"a","expires_in":"+3600"}', ["a", 3_600_000, undefined]],
  ["with a time before its beginning", 200, '{"access_token":"a","expires_in":"-5"}', ["a", undefined, undefined]],
  ["with a time that is none", 200, '{"access_token":"a","expires_in":"soon"}', ["a", undefined, undefined]],
  [
    "with the moment of its end in seconds",
    200,
    `{"access_token":"a","expires_at":${inAnHour / 1000}}`,
    ["a", 3_600_000, undefined],
  ],
  [
    "with that moment in milliseconds",
    200,
    `{"access_token":"a","expiry_date":${inAnHour}}`,
    ["a", 3_600_000, undefined],
  ],
  [
    "with that moment as a date",
    200,
    `{"access_token":"a","expires_at":"${new Date(inAnHour).toISOString()}"}`,
    ["a", 3_600_000, undefined],
  ],
  ["with a moment that is over", 200, `{"access_token":"a","expires_at":1000000001}`, ["a", undefined, undefined]],
  ["with an empty refresh token", 200, '{"access_token":"a","refresh_token":""}', ["a", undefined, undefined]],
  ["in capitals", 200, '{"accessToken":"a","expiresIn":60,"refreshToken":"r"}', ["a", 60_000, "r"]],
  ["below data", 200, '{"data":{"access_token":"a","expires_in":60}}', ["a", 60_000, undefined]],
  ["two levels down", 200, '{"result":{"token":{"access_token":"a","refresh_token":"r"}}}', ["a", undefined, "r"]],
  [
    "beside an empty error",
    200,
    '{"error":null,"errors":[],"error_code":0,"access_token":"a"}',
    ["a", undefined, undefined],
  ],
  ["of somebody who signed in", 200, '{"ok":true,"authed_user":{"access_token":"a"}}', ["a", undefined, undefined]],
  ["as a form", 200, "access_token=a&expires_in=60&refresh_token=r%2B", ["a", 60_000, "r+"]],
  ["with a byte order mark", 200, '\ufeff{"access_token":"a"}', ["a", undefined, undefined]],
] as const) {
  test(`a token ${what} is taken`, () => {
    const answer = read(status, body);
    assert.ok(answer.kind === "token");
    assert.deepEqual([answer.accessToken, answer.expiresInMs, answer.refreshToken], wanted);
  });
}

for (const [scope, wanted] of [
  ['"read write"', ["read", "write"]],
  ['"read,write"', ["read", "write"]],
  ['["read","write"]', ["read", "write"]],
  ['""', undefined],
  ["7", undefined],
] as const) {
  test(`scopes given as ${scope} are read`, () => {
    const answer = read(200, `{"access_token":"a","scope":${scope}}`);
    assert.deepEqual(answer.kind === "token" && answer.scopes, wanted);
  });
}

for (const name of ["refresh_token_expires_in", "x_refresh_token_expires_in", "refreshTokenExpiresIn"]) {
  test(`when the refresh token ends is told as ${name}`, () => {
    const answer = read(200, `{"access_token":"a","${name}":86400}`);
    assert.equal(answer.kind === "token" && answer.refreshExpiresInMs, 86_400_000);
  });
}

for (const [status, body, kind] of [
  [400, '{"status":"BAD_REFRESH_TOKEN","message":"missing or unknown refresh token"}', "refused"],
  [400, '{"status":"BAD_CLIENT_SECRET"}', "refused"],
  [400, '{"status":"error","message":"try again"}', "later"],
  [400, '{"error":"invalid_grant","error_description":"Token expired"}', "refused"],
  [401, '{"error":"invalid_grant"}', "refused"],
  [200, '{"error":"bad_refresh_token"}', "refused"],
  [200, '{"ok":false,"error":"invalid_refresh_token"}', "refused"],
  [200, '{"error":"invalid_grant","access_token":"a"}', "refused"],
  [400, '{"error":{"code":"invalid_grant","message":"no"}}', "refused"],
  [400, '{"errors":[{"code":"INVALID_GRANT"}]}', "refused"],
  [400, "error=invalid_grant", "refused"],
  [401, '{"error":"invalid_client"}', "refused"],
  [
    400,
    '{"error":"app_not_installed","error_description":"The application is not installed on this shop."}',
    "refused",
  ],
  [400, '{"error":"shop_not_permitted"}', "refused"],
  [400, '{"error":"application_cannot_be_found"}', "refused"],
  [400, '{"error":"invalid_request"}', "later"],
  [400, '{"error":"temporarily_unavailable"}', "later"],
  [200, '{"ok":false}', "later"],
  [200, '{"error":"rate_limited","access_token":"a"}', "later"],
  [400, "<html>Bad request</html>", "later"],
  [401, "", "later"],
  [403, "<html>blocked by a firewall: invalid_grant</html>", "later"],
  [200, '{"access_token":""}', "later"],
  [200, '{"access_token":"a\\r\\nX: y"}', "later"],
  [200, '{"deep":{"deeper":{"deepest":{"access_token":"a"}}}}', "later"],
  [200, "[]", "later"],
  [302, "", "later"],
  [429, '{"error":"invalid_grant"}', "later"],
  [500, '{"error":"invalid_grant"}', "later"],
  [503, "", "later"],
] as const) {
  test(`${status} ${body} means ${kind === "later" ? "to ask again later" : "that the provider refuses"}`, () => {
    assert.equal(read(status, body).kind, kind);
  });
}

test("a request that is refused as such condemns what the settings hold, and no refresh token", () => {
  const answer = { status: 400, headers: {}, body: Buffer.from('{"error":"invalid_request"}') };
  assert.equal(readTokenAnswer(answer, NOW, { own: true }).kind, "refused");
  assert.equal(readTokenAnswer(answer, NOW, { own: false }).kind, "later");
  assert.equal(readTokenAnswer({ ...answer, status: 503 }, NOW, { own: true }).kind, "later");
});

test("an answer that is no token tells the wait that was asked for, and never the body", () => {
  assert.deepEqual(read(503, "secret stuff", { "retry-after": "9" }), {
    kind: "later",
    answered: true,
    reason: "the token endpoint answered 503",
    retryAfterMs: 9_000,
  });
  const { reason = "" } = read(400, '{"error":"no!\\r\\n<b>","error_description":"r-123"}') as { reason?: string };
  assert.equal(reason, "the token endpoint answered 400 no_b_");
});
