// How SQLite goes about each statement: what is asked while work goes on must not look at every row of a table that grows.
import assert from "node:assert/strict";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { test } from "node:test";
import { prepareCore } from "./core.ts";
import { migrate } from "./schema.ts";

class Recording extends DatabaseSync {
  readonly statements: string[] = [];

  override prepare(sql: string): StatementSync {
    this.statements.push(sql);
    return super.prepare(sql);
  }
}

function plans(t: { after: (close: () => void) => void }): readonly { readonly sql: string; readonly step: string }[] {
  const database = new Recording(":memory:");
  t.after(() => database.close());
  migrate(database);
  prepareCore(database);
  return [...new Set(database.statements)].flatMap((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => ({ sql: sql.replace(/\s+/g, " ").trim(), step: String(row["detail"]) })),
  );
}

test("no statement looks at all pending rows of a sync, but once after a restore", (t) => {
  const once = "INSERT OR IGNORE INTO doubted_record";
  const looks = plans(t).filter(({ step }) => /sqlite_autoindex_pending_1 \(sync=\?\)/.test(step));
  const all = looks.filter(({ sql }) => !sql.startsWith(once));
  assert.deepEqual(
    all.map(({ sql }) => sql),
    [],
  );
});

test("parked rows are read only where they are shown, and conflicts too, but when the newest of all are looked through", (t) => {
  const all = plans(t).filter(({ step }) => /^SCAN [cp]\b(?! USING COVERING)/.test(step));
  const atTheStart = "WHERE p.state = 'sending'";
  assert.deepEqual(
    all.map(({ sql }) => sql).filter((sql) => !sql.includes(atTheStart) && !sql.includes("WHERE TRUE")),
    [],
  );
});

test("webhooks that made no sense are forgotten with their arrivals without a look at all of them", (t) => {
  const all = plans(t).filter(({ sql, step }) => sql.startsWith("DELETE") && step === "SCAN unreadable");
  assert.deepEqual(all, []);
});
