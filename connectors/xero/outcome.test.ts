import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import { contacts } from "./contacts.ts";
import { outcome } from "./outcome.ts";
import { failure, setup } from "./test-api.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, text, json: typeof body === "string" ? undefined : body };
}

const GET: ApiRequest = { method: "GET", path: "/Invoices" };
const PUT: ApiRequest = { method: "PUT", path: "/Invoices", body: {} };
const problem = (Status: number, Detail: string): object => ({ Type: null, Title: "", Status, Detail, Extensions: {} });
const fault = (...messages: readonly string[]): object => ({
  ErrorNumber: 10,
  Type: "ValidationException",
  Message: "A validation exception occurred",
  Elements: [{ InvoiceID: "x", ValidationErrors: messages.map((Message) => ({ Message })) }],
});

const NAME_TAKEN =
  "The contact name Amy is already assigned to another contact. The contact name must be unique across all";
const cases: readonly (readonly [what: string, kind: string | undefined, Answer, ApiRequest])[] = [
  ["an expired token", "reauthorize", answer(401, problem(401, "TokenExpired: token expired at 01/01/2020")), GET],
  ["an unknown token", "reauthorize", answer(401, problem(401, "AuthenticationUnsuccessful")), GET],
  ["a scope that is missing", "denied", answer(401, problem(401, "AuthorizationUnsuccessful")), PUT],
  [
    "a scope, told in a header",
    "denied",
    answer(401, "", { "www-authenticate": 'Bearer error="insufficient_scope"' }),
    GET,
  ],
  [
    "an organisation that was disconnected",
    "reauthorize",
    answer(403, problem(403, "AuthenticationUnsuccessful")),
    GET,
  ],
  ["another refusal", "denied", answer(403, problem(403, "Forbidden")), GET],
  ["a validation", "invalid", answer(400, fault("Account code '9' is not a valid code")), PUT],
  ["a name that is taken", "conflict", answer(400, fault(NAME_TAKEN)), PUT],
  ["a number that is taken", "conflict", answer(400, fault("Invoice # must be unique.")), PUT],
  ["a code that is taken", "conflict", answer(400, fault("Price List Item with Code 'A' already exists")), PUT],
  [
    "a filter that makes no sense",
    "invalid",
    answer(400, { ErrorNumber: 16, Type: "QueryParseException", Message: "Syntax error" }),
    GET,
  ],
  [
    "a key with another request",
    "unknown",
    answer(400, problem(400, "Idempotency Key 'k' is used with a different request.")),
    PUT,
  ],
  ["a bad request without words", "invalid", answer(400, ""), PUT],
  [
    "too many in a minute",
    "throttled",
    answer(429, "", { "retry-after": "12", "x-rate-limit-problem": "minute" }),
    PUT,
  ],
  ["too many at once", "throttled", answer(429, "", { "x-rate-limit-problem": "Concurrent" }), GET],
  ["a page for people, reading", "unavailable", answer(200, "<html>"), GET],
  ["a page for people, writing", "unknown", answer(200, "<html>"), PUT],
  ["what is done", undefined, answer(200, { Invoices: [{ HasErrors: false, ValidationErrors: [] }] }), PUT],
  [
    "a warning",
    undefined,
    answer(200, { Invoices: [{ StatusAttributeString: "WARNING", Warnings: [{ Message: "rate" }] }] }),
    PUT,
  ],
  ["what the table knows: missing", undefined, answer(404, "The resource you're looking for cannot be found"), GET],
  ["what the table knows: broken", undefined, answer(500, ""), PUT],
  ["what the table knows: offline", undefined, answer(503, ""), PUT],
  [
    "an error inside of 200",
    "invalid",
    answer(200, { Invoices: [{ HasErrors: true, ValidationErrors: [{ Message: "no" }] }] }),
    PUT,
  ],
  [
    "an error inside of 200 of a contact",
    "invalid",
    answer(200, { Contacts: [{ HasValidationErrors: true, ValidationErrors: [{ Description: "no" }] }] }),
    PUT,
  ],
  [
    "the same, reading",
    undefined,
    answer(200, { Invoices: [{ HasErrors: true, ValidationErrors: [{ Message: "no" }] }] }),
    GET,
  ],
  ["of many each speaks for itself", undefined, answer(200, { Items: [{ StatusAttributeString: "ERROR" }, {}] }), PUT],
];

for (const [what, kind, given, request] of cases) {
  test(`${what} is ${kind ?? "left to the engine's table"}`, () => {
    assert.equal(outcome(given, request)?.kind, kind);
  });
}

test("the wait and the name of the limit are told, and every reason once, without a wall of text", () => {
  const limited = outcome(answer(429, "", { "retry-after": "12", "x-rate-limit-problem": "Minute" }), GET);
  assert.deepEqual([limited?.retryAfterMs, limited?.code], [12_000, "minute"]);
  assert.equal(outcome(answer(429, "", { "retry-after": "soon" }), GET)?.retryAfterMs, undefined);
  const lines = {
    Elements: [
      { ValidationErrors: [{ Message: "A" }, { Message: "A" }], LineItems: [{ ValidationErrors: [{ Message: "B" }] }] },
    ],
  };
  assert.equal(outcome(answer(400, lines), PUT)?.reason, "A; B");
  assert.ok((outcome(answer(400, fault("x".repeat(9_999))), PUT)?.reason?.length ?? 0) <= 500);
});

test("over HTTP: expired and unknown tokens, missing scopes, disconnection and none chosen are told apart", async () => {
  await using world = await setup();
  const { simulator } = world;
  const kindWith = async (token: string, settings: object = {}): Promise<string> => {
    const api = world.apiWith({ token, settings });
    return (await failure(contacts.everything!.page(api, {}))).kind;
  };
  assert.equal(await kindWith("nobody's"), "reauthorize");
  assert.equal(await kindWith(simulator.accessToken(["accounting.invoices"])), "denied");
  const reader = world.apiWith({ token: simulator.accessToken(["accounting.contacts.read"]) });
  assert.deepEqual((await contacts.everything!.page(reader, {})).records, []);
  const order = { idempotencyKey: "k1", fields: { Name: "Amy" } };
  assert.equal((await failure(contacts.write!.create(reader, order))).kind, "denied");
  const good = simulator.accessToken();
  assert.equal(await kindWith(good, { tenantId: "00000000-0000-4000-8000-000000000000" }), "reauthorize");
  assert.equal(await kindWith(good, { tenantId: undefined }), "denied");
  simulator.tokens.disconnect();
  assert.equal(await kindWith(good), "reauthorize");
  simulator.tokens.connect("second");
  await world.clock.advance(30 * 60_000);
  assert.equal(await kindWith(good), "reauthorize");
});

test("over HTTP: what is not there is missing, what Xero cannot just now is tried later", async () => {
  await using world = await setup();
  const key = "00000000-0000-4000-8000-000000000000";
  const order = { idempotencyKey: "k1", key, fields: { Name: "Amy" }, changed: ["Name"] as const };
  assert.equal((await failure(contacts.write!.update!(world.api, order))).kind, "missing");
  for (const how of ["error-before", "offline", "page-before", "truncated"] as const) {
    world.simulator.sabotage({ how, method: "GET" });
    assert.equal((await failure(contacts.everything!.page(world.api, {}))).kind, "unavailable", how);
  }
});
