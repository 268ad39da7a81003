import assert from "node:assert/strict";
import { test } from "node:test";
import { spellings } from "./spellings.ts";

test("there are at least 400 different spellings", () => {
  const all = spellings(80).map(({ url, redirect, answers }) => `${url} ${redirect} ${JSON.stringify(answers)}`);
  assert.ok(new Set(all).size >= 400, `${new Set(all).size}`);
});

test("every name that a spelling says is private has a private address among its answers", () => {
  for (const { url, answers } of spellings(80)) {
    if (answers !== undefined)
      assert.ok(
        answers.flat().some((address) => !address.startsWith("93.184.")),
        url,
      );
  }
});
