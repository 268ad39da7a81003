import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Observation, ObserveBatch } from "../store.ts";
import { DECLARATION, ORDERS, arrival, read } from "../exam/fixture.ts";
import { prepareCore } from "./core.ts";
import { openDatabase } from "./database.ts";
import { groupCommit, type Call } from "./group-commit.ts";
import { packListed } from "./listed.ts";

const listed: Observation = read("1", "", { seen: { kind: "listed" }, version: "v1" });
const scan = { resource: ORDERS, kind: "changes", state: { beganAt: 1, cursor: "2" } } as const;
const observe = (batch: ObserveBatch): Call => ({ method: "observe", given: [batch] });

test("a page on which nothing changed waits for no disk, and all else that is written does", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "bowline-commit-"));
  const open = openDatabase(join(folder, "bowline.db"), 1);
  t.after(async () => {
    open.close();
    await rm(folder, { recursive: true });
  });
  const commit = groupCommit(open, prepareCore(open.database));
  commit([{ method: "declare", given: [DECLARATION] }, observe({ observations: [read("1", "a", { version: "v1" })] })]);
  /** SQLite's own words: 2 is FULL, a commit that waits for the disk; 1 is NORMAL. */
  const syncedBy = (...calls: readonly Call[]): unknown => {
    for (const outcome of commit(calls)) assert.ok(outcome.ok);
    return open.database.prepare("PRAGMA synchronous").get()?.["synchronous"];
  };
  const page = observe({ observations: [listed], scan });
  const status: Call = { method: "status", given: [] };
  assert.equal(syncedBy(page), 1);
  assert.equal(syncedBy(observe(packListed({ observations: [listed], scan }))), 1);
  assert.equal(syncedBy(page, status), 1, "reading needs no disk");
  const others: Readonly<Record<string, Call>> = {
    "a page with a change": observe({ observations: [listed, read("2", "b")], scan }),
    "a webhook": { method: "ingest", given: [[arrival("e1")]] },
    "the cursor of webhooks": observe({ observations: [listed], scan, arrivalsUpTo: 1 }),
    "what is no listing": observe({ observations: [listed] }),
    "a settlement": { method: "settle", given: [[]] },
  };
  for (const [what, call] of Object.entries(others)) {
    assert.equal(syncedBy(call), 2, what);
    assert.equal(syncedBy(page), 1);
    assert.equal(syncedBy(page, call), 2, `${what}, beside a page`);
    assert.equal(syncedBy(page), 1);
  }
});
