import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GraphqlSyntaxError, parseGraphql } from "./graphql-parse.ts";

describe("reading GraphQL", () => {
  test("the short form of a query is an operation without a name", () => {
    const [operation] = parseGraphql("{ shop { name } }").operations;
    assert.equal(operation?.type, "query");
    assert.equal(operation?.name, undefined);
  });

  test("aliases, arguments of every kind, variables with defaults, directives and fragments are read", () => {
    const { operations, fragments } = parseGraphql(`
      # what there is
      query Q($first: Int = 5, $ids: [ID!]!) @live {
        mine: orders(first: $first, query: "a \\"b\\" \\u00e9", sortKey: UPDATED_AT, reverse: true,
          extra: { list: [1, -2.5e1, null], deep: { a: 1 } }) @include(if: true) { ...Part, ... on Order { id } }
      }
      fragment Part on OrderConnection { nodes { id } }`);
    const [operation] = operations;
    assert.deepEqual(operation?.variables, [
      { name: "first", type: "Int", required: false, fallback: { kind: "literal", value: 5 } },
      { name: "ids", type: "[ID!]!", required: true },
    ]);
    const [field] = operation?.selections ?? [];
    assert.ok(field?.kind === "field");
    assert.equal(field.key, "mine");
    assert.equal(field.name, "orders");
    assert.deepEqual(field.args.slice(0, 4), [
      ["first", { kind: "variable", name: "first" }],
      ["query", { kind: "literal", value: 'a "b" é' }],
      ["sortKey", { kind: "literal", value: "UPDATED_AT" }],
      ["reverse", { kind: "literal", value: true }],
    ]);
    assert.deepEqual(
      field.selections?.map(({ kind }) => kind),
      ["spread", "inline"],
    );
    assert.equal(fragments.get("Part")?.on, "OrderConnection");
  });

  test("block strings and braced code points are texts", () => {
    const text = parseGraphql('{ a(b: """one "two" """, c: "\\u{1F600}") }').operations[0]?.selections[0];
    assert.ok(text?.kind === "field");
    assert.deepEqual(
      text.args.map(([, value]) => (value.kind === "literal" ? value.value : undefined)),
      ['one "two" ', "😀"],
    );
  });

  for (const text of [
    "{",
    "{ a(b: ) }",
    "query Q($a Int) { a }",
    "{ a ",
    "subscription { a }",
    "{ a ; }",
    "nonsense",
  ]) {
    test(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => parseGraphql(text), GraphqlSyntaxError);
    });
  }
});
