import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import { outcome } from "./outcome.ts";

const READ: ApiRequest = { method: "GET", path: "/query" };
const WRITE: ApiRequest = { method: "PATCH", path: "/sobjects/Account/001" };
const BATCHED_READ: ApiRequest = { method: "POST", path: "/composite/sobjects/Account", writes: false };

function answer(status: number, json: unknown): Answer {
  return { status, headers: {}, text: JSON.stringify(json) ?? "", json };
}

function error(errorCode: string, message = "words"): readonly object[] {
  return [{ message, errorCode, fields: ["Name"] }];
}

function composite(httpStatusCode: number, body: unknown): object {
  const read = { body: error("PROCESSING_HALTED"), httpStatusCode: 400, httpHeaders: {}, referenceId: "record" };
  return { compositeResponse: [{ body, httpStatusCode, httpHeaders: {}, referenceId: "write" }, read] };
}

const DAY = "TotalRequests Limit exceeded.";
const CONCURRENT = "ConcurrentRequests (Concurrent API Requests) Limit exceeded.";
const TRIGGER = "Trigger: execution of AfterInsert caused by: System.DmlException: UNABLE_TO_LOCK_ROW, unable to …";

const table: readonly (readonly [string, Answer, ApiRequest, string | undefined])[] = [
  ["an expired session", answer(401, error("INVALID_SESSION_ID")), READ, "reauthorize"],
  ["a bad token of another form", answer(401, undefined), READ, undefined],
  ["a spent day", answer(403, error("REQUEST_LIMIT_EXCEEDED", DAY)), WRITE, "throttled"],
  ["too many long calls", answer(403, error("REQUEST_LIMIT_EXCEEDED", CONCURRENT)), WRITE, "throttled"],
  ["too many calls at a gateway", answer(429, error("X")), WRITE, "throttled"],
  ["a missing right", answer(403, error("INSUFFICIENT_ACCESS")), WRITE, "denied"],
  ["a missing right to a record", answer(400, error("INSUFFICIENT_ACCESS_OR_READONLY")), WRITE, "denied"],
  ["an org without API", answer(403, error("API_DISABLED_FOR_ORG")), READ, "denied"],
  ["a field that may only be read", answer(400, error("INVALID_FIELD_FOR_INSERT_UPDATE")), WRITE, "denied"],
  ["a hidden field", answer(400, error("INVALID_FIELD", "No such column 'Fax' on entity 'Account'.")), READ, "denied"],
  ["a query with a wrong literal", answer(400, error("INVALID_FIELD", "value of filter criterion …")), READ, "invalid"],
  [
    "no such external id",
    answer(404, error("NOT_FOUND", "Provided external ID field does not exist")),
    WRITE,
    "denied",
  ],
  ["full storage", answer(400, error("STORAGE_LIMIT_EXCEEDED")), WRITE, "denied"],
  ["a retired version", answer(410, error("GONE")), READ, "denied"],
  ["a retired version without words", answer(410, undefined), READ, "denied"],
  ["a record that is not there", answer(404, error("NOT_FOUND")), WRITE, "missing"],
  ["a record in the bin", answer(404, error("ENTITY_IS_DELETED")), WRITE, "missing"],
  ["a record that was purged", answer(404, error("INVALID_CROSS_REFERENCE_KEY")), WRITE, "missing"],
  ["a reference that leads nowhere", answer(400, error("INVALID_CROSS_REFERENCE_KEY")), WRITE, "invalid"],
  ["a missing field", answer(400, error("REQUIRED_FIELD_MISSING")), WRITE, "invalid"],
  ["a rule of the org", answer(400, error("FIELD_CUSTOM_VALIDATION_EXCEPTION")), WRITE, "invalid"],
  ["a trigger that objects", answer(400, error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY")), WRITE, "invalid"],
  [
    "a trigger that met a lock",
    answer(400, error("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", TRIGGER)),
    WRITE,
    "unavailable",
  ],
  ["a lock", answer(400, error("UNABLE_TO_LOCK_ROW")), WRITE, "unavailable"],
  ["a text in use", answer(400, error("DUPLICATE_VALUE")), WRITE, "conflict"],
  ["a duplicate", answer(400, error("DUPLICATES_DETECTED")), WRITE, "conflict"],
  ["several records for one external id", answer(300, ["/a", "/b"]), WRITE, "conflict"],
  ["a change in between", answer(412, undefined), WRITE, "conflict"],
  ["a wanted condition", answer(428, undefined), WRITE, "conflict"],
  ["a job of another version", answer(409, error("X")), READ, "conflict"],
  ["a query that took too long", answer(400, error("QUERY_TIMEOUT")), READ, "unavailable"],
  ["a server that is busy", answer(503, error("SERVER_UNAVAILABLE")), WRITE, "unavailable"],
  ["an unforeseen fault of a write", answer(500, error("UNKNOWN_EXCEPTION")), WRITE, "unknown"],
  ["an unforeseen fault of a read", answer(500, error("UNKNOWN_EXCEPTION")), READ, "unavailable"],
  ["an unforeseen fault of a batched read", answer(500, error("UNKNOWN_EXCEPTION")), BATCHED_READ, "unavailable"],
  ["an org that moves", answer(420, undefined), WRITE, "unavailable"],
  ["errors with 200", answer(200, error("INVALIDJOBSTATE")), READ, "invalid"],
  [
    "a result that did not succeed",
    answer(200, { success: false, errors: [{ statusCode: "DUPLICATE_VALUE" }] }),
    WRITE,
    "conflict",
  ],
  ["an error of the token endpoint", answer(400, { error: "invalid_grant", error_description: "x" }), READ, "invalid"],
  ["a code nobody knows", answer(400, error("SOMETHING_NEW")), WRITE, "invalid"],
  ["a part that was refused", answer(200, composite(400, error("DUPLICATE_VALUE"))), WRITE, "conflict"],
  ["a part that met a condition", answer(200, composite(412, null)), WRITE, "conflict"],
  ["a part with several matches", answer(200, composite(300, ["/a"])), WRITE, "conflict"],
  ["a part with a status alone", answer(200, composite(502, null)), WRITE, "unknown"],
  [
    "a part that was done, and not read after it",
    answer(200, composite(201, { id: "001", success: true })),
    WRITE,
    undefined,
  ],
  ["a part without an answer of its own", answer(200, composite(204, null)), WRITE, undefined],
  ["an answer as it should be", answer(200, { records: [], done: true }), READ, undefined],
  ["an empty answer", answer(204, undefined), WRITE, undefined],
  ["a list of records", answer(200, [{ Id: "001" }, null]), BATCHED_READ, undefined],
];

for (const [what, given, request, kind] of table) {
  test(`${what} is ${kind ?? "left to the engine"}`, () => assert.equal(outcome(given, request)?.kind, kind));
}

test("the reason is what Salesforce said, with the fields it named", () => {
  const several = [
    ...error("STRING_TOO_LONG", "too long"),
    { message: "bad Email", errorCode: "X", fields: ["Email"] },
  ];
  assert.deepEqual(outcome(answer(400, several), WRITE), {
    kind: "invalid",
    reason: "STRING_TOO_LONG: too long (Name); X: bad Email",
    code: "STRING_TOO_LONG",
  });
});

test("a spent day waits longer than a crowd", () => {
  const wait = (message: string) => outcome(answer(403, error("REQUEST_LIMIT_EXCEEDED", message)), READ)?.retryAfterMs;
  assert.equal(wait(CONCURRENT), 5_000);
  assert.equal(wait(DAY), 600_000);
});

test("of a transaction that was rolled back the record that was to blame is told", () => {
  const rolledBack = [
    { statusCode: "ALL_OR_NONE_OPERATION_ROLLED_BACK", message: "rolled back", fields: [] },
    { statusCode: "UNABLE_TO_LOCK_ROW", message: "locked", fields: [] },
  ];
  const told = outcome(answer(200, { success: false, errors: rolledBack }), WRITE);
  assert.deepEqual([told?.kind, told?.code], ["unavailable", "UNABLE_TO_LOCK_ROW"]);
});
