import assert from "node:assert/strict";
import { test } from "node:test";
import { deprecationsIn } from "./deprecation-headers.ts";

const cases: readonly (readonly [headers: Readonly<Record<string, string>>, told: readonly string[]])[] = [
  [{ "content-type": "application/json" }, []],
  [{ sunset: "Sat, 31 Dec 2028 23:59:59 GMT" }, ["what we ask for ends on 2028-12-31 (Sunset)"]],
  [{ deprecation: "@1688169599" }, ["what we ask for is deprecated since 2023-06-30"]],
  [{ deprecation: "true" }, ["what we ask for is deprecated"]],
  [{ deprecation: "false" }, []],
  [{ warning: '299 - "This API is deprecated"' }, ['the provider warns: 299 - "This API is deprecated"']],
  [{ warning: '110 - "Response is Stale"' }, []],
];

for (const [headers, told] of cases) {
  test(`${JSON.stringify(headers)} says ${told.length === 0 ? "nothing" : told.join()}`, () =>
    assert.deepEqual(deprecationsIn(headers), told));
}
