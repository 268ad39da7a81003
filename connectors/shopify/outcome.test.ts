import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Answer, ApiRequest } from "../../src/define/connector.ts";
import type { Outcome } from "../../src/define/outcome.ts";
import { shopifyOutcome } from "./outcome.ts";
import { readShopifyLimits } from "./limits.ts";

const QUERY: ApiRequest = { method: "POST", path: "/graphql.json", writes: false };
const MUTATION: ApiRequest = { method: "POST", path: "/graphql.json", writes: true };

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { status, headers, text, json: typeof body === "string" ? undefined : body };
}

const errors = (code: string, message = "No"): object => ({ errors: [{ message, extensions: { code } }] });
const refused = (message: string, field: string[] | null, code?: string, list = "userErrors"): object => ({
  data: { customerSet: { customer: null, [list]: [{ field, message, ...(code === undefined ? {} : { code }) }] } },
});

type Case = readonly [name: string, answer: Answer, request: ApiRequest, wanted: Partial<Outcome> | undefined];

const cases: readonly Case[] = [
  ["data is done", answer(200, { data: { order: null } }), QUERY, { kind: "done" }],
  ["no user errors is done", answer(200, { data: { customerSet: { userErrors: [] } } }), MUTATION, { kind: "done" }],
  [
    "a wrong token pauses",
    answer(401, { errors: "[API] Invalid API key" }),
    QUERY,
    { kind: "reauthorize", reason: "[API] Invalid API key" },
  ],
  ["a frozen shop pauses", answer(402, {}), MUTATION, { kind: "reauthorize" }],
  ["a locked shop pauses", answer(423, {}), MUTATION, { kind: "reauthorize" }],
  [
    "a missing scope is denied",
    answer(403, { errors: "[API] needs read_orders" }),
    QUERY,
    { kind: "denied", reason: "[API] needs read_orders" },
  ],
  ["an unknown shop says nothing of a record", answer(404, { errors: "Not Found" }), MUTATION, { kind: "reauthorize" }],
  ["a moved shop pauses", answer(301, ""), MUTATION, { kind: "reauthorize" }],
  [
    "429 waits as long as it says",
    answer(429, {}, { "retry-after": "2.0" }),
    MUTATION,
    { kind: "throttled", retryAfterMs: 2000 },
  ],
  ["430 waits", answer(430, ""), MUTATION, { kind: "throttled" }],
  ["5xx is left to the default table", answer(502, "bad gateway"), MUTATION, undefined],
  ["HTML for a query: nothing happened", answer(200, "<html>"), QUERY, { kind: "unavailable" }],
  ["HTML for a mutation: nobody knows", answer(200, "<html>"), MUTATION, { kind: "unknown" }],
  ["JSON that is no GraphQL, for a mutation", answer(200, { ok: true }), MUTATION, { kind: "unknown" }],
  ["no data for a mutation", answer(200, { data: null }), MUTATION, { kind: "unknown" }],
  ["a denied field", answer(200, errors("ACCESS_DENIED")), QUERY, { kind: "denied", code: "ACCESS_DENIED" }],
  ["an inactive shop", answer(200, errors("SHOP_INACTIVE")), QUERY, { kind: "reauthorize" }],
  ["an internal error of a query", answer(200, errors("INTERNAL_SERVER_ERROR")), QUERY, { kind: "unavailable" }],
  ["an internal error of a mutation", answer(200, errors("INTERNAL_SERVER_ERROR")), MUTATION, { kind: "unknown" }],
  [
    "an internal error without a code",
    answer(200, { errors: [{ message: "Internal error. Looks like something went wrong" }] }),
    MUTATION,
    { kind: "unknown" },
  ],
  [
    "a query of ours that is wrong",
    answer(200, errors("undefinedField")),
    QUERY,
    { kind: "invalid", code: "undefinedField" },
  ],
  [
    "a query that is too dear",
    answer(200, errors("MAX_COST_EXCEEDED")),
    QUERY,
    { kind: "invalid", code: "MAX_COST_EXCEEDED" },
  ],
  [
    "a mutation that ran, with an error below it",
    answer(200, { data: { orderCreate: { order: null } }, ...errors("ACCESS_DENIED") }),
    MUTATION,
    { kind: "unknown" },
  ],
  ["taken", answer(200, refused("Email has already been taken", ["input", "email"])), MUTATION, { kind: "conflict" }],
  ["taken, by its code", answer(200, refused("No.", ["x"], "HANDLE_NOT_UNIQUE")), MUTATION, { kind: "conflict" }],
  ["gone", answer(200, refused("Customer does not exist", ["id"])), MUTATION, { kind: "missing" }],
  ["gone, by its code", answer(200, refused("No.", ["x"], "NOT_FOUND")), MUTATION, { kind: "missing" }],
  [
    "a reference that is not there",
    answer(200, refused("Product does not exist", ["order", "lineItems", "product"])),
    MUTATION,
    { kind: "invalid" },
  ],
  [
    "a wrong value",
    answer(200, refused("Title can't be blank", ["input", "title"])),
    MUTATION,
    { kind: "invalid", reason: "input.title: Title can't be blank" },
  ],
  [
    "a cancellation that failed inside",
    answer(200, refused("Oops", null, "INTERNAL_ERROR", "orderCancelUserErrors")),
    MUTATION,
    { kind: "unknown" },
  ],
  [
    "a key in use by a try that still runs",
    answer(200, refused("Wait", null, "IDEMPOTENCY_CONCURRENT_REQUEST")),
    MUTATION,
    { kind: "unknown" },
  ],
  [
    "a key used for something else",
    answer(200, refused("No", null, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")),
    MUTATION,
    { kind: "conflict" },
  ],
];

describe("what an answer of Shopify's means", () => {
  for (const [name, given, request, wanted] of cases) {
    test(name, () => {
      const outcome = shopifyOutcome(given, request);
      if (wanted === undefined) assert.equal(outcome, undefined);
      else assert.deepEqual({ ...outcome, ...wanted }, outcome);
    });
  }

  test("THROTTLED waits until the bucket holds what was asked for", () => {
    const cost = {
      requestedQueryCost: 752,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 152, restoreRate: 100 },
    };
    const throttled = answer(200, { ...errors("THROTTLED", "Throttled"), extensions: { cost } });
    assert.deepEqual(shopifyOutcome(throttled, MUTATION), {
      kind: "throttled",
      retryAfterMs: 6000,
      reason: "Throttled",
      code: "THROTTLED",
    });
    assert.deepEqual(readShopifyLimits(throttled), [{ limit: "points", available: 152, size: 2000, perSecond: 100 }]);
  });

  test("a reason never grows beyond what a person reads", () => {
    const outcome = shopifyOutcome(answer(200, errors("X", "long ".repeat(1000))), QUERY);
    assert.equal(outcome?.reason?.length, 300);
  });

  test("the limits are read with what the call really cost, and not at all from an answer without them", () => {
    const cost = {
      requestedQueryCost: 9,
      actualQueryCost: 4,
      throttleStatus: { currentlyAvailable: 1996, restoreRate: 100 },
    };
    assert.deepEqual(readShopifyLimits(answer(200, { data: {}, extensions: { cost } })), [
      { limit: "points", available: 1996, perSecond: 100, cost: 4 },
    ]);
    assert.deepEqual(readShopifyLimits(answer(502, "<html>")), []);
  });
});
