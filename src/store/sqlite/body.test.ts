import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { apart, packed, together, unpacked } from "./body.ts";

test("a long body is kept deflated and a short one as it is", () => {
  const long = JSON.stringify(Array.from({ length: 100 }, (_nothing, at) => ({ at, title: "Tea" })));
  const column = packed(long);
  assert.ok(column instanceof Uint8Array && column.length < long.length / 3);
  assert.equal(unpacked(column), long);
  assert.equal(packed("short"), "short");
  assert.equal(packed(undefined), null);
  assert.equal(unpacked(null), undefined);
});

test("any two bodies come back as they went in, whether there are none, one or two", () => {
  const body = fc.option(fc.string({ unit: "grapheme", maxLength: 400 }), { nil: undefined });
  fc.assert(
    fc.property(body, body, (first, second) => {
      assert.deepEqual(apart(unpacked(packed(together(first, second) ?? undefined))), [first, second]);
    }),
  );
});
