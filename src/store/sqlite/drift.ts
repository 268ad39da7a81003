// What is no longer as it was known at a provider: a row for each drift, until it is over.
import type { DriftId, DriftKind, DriftRow } from "../store.ts";
import { number, present, text, textOrNone } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Drifts {
  all(): readonly DriftRow[];
  keep(rows: readonly DriftRow[]): void;
  drop(rows: readonly DriftId[]): void;
}

export function prepareDrifts(database: DatabaseSync): Drifts {
  const all = database.prepare(
    "SELECT kind, subject, place, detail, first_at, last_at, times, key FROM drift ORDER BY first_at, id",
  );
  const keep = database.prepare(`
    INSERT INTO drift (kind, subject, place, detail, first_at, last_at, times, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (kind, subject, place) DO UPDATE SET
      detail = excluded.detail, first_at = excluded.first_at, last_at = excluded.last_at, times = excluded.times,
      key = excluded.key`);
  const drop = database.prepare("DELETE FROM drift WHERE kind = ? AND subject = ? AND place = ?");
  return {
    all: () =>
      all.all().map((row) =>
        present({
          kind: text(row, "kind") as DriftKind,
          on: text(row, "subject"),
          place: text(row, "place"),
          detail: text(row, "detail"),
          firstAt: number(row, "first_at"),
          lastAt: number(row, "last_at"),
          times: number(row, "times"),
          key: textOrNone(row, "key"),
        }),
      ),
    keep(rows) {
      for (const { kind, on, place, detail, firstAt, lastAt, times, key } of rows) {
        keep.run(kind, on, place, detail, firstAt, lastAt, times, key ?? null);
      }
    },
    drop(rows) {
      for (const { kind, on, place } of rows) drop.run(kind, on, place);
    },
  };
}
