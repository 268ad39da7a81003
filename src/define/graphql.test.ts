import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, ApiRequest } from "./connector.ts";
import { graphqlOutcome, graphqlRequest } from "./graphql.ts";
import type { OutcomeKind } from "./outcome.ts";

const QUERY = graphqlRequest({ query: "query Orders { orders { id } }" });
const MUTATION = graphqlRequest({ query: "mutation Make($a: String) { make(a: $a) { id } }", variables: { a: "b" } });

const answer = (json: unknown, status = 200): Answer => ({ status, headers: {}, json, text: "" });
const error = (code?: string, data?: unknown): Answer =>
  answer({
    errors: [{ message: "No", ...(code === undefined ? {} : { extensions: { code } }) }],
    ...(data === undefined ? {} : { data }),
  });

const CASES: readonly (readonly [string, Answer, ApiRequest, OutcomeKind | undefined])[] = [
  ["data", answer({ data: { orders: [] } }), QUERY, undefined],
  ["data and an empty list of errors", answer({ data: { orders: [] }, errors: [] }), QUERY, undefined],
  ["a throttled query", error("THROTTLED"), QUERY, "throttled"],
  ["a throttled mutation", error("RATE_LIMITED"), MUTATION, "throttled"],
  ["a token that is not taken", error("UNAUTHENTICATED"), QUERY, "reauthorize"],
  ["a field that may not be read", error("FORBIDDEN", { orders: null }), QUERY, "denied"],
  ["a query that does not parse", error("GRAPHQL_PARSE_FAILED"), QUERY, "invalid"],
  ["a failing query", error("INTERNAL_SERVER_ERROR"), QUERY, "unavailable"],
  ["a failing mutation", error("INTERNAL_SERVER_ERROR"), MUTATION, "unknown"],
  ["a mutation with a part done", error("FORBIDDEN", { make: { id: "1" } }), MUTATION, "unknown"],
  ["an error without a code, of a query", error(), QUERY, "unavailable"],
  ["an error without a code, of a mutation", error(), MUTATION, "unknown"],
  ["an unknown code of a mutation", error("ODD"), MUTATION, "unknown"],
  ["no data and no errors", answer({}), MUTATION, "unknown"],
  ["a gateway's own error", answer({ message: "Bad gateway" }, 502), QUERY, undefined],
  ["no JSON", answer(undefined), QUERY, undefined],
];

for (const [what, given, request, kind] of CASES) {
  test(`${what} is ${kind ?? "left to the default"}`, () => assert.equal(graphqlOutcome(given, request)?.kind, kind));
}

test("the provider's own codes come first", () => {
  assert.equal(graphqlOutcome(error("ODD"), MUTATION, { codes: { ODD: "conflict" } })?.kind, "conflict");
});

for (const [query, writes] of [
  ["{ orders { id } }", false],
  ["query mutation { orders }", false],
  ["# mutation { a }\nquery { a }", false],
  ['query { a(text: "} mutation { b }") }', false],
  ["mutation { a }", true],
  ["fragment F on A { b } mutation M { a }", true],
] as const) {
  test(`${query} ${writes ? "writes" : "only reads"}`, () => assert.equal(graphqlRequest({ query }).writes, writes));
}
