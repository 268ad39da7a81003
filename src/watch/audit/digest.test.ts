import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sameValue } from "../../reconcile/merge.ts";
import { DIGEST_BYTES, DIGEST_EMPTY, DIGEST_OMITTED } from "../../store/audit.ts";
import { digestOf, FieldDigests } from "./digest.ts";

test("values that agree have one digest, values that do not have two", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      assert.equal(digestOf(one), digestOf(JSON.parse(JSON.stringify(one))));
      assert.equal(digestOf(one) === digestOf(other), sameValue(one, other), JSON.stringify([one, other]));
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test("the order of members does not matter, that of a list does, and kinds are told apart", () => {
  assert.equal(digestOf({ a: 1, b: [1, 2], c: undefined }), digestOf({ b: [1, 2], a: 1 }));
  const different: readonly unknown[] = [
    1,
    "1",
    true,
    "true",
    [1],
    [[1]],
    { a: 1 },
    { b: 1 },
    [1, 2],
    [2, 1],
    "12",
    [12],
    -1,
    0,
  ];
  assert.equal(new Set(different.map(digestOf)).size, different.length);
});

test("all that is empty is the same", () => {
  for (const empty of [undefined, null, "", []]) assert.equal(digestOf(empty), DIGEST_EMPTY);
  assert.notEqual(digestOf(0), DIGEST_EMPTY);
  assert.notEqual(digestOf(false), DIGEST_EMPTY);
});

test("two hundred thousand near values have no two digests the same that a fair one would not", () => {
  const seen = new Set<number>();
  const values = 200_000;
  for (let index = 0; index < values; index += 1) seen.add(digestOf(`Person ${index}`));
  // Of so many fair 32-bit digests about five pairs are the same by chance.
  assert.ok(values - seen.size < 25, `${values - seen.size} of ${values}`);
});

test("a record's fields have the digests of their values, whatever the record before it had", () => {
  const names = ["day", "note", "lines"];
  const records = [
    { day: "2026-11-21", note: "a", lines: [1] },
    { day: "2026-11-21", note: "", lines: [2] },
    { day: "2026-11-22", note: "a", lines: [1] },
    { day: undefined, note: "a", lines: undefined },
  ];
  const fields = new FieldDigests(names);
  for (const record of records) {
    const view = new DataView(new ArrayBuffer(names.length * DIGEST_BYTES));
    fields.write(view, 0, record, { omits: true });
    const expected = Object.values(record).map((value) => (value === undefined ? DIGEST_OMITTED : digestOf(value)));
    assert.deepEqual(
      names.map((_name, index) => view.getUint32(index * DIGEST_BYTES, true)),
      expected,
    );
  }
});
