// Values that lost in two-way syncs, and those that wait for a person: kept until history is taken away.
import type { LinkNeed } from "../store.ts";
import type { ConflictFilter, ConflictRow, KeptConflict, TwoWayStore } from "../two-way.ts";
import type { Batch } from "./batch.ts";
import { sideOf } from "./held.ts";
import type { WriteHistory } from "./history.ts";
import type { Names } from "./names.ts";
import type { NotePending } from "./note.ts";
import { MOST_URGENT } from "./priority.ts";
import { ROWS_DEFAULT } from "./request.ts";
import { number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The longest value that is kept, in characters of JSON: a longer one is told to be too long. */
const VALUE_CHARS_MAX = 200_000;
/** The most conflicts that are kept; the oldest go first. */
const CONFLICTS_MAX = 1_000_000;

export interface Conflicts {
  /** Keeps it, unless the same stands there as the last word of this record and field. */
  keep(batch: Batch, sync: number, record: number, conflict: KeptConflict, at: number): void;
  /** Nobody is asked about this record's values any more. */
  settle(sync: number, record: number, at: number): void;
  find(filter: ConflictFilter): readonly ConflictRow[];
  putBack(batch: Batch, ...given: Parameters<TwoWayStore["putBack"]>): LinkNeed;
}

export interface ConflictParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly note: NotePending;
  readonly history: WriteHistory;
}

export function prepareConflicts({ database, names, note, history }: ConflictParts): Conflicts {
  const last = database.prepare(`
    SELECT vals, rule, winner, coalesce(put_back_at, settled_at) AS over_at FROM conflict WHERE record = ?1 AND sync = ?2 AND fields = ?3
    ORDER BY id DESC LIMIT 1`);
  const insert = database.prepare(
    "INSERT INTO conflict (sync, record, at, fields, vals, base, rule, winner) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const trim = database.prepare(`DELETE FROM conflict WHERE id <= (SELECT max(id) FROM conflict) - ${CONFLICTS_MAX}`);
  const columns = `c.id, c.sync, c.record, c.at, c.fields, c.vals, c.base, c.rule, c.winner, c.put_back_at, c.settled_at,
    r.resource, r.key, r.title, l.target_key`;
  const among = (chosen: string): StatementSync =>
    database.prepare(`
    SELECT ${columns} FROM conflict c JOIN record r ON r.id = c.record
      LEFT JOIN link l ON l.sync = c.sync AND l.record = c.record
    WHERE ${chosen} AND (?1 IS NULL OR c.id = ?1) AND (?2 IS NULL OR c.sync = ?2) AND (?3 IS NULL OR r.key = ?3 OR l.target_key = ?3)
      AND (?4 = 0 OR c.winner IS NULL AND c.put_back_at IS NULL AND c.settled_at IS NULL)
    ORDER BY c.id DESC LIMIT ?5`);
  // They may be a million, each with its values: one, those of a record and those that are open are found by their indexes.
  const newest = among("TRUE");
  const one = among("c.id = ?1");
  const ofKey = among(`c.record IN (
      SELECT k.id FROM resource s CROSS JOIN record k ON k.resource = s.id AND k.key = ?3
      UNION ALL SELECT k.record FROM sync s CROSS JOIN link k ON k.sync = s.id AND k.target_key = ?3)`);
  const stillOpen = among(`c.id IN (
      SELECT o.id FROM conflict o INDEXED BY conflict_open
      WHERE o.winner IS NULL AND o.put_back_at IS NULL AND o.settled_at IS NULL AND (?2 IS NULL OR o.sync = ?2) ORDER BY o.id DESC LIMIT ?5)`);
  const mark = database.prepare("UPDATE conflict SET put_back_at = ?2 WHERE id = ?1");
  // A record has few, a sync may have many that are open.
  const settle = database.prepare(`
    UPDATE conflict INDEXED BY conflict_record SET settled_at = ?3
    WHERE record = ?2 AND sync = ?1 AND (?4 IS NULL OR fields = ?4)
      AND winner IS NULL AND put_back_at IS NULL AND settled_at IS NULL`);
  const edits = database.prepare("SELECT fields FROM correction WHERE sync = ? AND record = ?");
  const saveEdits = database.prepare(
    "INSERT INTO correction VALUES (?, ?, ?) ON CONFLICT (sync, record) DO UPDATE SET fields = excluded.fields",
  );

  return {
    keep(batch, sync, record, conflict, at) {
      const [fields, vals] = [JSON.stringify(conflict.fields), JSON.stringify(conflict.values.map(short))];
      const winner = conflict.winner === undefined ? null : String(conflict.winner);
      const row = last.get(record, sync, fields);
      const isKnown =
        row !== undefined && row["vals"] === vals && row["rule"] === conflict.rule && row["winner"] === winner;
      if (isKnown && row["over_at"] === null) return;
      settle.run(sync, record, at, fields);
      const base = conflict.base === undefined ? null : JSON.stringify(conflict.base.map(short));
      const { lastInsertRowid } = insert.run(sync, record, at, fields, vals, base, conflict.rule, winner);
      if (Number(lastInsertRowid) % 1_000 === 0) trim.run();
      history({ at, record, sync, what: "conflict", text: conflictText(conflict) });
      batch.tally("conflict");
    },
    settle(sync, record, at) {
      settle.run(sync, record, at, null);
    },
    find({ id, sync, key, open = false, limit = ROWS_DEFAULT }) {
      const syncId = sync === undefined ? null : names.syncIfKnown(sync)?.id;
      if (syncId === undefined) return [];
      const find = id !== undefined ? one : key !== undefined ? ofKey : open ? stillOpen : newest;
      return find.all(id ?? null, syncId, key ?? null, open ? 1 : 0, limit).map((row) => conflictOf(row, names));
    },
    putBack(batch, id, changes, at) {
      const [row] = one.all(id, null, null, 0, 1);
      if (row === undefined) throw new Error(`could not put back conflict ${id}: expected one that is kept, got none.`);
      const [sync, record] = [names.syncById(number(row, "sync")), number(row, "record")];
      const known = edits.get(sync.id, record);
      const before = known === undefined ? [{}, {}] : (JSON.parse(text(known, "fields")) as readonly object[]);
      const fields = JSON.parse(text(row, "fields")) as readonly string[];
      // Of one field, what was asked last holds, whichever side was to be told before.
      const others = before.map((edit, side) => Object.entries(edit).filter(([name]) => name !== fields[side]));
      const after = changes.map((change, side) => ({ ...Object.fromEntries(others[side] ?? []), ...change }));
      saveEdits.run(sync.id, record, JSON.stringify(after));
      mark.run(id, at);
      settle.run(sync.id, record, at, text(row, "fields"));
      note(batch, { sync: sync.id, record, priority: MOST_URGENT, at });
      history({
        at,
        record,
        sync: sync.id,
        what: "put back",
        text: fields.join(" ↔ "),
      });
      batch.tally("put back");
      return { sync: sync.name, key: text(row, "key") };
    },
  };
}

function short(value: string | null): string | null {
  if (value === null || value.length <= VALUE_CHARS_MAX) return value;
  return JSON.stringify(`too long to be kept: ${value.length} characters`);
}

function conflictText({ fields, rule, winner }: KeptConflict): string {
  const where = fields[0] === "" ? "the record" : fields.join(" ↔ ");
  return `${where}: ${rule}${winner === undefined ? ", waits for a person" : ""}`;
}

function conflictOf(row: Row, names: Names): ConflictRow {
  const sync = names.syncById(number(row, "sync"));
  const winner = textOrNone(row, "winner");
  const base = textOrNone(row, "base");
  type Pair<Value> = readonly [Value, Value];
  return present({
    id: number(row, "id"),
    sync: sync.name,
    key: text(row, "key"),
    side: sideOf(sync, number(row, "resource")) === 1 ? (1 as const) : undefined,
    title: textOrNone(row, "title"),
    otherKey: textOrNone(row, "target_key"),
    at: number(row, "at"),
    fields: JSON.parse(text(row, "fields")) as Pair<string>,
    values: JSON.parse(text(row, "vals")) as Pair<string | null>,
    base: base === undefined ? undefined : (JSON.parse(base) as Pair<string | null>),
    rule: text(row, "rule"),
    winner:
      winner === undefined
        ? undefined
        : winner === "both"
          ? ("both" as const)
          : winner === "1"
            ? (1 as const)
            : (0 as const),
    putBackAt: numberOrNone(row, "put_back_at"),
    settledAt: numberOrNone(row, "settled_at"),
  });
}
