import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutcomeKind } from "../define/outcome.ts";
import { WireFailure } from "../world/world.ts";
import { answerOf } from "./answer.ts";
import { outcomeOfAnswer, outcomeOfFailure } from "./outcome.ts";

const NOW = 1_000_000;

function outcome(status: number, writes: boolean, headers: Record<string, string> = {}, body = ""): OutcomeKind {
  return outcomeOfAnswer(answerOf({ status, headers, body: Buffer.from(body) }), writes, NOW).kind;
}

const json = { "content-type": "application/json; charset=utf-8" };

for (const [what, status, headers, body, ofRead, ofWrite] of [
  ["ok", 200, json, "{}", "done", "done"],
  ["no content", 204, {}, "", "done", "done"],
  ["several statuses", 207, json, "{}", "done", "done"],
  ["an empty answer that says it is JSON", 200, json, "", "done", "done"],
  ["text that nobody said is JSON", 200, { "content-type": "text/csv" }, "a,b", "done", "done"],
  ["a web page in place of JSON", 200, { "content-type": "text/html" }, "<html>", "unavailable", "unknown"],
  ["a web page without a type", 200, {}, "<!doctype html>", "unavailable", "unknown"],
  ["half of the JSON", 200, json, '{"id":', "unavailable", "unknown"],
  ["JSON that lies too deep", 200, json, "[".repeat(65) + "]".repeat(65), "unavailable", "unknown"],
  ["moved for good", 301, { location: "/b" }, "", "invalid", "invalid"],
  ["found elsewhere", 302, { location: "/b" }, "", "unavailable", "unknown"],
  ["see another", 303, { location: "/b" }, "", "unavailable", "unknown"],
  ["not modified, unasked", 304, {}, "", "invalid", "invalid"],
  ["elsewhere for now", 307, { location: "/b" }, "", "unavailable", "invalid"],
  ["elsewhere for good", 308, { location: "/b" }, "", "invalid", "invalid"],
  ["bad request", 400, json, "{}", "invalid", "invalid"],
  ["not signed in", 401, {}, "", "reauthorize", "reauthorize"],
  ["unpaid", 402, {}, "", "denied", "denied"],
  ["not allowed", 403, {}, "", "denied", "denied"],
  ["not found", 404, {}, "", "missing", "missing"],
  ["request timeout", 408, {}, "", "unavailable", "unknown"],
  ["conflict", 409, {}, "", "conflict", "conflict"],
  ["gone", 410, {}, "", "missing", "missing"],
  ["precondition failed", 412, {}, "", "conflict", "conflict"],
  ["not accepted", 422, {}, "", "invalid", "invalid"],
  ["too early", 425, {}, "", "unavailable", "unavailable"],
  ["too many", 429, {}, "", "throttled", "throttled"],
  ["teapot", 418, {}, "", "invalid", "invalid"],
  ["failed", 500, {}, "", "unavailable", "unknown"],
  ["not implemented", 501, {}, "", "invalid", "invalid"],
  ["bad gateway", 502, {}, "", "unavailable", "unknown"],
  ["unavailable, no word when to come back", 503, {}, "", "unavailable", "unknown"],
  ["unavailable until", 503, { "retry-after": "3" }, "", "unavailable", "unavailable"],
  ["gateway timeout", 504, {}, "", "unavailable", "unknown"],
  ["a status of the network's edge", 522, {}, "", "unavailable", "unknown"],
] as const) {
  test(`${what} (${status}) leaves a read ${ofRead} and a write ${ofWrite}`, () => {
    assert.equal(outcome(status, false, headers, body), ofRead);
    assert.equal(outcome(status, true, headers, body), ofWrite);
  });
}

test("a failure on the wire leaves a write unknown unless it certainly was not sent", () => {
  assert.equal(outcomeOfFailure(new WireFailure("connect", "no", "refused"), true).kind, "unavailable");
  assert.equal(outcomeOfFailure(new WireFailure("reset", "maybe", "cut"), true).kind, "unknown");
  assert.equal(outcomeOfFailure(new WireFailure("reset", "maybe", "cut"), false).kind, "unavailable");
});

test("a redirect names the host and nothing else of where it leads", () => {
  for (const [location, host] of [
    ["https://evil.example/x?token=abc", "evil.example"],
    ["//user:pass@evil.example:8443/", "evil.example:8443"],
    ["/login", "another path of the same host"],
  ] as const) {
    const answer = answerOf({ status: 308, headers: { location }, body: Buffer.alloc(0) });
    assert.equal(outcomeOfAnswer(answer, true, NOW).reason, `redirect refused: 308 to ${host}`);
  }
});

for (const [body, words] of [
  ['{"message":"Name is taken"}', "422: Name is taken"],
  ['{"errors":[{"message":"First"},{"message":"Second"}]}', "422: First"],
  ['{"errors":{"email":["is not valid"]}}', "422: email: is not valid"],
  ['{"errors":"Exceeded 2 calls per second"}', "422: Exceeded 2 calls per second"],
  ['{"Fault":{"Error":[{"Message":"Stale Object","Detail":"…"}]}}', "422: Stale Object"],
  ['{"error":{"message":"No such customer","code":"x"}}', "422: No such customer"],
  ["", "422 not accepted"],
  ['{"a":{"a":{"a":{"a":{"a":{"a":"too deep"}}}}}}', "422 not accepted"],
] as const) {
  test(`of ${body === "" ? "nothing" : body} people are told "${words}"`, () => {
    const answer = answerOf({ status: 422, headers: json, body: Buffer.from(body) });
    assert.equal(outcomeOfAnswer(answer, true, NOW).reason, words);
  });
}

test("how long to wait is told where it is asked for", () => {
  const answer = answerOf({ status: 429, headers: { "retry-after": "2.0" }, body: Buffer.alloc(0) });
  assert.equal(outcomeOfAnswer(answer, true, NOW).retryAfterMs, 2_000);
});
