import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import { outcome } from "./faults.ts";

const READ: ApiRequest = { method: "GET", path: "/query" };
const CREATE: ApiRequest = { method: "POST", path: "/invoice", body: '{"DocNumber":"1"}' };
const UPDATE: ApiRequest = { method: "POST", path: "/invoice", body: '{"Id":"1","SyncToken":"0"}' };

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, text, json: typeof body === "string" ? undefined : body };
}

function service(code: string, type = "ValidationFault"): object {
  return { Fault: { Error: [{ Message: "Message", Detail: "Detail", code, element: "" }], type }, time: "now" };
}

function gateway(code: string, name: string, type: string): object {
  return {
    fault: { error: [{ message: `message=${name}; errorCode=00${code}`, detail: "", code, element: null }], type },
  };
}

const XML =
  '<IntuitResponse time="x"><Fault type="AuthenticationFault"><Error code="100"><Message>General</Message></Error></Fault></IntuitResponse>';

const table: readonly (readonly [string, Answer, ApiRequest, string | undefined])[] = [
  ["an expired token", answer(401, gateway("3200", "AuthenticationFailed", "AUTHENTICATION")), READ, "reauthorize"],
  ["a token of another company, in XML", answer(401, XML), READ, "reauthorize"],
  ["no permission, with 401", answer(401, service("120", "AuthorizationFault")), CREATE, "denied"],
  ["no permission, misspelled as Intuit does", answer(403, service("9", "AuthorizatonFault")), CREATE, "denied"],
  ["an application that may not", answer(403, gateway("3100", "ApplicationAuthorizationFailed", "X")), READ, "denied"],
  ["a lapsed subscription", answer(400, service("6190")), CREATE, "denied"],
  ["too many calls", answer(429, gateway("3001", "ThrottleExceeded", "SERVICE")), CREATE, "throttled"],
  ["too many calls, as a page", answer(429, "slow down"), CREATE, "throttled"],
  ["too many calls, told with another status", answer(400, gateway("003001", "X", "SERVICE")), CREATE, "throttled"],
  ["a record that is gone", answer(400, service("610")), READ, "missing"],
  ["an update of what is gone", answer(400, service("610")), UPDATE, "missing"],
  ["a reference of a new record that is inactive", answer(400, service("610")), CREATE, "invalid"],
  ["a stale version", answer(400, service("5010")), UPDATE, "conflict"],
  ["a name in use", answer(400, service("6240")), CREATE, "conflict"],
  ["a number in use", answer(400, service("6140")), CREATE, "conflict"],
  ["a wrong sum", answer(400, service("6070")), CREATE, "invalid"],
  ["a closed period", answer(400, service("6210")), CREATE, "invalid"],
  ["a code nobody knows", answer(400, service("7777")), CREATE, "invalid"],
  ["a system fault while writing", answer(500, service("10000", "SystemFault")), CREATE, "unknown"],
  ["a system fault while reading", answer(500, service("10000", "SystemFault")), READ, "unavailable"],
  ["a fault inside an answer with 200", answer(200, service("610")), READ, "missing"],
  ["a page for people with 200, to a write", answer(200, "<html>"), CREATE, "unknown"],
  ["a page for people with 200, to a read", answer(200, "<html>"), READ, "unavailable"],
  ["an answer as it should be", answer(200, { Invoice: {} }), CREATE, undefined],
];

for (const [what, given, request, kind] of table) {
  test(`${what} is ${kind ?? "left to the engine"}`, () => assert.equal(outcome(given, request)?.kind, kind));
}

test("the reason is what QuickBooks said, and the code is without leading zeros", () => {
  assert.deepEqual(outcome(answer(400, service("06240")), CREATE), {
    kind: "conflict",
    reason: "Message: Detail",
    code: "6240",
  });
});

test("a wait that QuickBooks asks for is passed on", () => {
  assert.equal(outcome(answer(429, "", { "retry-after": "7" }), READ)?.retryAfterMs, 7_000);
});
