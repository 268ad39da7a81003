import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ownerLock } from "../../src/store/sqlite/owner-lock.ts";
import { StoreError } from "../../src/store/store.ts";
import { emptyState } from "./start-fresh.ts";

test("an example that is started twice leaves the state of the first alone", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bowline-example-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, ".data", "bowline.db");
  mkdirSync(join(folder, ".data"));
  writeFileSync(path, "the first one's work");
  const first = ownerLock(path, process.pid);
  assert.throws(
    () => emptyState(path),
    (error) => error instanceof StoreError && error.code === "in-use",
  );
  assert.equal(existsSync(path), true);
  first.release();
  emptyState(path);
  assert.equal(existsSync(path), false);
});
