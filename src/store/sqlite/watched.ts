// What the parts that watch remember from one start to the next: a row for each thing, written now and then.
import type { Watched } from "../store.ts";
import { text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface WatchedRows {
  all(what: Watched["what"]): readonly Watched[];
  keep(rows: readonly Watched[]): void;
}

export function prepareWatched(database: DatabaseSync): WatchedRows {
  const all = database.prepare("SELECT name, state FROM watched WHERE what = ? ORDER BY name");
  const keep = database.prepare(`
    INSERT INTO watched (what, name, state) VALUES (?, ?, ?)
    ON CONFLICT (what, name) DO UPDATE SET state = excluded.state`);
  return {
    all: (what) => all.all(what).map((row) => ({ what, name: text(row, "name"), state: text(row, "state") })),
    keep(rows) {
      for (const { what, name, state } of rows) keep.run(what, name, state);
    },
  };
}
