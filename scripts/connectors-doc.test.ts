import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { connectorsPage, PAGE } from "./connectors-doc.ts";

test("docs/connectors.md says what the connectors are; `node scripts/connectors-doc.ts` writes it anew", async () => {
  assert.equal(readFileSync(PAGE, "utf8"), await connectorsPage());
});
