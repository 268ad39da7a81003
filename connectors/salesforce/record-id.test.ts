import assert from "node:assert/strict";
import { test } from "node:test";
import { longId } from "./record-id.ts";

for (const [short, long] of [
  ["001D000000IqhSL", "001D000000IqhSLIAZ"],
  ["00530000003xqAb", "00530000003xqAbAAI"],
  ["000000000000000", "000000000000000AAA"],
  ["001D000000IqhSLIAZ", "001D000000IqhSLIAZ"],
  ["not an id", "not an id"],
] as const) {
  test(`${short} is known as ${long}`, () => assert.equal(longId(short), long));
}
