import assert from "node:assert/strict";
import { test } from "node:test";
import { thrownText } from "./thrown-text.ts";

const round: Record<string, unknown> = {};
round["self"] = round;

for (const [what, thrown, text] of [
  ["an error", new TypeError("not taken"), "not taken"],
  ["text", "not taken", "not taken"],
  ["nothing", undefined, "undefined"],
  ["a symbol", Symbol("x"), "Symbol(x)"],
  ["an answer", { code: 5 }, '{"code":5}'],
  ["an object without a prototype", Object.create(null), "{}"],
  ["an object that holds itself", round, "an object that cannot be shown"],
  ["a long answer", ["x".repeat(1_000)], `["${"x".repeat(498)}`],
] as const) {
  test(`${what} that was thrown has words`, () => assert.equal(thrownText(thrown), text));
}
