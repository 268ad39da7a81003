// What a person sees of parked rows and can do about them.
import type { LinkNeed, ParkCause, ParkedFilter, ParkedRow } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { WriteHistory } from "./history.ts";
import type { Links } from "./link.ts";
import type { Names, Sync } from "./names.ts";
import type { NotePending } from "./note.ts";
import { MOST_URGENT } from "./priority.ts";
import type { Records } from "./record.ts";
import { ROWS_DEFAULT } from "./request.ts";
import { number, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface PeopleParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly records: Records;
  readonly links: Links;
  readonly note: NotePending;
  readonly history: WriteHistory;
}

export interface People {
  parked(filter: ParkedFilter): readonly ParkedRow[];
  retry(batch: Batch, filter: ParkedFilter, at: number): readonly LinkNeed[];
  discard(batch: Batch, filter: ParkedFilter, at: number, reason: string): readonly LinkNeed[];
  correct(batch: Batch, sync: string, key: string, corrections: Readonly<Record<string, unknown>>, at: number): void;
  linkByHand(batch: Batch, sync: string, key: string, targetKey: string, at: number): void;
}

/** Nobody retries more rows than this at once; SQLite takes -1 for no limit, which we never ask. */
const ACTED_ON_MAX = 100_000;

export function preparePeople({ database, names, records, links, note, history }: PeopleParts): People {
  const find = database.prepare(`
    SELECT p.id, p.sync, p.record, p.cause, p.reason, p.todo, p.detail, p.parked_at, p.attempts, r.key, r.title
    FROM pending p JOIN record r ON r.id = p.record
    WHERE p.state = 'parked' AND (?1 IS NULL OR p.sync = ?1) AND (?2 IS NULL OR r.key = ?2) AND (?3 IS NULL OR p.cause = ?3)
    ORDER BY p.parked_at, p.id LIMIT ?4`);
  const discard = database.prepare("DELETE FROM pending WHERE id = ?");
  const corrections = database.prepare("SELECT fields FROM correction WHERE sync = ? AND record = ?");
  const saveCorrections = database.prepare(
    "INSERT INTO correction VALUES (?, ?, ?) ON CONFLICT (sync, record) DO UPDATE SET fields = excluded.fields",
  );
  const removeCorrections = database.prepare("DELETE FROM correction WHERE sync = ? AND record = ?");
  const state = database.prepare("SELECT state FROM pending WHERE sync = ? AND record = ?");
  const forgetWrite = database.prepare(
    "UPDATE pending SET write = NULL, fields = NULL, sent_at = NULL WHERE sync = ? AND record = ? AND state = 'parked'",
  );

  function rows({ sync, key, cause, limit }: ParkedFilter, limitDefault: number): readonly Row[] {
    const syncId = sync === undefined ? null : names.syncIfKnown(sync)?.id;
    if (syncId === undefined) return [];
    return find.all(syncId, key ?? null, cause ?? null, limit ?? limitDefault);
  }

  function needOf(row: Row): LinkNeed {
    return { sync: names.syncById(number(row, "sync")).name, key: text(row, "key") };
  }

  function recordOf(sync: Sync, key: string, doing: string): number {
    const record = records.idOf(sync.from, key);
    if (record !== undefined) return record;
    throw new Error(
      `could not ${doing} ${sync.name} ${key}: expected a record of ${names.resourceName(sync.from)} with this key, got none.`,
    );
  }

  return {
    parked(filter) {
      return rows(filter, ROWS_DEFAULT).map((row) => parkedRowOf(row, needOf(row).sync));
    },
    retry(batch, filter, at) {
      return rows(filter, ACTED_ON_MAX).map((row) => {
        const [sync, record] = [number(row, "sync"), number(row, "record")];
        note(batch, { sync, record, priority: MOST_URGENT, at });
        history({ at, record, sync, what: "retried" });
        batch.tally("retried");
        return needOf(row);
      });
    },
    discard(batch, filter, at, reason) {
      return rows(filter, ACTED_ON_MAX).map((row) => {
        discard.run(number(row, "id"));
        history({ at, record: number(row, "record"), sync: number(row, "sync"), what: "discarded", text: reason });
        batch.tally("discarded");
        return needOf(row);
      });
    },
    correct(batch, syncName, key, changes, at) {
      const sync = names.sync(syncName);
      const record = recordOf(sync, key, "correct");
      const row = corrections.get(sync.id, record);
      const before = row === undefined ? {} : (JSON.parse(text(row, "fields")) as Record<string, unknown>);
      const after = Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null);
      if (after.length === 0) removeCorrections.run(sync.id, record);
      else saveCorrections.run(sync.id, record, JSON.stringify(Object.fromEntries(after)));
      note(batch, { sync: sync.id, record, priority: MOST_URGENT, at });
      history({ at, record, sync: sync.id, what: "corrected", text: Object.keys(changes).join(", ") });
      batch.tally("corrected");
    },
    linkByHand(batch, syncName, key, targetKey, at) {
      const sync = names.sync(syncName);
      const record = recordOf(sync, key, "link");
      const pending = state.get(sync.id, record);
      const now = pending === undefined ? "none" : text(pending, "state");
      if (now === "sending" || now === "unknown") {
        throw new Error(
          `could not link ${syncName} ${key} to ${targetKey}: expected no write under way, got one that is ${now}; wait ` +
            `until it is resolved.`,
        );
      }
      // Nothing was agreed on yet: the next reconciling writes what differs.
      links.save(batch, { sync, record, key, isLinked: false }, { targetKey, base: "{}", recordHash: "" });
      forgetWrite.run(sync.id, record);
      note(batch, { sync: sync.id, record, priority: MOST_URGENT, at });
      history({ at, record, sync: sync.id, what: "linked", text: targetKey });
      batch.tally("linked");
    },
  };
}

function parkedRowOf(row: Row, sync: string): ParkedRow {
  const detail = textOrNone(row, "detail");
  return present({
    sync,
    key: text(row, "key"),
    title: textOrNone(row, "title"),
    cause: text(row, "cause") as ParkCause,
    reason: text(row, "reason"),
    todo: text(row, "todo"),
    detail: detail === undefined ? undefined : (JSON.parse(detail) as unknown),
    since: number(row, "parked_at"),
    attempts: number(row, "attempts"),
  });
}
