// A sync's records with what was agreed and what waits, page by page; and noting some of them once more.
import type { ParkCause, SyncRow, SyncRowQuery } from "../store.ts";
import type { Batch } from "./batch.ts";
import { linkOf } from "./claim.ts";
import type { WriteHistory } from "./history.ts";
import type { Links } from "./link.ts";
import type { Names } from "./names.ts";
import type { NotePending } from "./note.ts";
import { LEAST_URGENT } from "./priority.ts";
import { knownRecordOf, type Records } from "./record.ts";
import { present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export function prepareSyncRows(database: DatabaseSync, names: Names): (query: SyncRowQuery) => readonly SyncRow[] {
  const page = database.prepare(`
    SELECT r.key, r.version, r.hash, r.body, r.deleted, r.stale, r.title,
      l.target_key, l.base, l.target_version, l.record_hash, l.record_version,
      c.fields AS corrections, p.state, p.cause, p.reason
    FROM record r
    LEFT JOIN link l ON l.sync = ?1 AND l.record = r.id
    LEFT JOIN correction c ON c.sync = ?1 AND c.record = r.id
    LEFT JOIN pending p ON p.sync = ?1 AND p.record = r.id
    WHERE r.resource = ?2 AND r.key > ?3 AND r.observed_at >= ?4 ORDER BY r.key LIMIT ?5`);
  return ({ sync: name, since, after, limit }) => {
    const sync = names.sync(name);
    return page.all(sync.id, sync.from, after ?? "", since, limit).map(syncRowOf);
  };
}

export function syncRowOf(row: Row): SyncRow {
  const corrections = textOrNone(row, "corrections");
  const cause = textOrNone(row, "cause");
  return present({
    key: text(row, "key"),
    record: knownRecordOf(row),
    link: row["target_key"] === null ? undefined : linkOf(row),
    corrections: corrections === undefined ? undefined : (JSON.parse(corrections) as Record<string, unknown>),
    pending: textOrNone(row, "state") as SyncRow["pending"],
    parked: cause === undefined ? undefined : { cause: cause as ParkCause, reason: text(row, "reason") },
  });
}

export interface NoteAgainParts {
  readonly names: Names;
  readonly records: Records;
  readonly links: Pick<Links, "firstOf">;
  readonly note: NotePending;
  readonly history: WriteHistory;
}

/** With the least priority: many at once, and nobody waits for one of them. */
export function prepareNoteAgain({ names, records, links, note, history }: NoteAgainParts) {
  return (batch: Batch, name: string, keys: readonly string[], at: number, side?: 1): number => {
    const sync = names.sync(name);
    let noted = 0;
    for (const key of keys) {
      // A pair is one row, the first side's.
      const pair = side === 1 ? links.firstOf(sync.id, key) : undefined;
      const record = pair ?? records.idOf(side === 1 ? sync.to : sync.from, key);
      if (record === undefined) continue;
      note(batch, { sync: sync.id, record, priority: LEAST_URGENT, at });
      history({ at, record, sync: sync.id, what: "noted", cause: "person", priority: LEAST_URGENT });
      noted += 1;
    }
    batch.tally("noted-again", noted);
    return noted;
  };
}
