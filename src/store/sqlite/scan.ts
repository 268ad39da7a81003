// How far each listing has come.
import type { ScanKind, ScanState } from "../store.ts";
import type { Names } from "./names.ts";
import { numberOrNone, present, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface Scans {
  save(resource: string, kind: ScanKind, state: ScanState): void;
  find(resource: string, kind: ScanKind): ScanState | undefined;
}

export function prepareScans(database: DatabaseSync, names: Names): Scans {
  const save = database.prepare(`
    INSERT OR REPLACE INTO scan (resource, kind, began_at, cursor, since, complete_at, records, even_unchanged, absent,
      covered_until, missed_deletions_at, unreadable, begun_anew)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
      (SELECT coalesce(begun_anew, 0) + (began_at <> ?3 OR cursor IS NOT NULL AND ?4 IS NULL)
      FROM scan WHERE resource = ?1 AND kind = ?2 AND began_at IS NOT NULL AND ?3 IS NOT NULL))`);
  const find = database.prepare(`
    SELECT began_at, cursor, since, complete_at, records, even_unchanged, absent, covered_until, missed_deletions_at,
      unreadable, begun_anew
    FROM scan WHERE resource = ? AND kind = ?`);
  return {
    save(resource, kind, state) {
      const { beganAt, cursor, since, completeAt, records, evenUnchanged, absent, coveredUntil } = state;
      const { missedDeletionsAt, unreadable } = state;
      save.run(
        names.resource(resource),
        kind,
        beganAt ?? null,
        cursor ?? null,
        since ?? null,
        completeAt ?? null,
        records ?? null,
        evenUnchanged === undefined ? null : Number(evenUnchanged),
        absent ?? null,
        coveredUntil ?? null,
        missedDeletionsAt ?? null,
        unreadable === undefined ? null : JSON.stringify(unreadable),
      );
    },
    find(resource, kind) {
      const row = find.get(names.resource(resource), kind);
      return row === undefined ? undefined : scanStateOf(row);
    },
  };
}

function scanStateOf(row: Row): ScanState {
  const unreadable = textOrNone(row, "unreadable");
  const begunAnew = numberOrNone(row, "begun_anew") ?? 0;
  return present({
    beganAt: numberOrNone(row, "began_at"),
    cursor: textOrNone(row, "cursor"),
    since: numberOrNone(row, "since"),
    completeAt: numberOrNone(row, "complete_at"),
    records: numberOrNone(row, "records"),
    evenUnchanged: row["even_unchanged"] === null ? undefined : row["even_unchanged"] === 1,
    absent: numberOrNone(row, "absent"),
    coveredUntil: numberOrNone(row, "covered_until"),
    missedDeletionsAt: numberOrNone(row, "missed_deletions_at"),
    begunAnew: begunAnew === 0 ? undefined : begunAnew,
    unreadable: unreadable === undefined ? undefined : (JSON.parse(unreadable) as ScanState["unreadable"]),
  });
}
