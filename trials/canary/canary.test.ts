import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNTS, makeCanaries } from "./canaries.ts";
import { optionsOf } from "./options.ts";
import { formsOf, PART_CHARS, Scanner } from "./scan.ts";

const canaries = makeCanaries(1, 200);
/** As many places as one character takes at the most in any form. */
const ESCAPE_CHARS_MAX = 7;

test("there are as many canaries as asked, each unlike every other", () => {
  assert.equal(canaries.all.length, 200);
  assert.equal(new Set(canaries.all).size, 200);
  assert.ok(canaries.tokens.length >= 20, "some are given out by the provider");
  assert.equal(new Set(ACCOUNTS.map(({ kind }) => kind)).size, 11);
});

test("every part of twelve characters is found, in each form and wherever it stands", () => {
  for (const secret of [canaries.tokens[0]!, canaries.all.find((one) => one.startsWith("-----"))!]) {
    for (const [form, text, escape] of formsOf(secret)) {
      // Where characters are escaped, twelve of the secret take more places.
      const chars = escape === undefined ? PART_CHARS : PART_CHARS * ESCAPE_CHARS_MAX;
      const last = Math.max(0, text.length - chars);
      for (const at of [0, last >> 1, last]) {
        const scanner = new Scanner([secret]);
        scanner.scan("here", `before ${text.slice(at, at + chars)} after`);
        assert.ok(scanner.hits.length >= 1, `${form} at ${at}`);
      }
    }
  }
});

test("a part of eleven characters is none, and other text has no hits", () => {
  const [token = ""] = canaries.tokens;
  const scanner = new Scanner(canaries.all);
  scanner.scan("here", `before ${token.slice(0, PART_CHARS - 1)}~ after`);
  scanner.scan("there", Buffer.alloc(1_000_000, "nothing secret is here; "));
  assert.deepEqual(scanner.hits, []);
  assert.equal(scanner.places.get("there"), 1_000_000);
});

test("a planted fault that nobody knows, or too few canaries, is wrong usage", () => {
  assert.throws(() => optionsOf(["--plant", "nothing"], 0), /expected one of leak-log, leak-store/);
  assert.throws(() => optionsOf(["--canaries", "10"], 0), /180 or more/);
});
