import assert from "node:assert/strict";
import { test } from "node:test";
import {
  agree,
  editOf,
  editsOf,
  entered,
  FIELDS,
  fieldCalled,
  spelled,
  stored,
  SYSTEMS,
  type Field,
} from "./fields.ts";

test("whatever a system makes of a value, it tells whose edit it is", () => {
  for (const system of SYSTEMS) {
    for (const field of FIELDS) {
      for (const size of [0, 1, 899]) {
        const value = stored(system, field, entered(field, 217, size));
        assert.deepEqual(field === "tags" ? editsOf(value) : [editOf(field, value)], [217], `${system} ${field}`);
      }
    }
  }
});

test("a value that went through another system still agrees with itself", () => {
  for (const field of FIELDS) {
    const here = stored("crm", field, entered(field, 8, 4));
    const there = stored("marketing", field, here);
    assert.ok(agree(field, here, there), field);
    assert.ok(!agree(field, here, stored("marketing", field, entered(field, 9, 4))), field);
  }
});

const EMPTY: readonly (readonly [Field, unknown])[] = [
  ["name", ""],
  ["amount", null],
  ["tags", []],
];
for (const [field, value] of EMPTY) {
  test(`an empty ${field} agrees with one that is not there`, () => {
    assert.ok(agree(field, value as never, undefined));
    assert.equal(editOf(field, value), 0);
  });
}

test("each system has its own words for the fields", () => {
  for (const system of SYSTEMS)
    for (const field of FIELDS) assert.equal(fieldCalled(system, spelled(system, field)), field);
  assert.equal(new Set(SYSTEMS.map((system) => spelled(system, "name"))).size, SYSTEMS.length);
});
