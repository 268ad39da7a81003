import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { OutcomeKind } from "../../src/define/outcome.ts";
import { stripe } from "./connector.ts";
import { MISMATCHED, REPLAYED, stripeOutcome } from "./outcome.ts";

type ErrorBody = Readonly<Record<string, unknown>>;

function answer(status: number, error: ErrorBody | string, headers: Record<string, string> = {}): Answer {
  const json = { error };
  return { status, headers, json, text: JSON.stringify(json) };
}

const READ: ApiRequest = { method: "GET", path: "/customers/cus_1" };
const CREATE: ApiRequest = { method: "POST", path: "/customers" };
const UPDATE: ApiRequest = { method: "POST", path: "/customers/cus_1" };

const invalid = (code?: string, param?: string): ErrorBody => ({
  type: "invalid_request_error",
  message: "Words of Stripe",
  ...(code && { code }),
  ...(param && { param }),
});
const REASON = "stripe-rate-limited-reason";
const REPLAY = { "idempotent-replayed": "true" };

for (const [what, status, error, headers, ofRead, ofCreate, ofUpdate] of [
  ["a parameter too many", 400, invalid("parameter_unknown", "nam"), {}, "invalid", "invalid", "invalid"],
  ["a reference that leads nowhere", 400, invalid("resource_missing", "customer"), {}, "invalid", "invalid", "invalid"],
  ["an object that is not there", 404, invalid("resource_missing", "id"), {}, "missing", "invalid", "missing"],
  ["an id that is taken", 400, invalid("resource_already_exists", "id"), {}, "conflict", "conflict", "conflict"],
  ["calls too many, the old way", 400, invalid("rate_limit"), {}, "throttled", "throttled", "throttled"],
  ["calls too many", 429, invalid("rate_limit"), { [REASON]: "global-rate" }, "throttled", "throttled", "throttled"],
  ["an object in use", 429, invalid("lock_timeout"), {}, "unavailable", "unavailable", "unavailable"],
  [
    "one object's limit",
    429,
    invalid(),
    { [REASON]: "resource-specific" },
    "unavailable",
    "unavailable",
    "unavailable",
  ],
  ["a wrong key", 401, invalid(), {}, "reauthorize", "reauthorize", "reauthorize"],
  ["an expired key", 401, invalid("api_key_expired"), {}, "reauthorize", "reauthorize", "reauthorize"],
  ["a key that may not", 403, invalid(), {}, "denied", "denied", "denied"],
  [
    "an account that took its consent back",
    403,
    invalid("account_invalid"),
    {},
    "reauthorize",
    "reauthorize",
    "reauthorize",
  ],
  ["a declined card", 402, { type: "card_error", code: "card_declined" }, {}, "invalid", "invalid", "invalid"],
  ["a conflict with another call", 409, invalid(), {}, "unavailable", "unavailable", "unavailable"],
  [
    "a key in use",
    409,
    { type: "idempotency_error", code: "idempotency_key_in_use" },
    {},
    "unavailable",
    "unknown",
    "unknown",
  ],
  ["a key used otherwise", 400, { type: "idempotency_error" }, {}, "unavailable", "unknown", "unknown"],
  ["somebody else's failure", 424, { type: "api_error" }, {}, "unavailable", "unknown", "unknown"],
  ["a failure", 500, { type: "api_error" }, {}, "unavailable", "unknown", "unknown"],
  ["a failure that was kept", 500, { type: "api_error" }, REPLAY, "unavailable", "unknown", "unknown"],
  ["a word of OAuth", 400, "invalid_grant", {}, "invalid", "invalid", "invalid"],
] as const satisfies readonly (readonly [
  string,
  number,
  ErrorBody | string,
  Record<string, string>,
  OutcomeKind,
  OutcomeKind,
  OutcomeKind,
])[]) {
  test(`${what} (${status}) leaves a read ${ofRead}, a create ${ofCreate} and an update ${ofUpdate}`, () => {
    const given = answer(status, error, headers);
    assert.deepEqual(
      [READ, CREATE, UPDATE].map((request) => stripeOutcome(given, request)?.kind),
      [ofRead, ofCreate, ofUpdate],
    );
  });
}

test("what is spent under its key says so, since repeating it can tell nothing new", () => {
  assert.equal(stripeOutcome(answer(500, { type: "api_error" }, REPLAY), CREATE)?.code, REPLAYED);
  assert.equal(stripeOutcome(answer(400, { type: "idempotency_error" }), CREATE)?.code, MISMATCHED);
});

test("the words of Stripe are told, with its code and parameter", () => {
  const { reason } = stripeOutcome(answer(400, invalid("parameter_unknown", "nam")), CREATE)!;
  assert.equal(reason, "Words of Stripe (parameter_unknown, parameter nam)");
  const declined = { type: "card_error", code: "card_declined", decline_code: "insufficient_funds", message: "No." };
  assert.equal(stripeOutcome(answer(402, declined), CREATE)?.reason, "No. (card_declined, insufficient_funds)");
});

test("the table by status has the word where nothing is peculiar", () => {
  assert.equal(stripeOutcome({ status: 200, headers: {}, json: {}, text: "{}" }, READ), undefined);
  assert.equal(stripeOutcome({ status: 302, headers: {}, json: undefined, text: "" }, READ), undefined);
  assert.equal(stripeOutcome(answer(503, {}, { "retry-after": "3" }), CREATE), undefined);
});

test("limits follow the key's mode, and what Stripe granted", () => {
  const limits = (settings: object) => {
    const { limits: of } = stripe;
    assert.ok(typeof of === "function");
    return of({ apiKey: "sk_live_1", ...settings });
  };
  const count = (settings: object, name: string): number => {
    const limit = limits(settings).find((one) => one.name === name);
    return limit !== undefined && "count" in limit ? limit.count : 0;
  };
  assert.equal(count({}, "account"), 100);
  assert.equal(count({ apiKey: "rk_test_1" }, "account"), 25);
  assert.equal(count({ callsPerSecond: 500 }, "account"), 500);
  assert.equal(count({}, "GET /customers/{id}"), 25);
  assert.equal(count({}, "search"), 20);
  const names = limits({}).map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
});
