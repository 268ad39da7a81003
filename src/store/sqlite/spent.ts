// What was spent of limits that outlast a start of Bowline, such as a quota of a day: a row for each, written now and then.
import type { Spent } from "../store.ts";
import { text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface SpentRows {
  all(): readonly Spent[];
  keep(rows: readonly Spent[]): void;
}

export function prepareSpent(database: DatabaseSync): SpentRows {
  const all = database.prepare("SELECT owner, quota, pieces FROM spent ORDER BY owner, quota");
  const keep = database.prepare(`
    INSERT INTO spent (owner, quota, pieces) VALUES (?, ?, ?)
    ON CONFLICT (owner, quota) DO UPDATE SET pieces = excluded.pieces`);
  return {
    all: () =>
      all.all().map((row) => ({
        owner: text(row, "owner"),
        limit: text(row, "quota"),
        pieces: JSON.parse(text(row, "pieces")) as Spent["pieces"],
      })),
    keep(rows) {
      for (const { owner, limit, pieces } of rows) keep.run(owner, limit, JSON.stringify(pieces));
    },
  };
}
