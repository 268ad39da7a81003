import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import { outcome } from "./errors.ts";
import { failure, setup } from "./test-api.ts";

const BASE = "/crm/objects/2026-09/contacts";
const CREATE: ApiRequest = { method: "POST", path: BASE, body: { properties: {} } };
const UPDATE: ApiRequest = { method: "PATCH", path: `${BASE}/12`, body: { properties: {} } };
const UPSERT: ApiRequest = { method: "POST", path: `${BASE}/batch/upsert`, body: { inputs: [{ id: "1" }] } };
const READ: ApiRequest = { method: "POST", path: `${BASE}/batch/read`, body: { inputs: [{ id: "1" }] }, writes: false };

function answer(status: number, json: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, json, text: json === undefined ? "<html>" : JSON.stringify(json) };
}

const error = (category: string, message = "no", more: object = {}): object => ({
  status: "error",
  message,
  category,
  ...more,
});
const UNIQUE = 'Property values were not valid: [{"error":"CONFLICTING_UNIQUE_VALUE","message":"taken","name":"k"}]';
const batchOf = (...errors: object[]): object => ({ status: "COMPLETE", results: [], errors });

for (const [name, given, request, kind, code, waitMs] of [
  ["a bad value", answer(400, error("VALIDATION_ERROR")), CREATE, "invalid", "VALIDATION_ERROR"],
  [
    "a value that another record has",
    answer(400, error("VALIDATION_ERROR", UNIQUE)),
    CREATE,
    "conflict",
    "CONFLICTING_UNIQUE_VALUE",
  ],
  ["an address in use", answer(409, error("CONFLICT")), CREATE, "conflict", "CONFLICT"],
  ["a token that ended", answer(401, error("EXPIRED_AUTHENTICATION")), CREATE, "reauthorize", "EXPIRED_AUTHENTICATION"],
  ["a token of nobody", answer(401, error("INVALID_AUTHENTICATION")), CREATE, "reauthorize", "INVALID_AUTHENTICATION"],
  ["scopes that are missing", answer(403, error("MISSING_SCOPES")), CREATE, "denied", "MISSING_SCOPES"],
  ["a record that is gone", answer(404, error("OBJECT_NOT_FOUND")), UPDATE, "missing", "OBJECT_NOT_FOUND"],
  ["the same in short", answer(404, { status: "error", message: "resource not found" }), UPDATE, "missing", undefined],
  ["what a new record refers to", answer(404, error("OBJECT_NOT_FOUND")), CREATE, "invalid", "OBJECT_NOT_FOUND"],
  ["a version that is no longer served", answer(404, undefined), UPDATE, "unavailable", undefined],
  ["too many identities", answer(414, { status: "error", message: "more than 250" }), UPDATE, "invalid", undefined],
  ["a record that is locked", answer(423, error("LOCKED")), UPDATE, "throttled", "423", 2_000],
  [
    "an account that is being moved",
    answer(477, undefined, { "retry-after": "3600" }),
    UPDATE,
    "unavailable",
    "477",
    3_600_000,
  ],
  ["an origin that the edge cannot reach", answer(521, undefined), CREATE, "unavailable", undefined],
  [
    "ten seconds",
    answer(429, { policyName: "TEN_SECONDLY_ROLLING" }),
    READ,
    "throttled",
    "TEN_SECONDLY_ROLLING",
    10_000,
  ],
  ["searches", answer(429, { policyName: "SECONDLY" }), READ, "throttled", "SECONDLY", 1_000],
  ["the day", answer(429, { policyName: "DAILY" }), READ, "throttled", "DAILY", 900_000],
  [
    "a limit that says how long",
    answer(429, { policyName: "DAILY" }, { "retry-after": "7" }),
    READ,
    "throttled",
    "DAILY",
    7_000,
  ],
  ["a limit without a word", answer(429, undefined), READ, "throttled", undefined],
  ["the only item of a batch", answer(207, batchOf(error("VALIDATION_ERROR"))), UPSERT, "invalid", "VALIDATION_ERROR"],
  ["the only item, without a reason", answer(207, batchOf({})), UPSERT, "invalid", undefined],
] as const) {
  test(`${name}: ${kind}`, () => {
    const meant = outcome(given, request);
    assert.deepEqual([meant?.kind, meant?.code, meant?.retryAfterMs], [kind, code, waitMs]);
  });
}

test("what succeeded, what a read did not find, and what broke is left to the engine's table", () => {
  assert.equal(outcome(answer(201, { id: "1" }), CREATE), undefined);
  assert.equal(outcome(answer(204, undefined), UPDATE), undefined);
  assert.equal(outcome(answer(207, batchOf(error("OBJECT_NOT_FOUND"))), READ), undefined);
  for (const status of [302, 500, 502, 504, 522]) assert.equal(outcome(answer(status, undefined), CREATE), undefined);
  assert.equal(outcome(answer(500, error("INTERNAL_ERROR")), CREATE), undefined);
});

test("the causes stand in the reason in words, and the scopes that are needed", () => {
  const cause = '[{"isValid":false,"message":"Email address x is invalid","error":"INVALID_EMAIL","name":"email"}]';
  const bad = outcome(answer(400, error("VALIDATION_ERROR", `Property values were not valid: ${cause}`)), CREATE);
  assert.deepEqual(bad, {
    kind: "invalid",
    code: "INVALID_EMAIL",
    reason: "Property values were not valid: Email address x is invalid",
  });
  const errors = [{ message: "needed", context: { requiredGranularScopes: ["tickets"] } }];
  assert.equal(outcome(answer(403, error("MISSING_SCOPES", "no", { errors })), READ)?.reason, "no (needs tickets)");
});

test("answers that make no sense are understood as little", () => {
  for (const json of [null, [], "no", 7, { message: 7 }, { errors: [7] }, { message: "[{" }]) {
    assert.doesNotThrow(() => outcome(answer(400, json), CREATE));
    assert.doesNotThrow(() => outcome(answer(207, json), UPSERT));
  }
});

for (const [how, kind] of [
  ["locked", "throttled"],
  ["migrating", "unavailable"],
  ["unreached", "unavailable"],
  ["error-before", "unknown"],
  ["gateway-before", "unknown"],
] as const) {
  test(`a write that met "${how}" ended ${kind}`, async () => {
    await using world = await setup();
    world.simulator.sabotage({ how });
    const outcomeOfIt = await failure(world.api.request({ method: "POST", path: BASE, body: { properties: {} } }));
    assert.equal(outcomeOfIt.kind, kind);
    assert.equal(world.simulator.truth.contacts.size, 0);
  });
}

test("a token that ended, and one that was replaced, ask for a new one", async () => {
  await using world = await setup();
  world.simulator.tokens.replacePrivateAppToken("pat-na1-second");
  const outcomeOfIt = await failure(world.api.request({ method: "GET", path: BASE }));
  assert.deepEqual([outcomeOfIt.kind, outcomeOfIt.code], ["reauthorize", "INVALID_AUTHENTICATION"]);
});
