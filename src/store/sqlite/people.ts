// What a person sees of parked rows and can do about them.
import type { Doubts } from "./doubts.ts";
import {
  LinkTaken,
  NotForRecord,
  type LinkNeed,
  type ParkCause,
  type ParkedFilter,
  type ParkedGroup,
  type ParkedRow,
} from "../store.ts";
import type { Batch } from "./batch.ts";
import type { Conflicts } from "./conflict.ts";
import { sideOf, type Held } from "./held.ts";
import type { WriteHistory } from "./history.ts";
import type { Links } from "./link.ts";
import type { Names, Sync } from "./names.ts";
import type { NotePending } from "./note.ts";
import type { Pairs } from "./pair.ts";
import { MOST_URGENT } from "./priority.ts";
import type { Records } from "./record.ts";
import { ROWS_DEFAULT } from "./request.ts";
import { number, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

export interface PeopleParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly records: Records;
  readonly links: Links;
  readonly pairs: Pairs;
  readonly conflicts: Pick<Conflicts, "settle">;
  readonly doubts: Pick<Doubts, "settled">;
  readonly held: Held;
  readonly note: NotePending;
  readonly history: WriteHistory;
}

export interface People {
  parked(filter: ParkedFilter): readonly ParkedRow[];
  /** Counted from an index of what is parked alone. */
  groups(): readonly ParkedGroup[];
  /** Which rows are meant, those that wait longest first: what is done about them is done a few at a time. */
  parkedIds(filter: ParkedFilter): readonly number[];
  /** Of these rows those that are still parked as the filter says, here and below. */
  retry(batch: Batch, filter: ParkedFilter, ids: readonly number[], at: number): readonly LinkNeed[];
  refuseDeletions(batch: Batch, sync: string, ids: readonly number[], at: number): readonly LinkNeed[];
  discard(batch: Batch, filter: ParkedFilter, ids: readonly number[], at: number, reason: string): readonly LinkNeed[];
  correct(batch: Batch, sync: string, key: string, corrections: Readonly<Record<string, unknown>>, at: number): void;
  linkByHand(batch: Batch, sync: string, key: string, targetKey: string, at: number): void;
}

/** Nobody retries more rows than this at once; SQLite takes -1 for no limit, which we never ask. */
const ACTED_ON_MAX = 100_000;

export function preparePeople({
  database,
  names,
  records,
  links,
  pairs,
  conflicts,
  doubts,
  held,
  note,
  history,
}: PeopleParts): People {
  const among = (chosen: string): StatementSync =>
    database.prepare(`
    SELECT p.id, p.sync, p.record, p.cause, p.reason, p.todo, p.detail, p.parked_at, p.attempts, r.resource, r.key, r.title
    FROM pending p JOIN record r ON r.id = p.record
    WHERE ${chosen} AND p.state = 'parked' AND (?1 IS NULL OR p.sync = ?1) AND (?2 IS NULL OR r.key = ?2) AND (?3 IS NULL OR p.cause = ?3)
    ORDER BY p.parked_at, p.id LIMIT ?4`);
  // They may be a hundred thousand: which are the oldest is told by the index of what is parked, and one record's by its key.
  const oldestIds = `
      SELECT o.id FROM pending o WHERE o.state = 'parked' AND (?1 IS NULL OR o.sync = ?1) AND (?3 IS NULL OR o.cause = ?3)
      ORDER BY o.parked_at, o.id LIMIT ?4`;
  const ids = database.prepare(oldestIds);
  const oldest = among(`p.id IN (${oldestIds})`);
  const ofKey = among(`p.sync IN (SELECT id FROM sync) AND p.record IN (
      SELECT k.id FROM resource s CROSS JOIN record k ON k.resource = s.id AND k.key = ?2)`);
  const ofIds = among("p.id IN (SELECT value FROM json_each(?5))");
  const groups = database.prepare(`
    SELECT g.sync, g.cause, g.count, g.since, p.reason, p.todo, r.key, r.title
    FROM (
      SELECT sync, cause, count(*) AS count, min(parked_at) AS since FROM pending WHERE state = 'parked' GROUP BY sync, cause
    ) g
    JOIN pending p ON p.id = (
      SELECT id FROM pending WHERE state = 'parked' AND sync = g.sync AND cause = g.cause ORDER BY parked_at, id LIMIT 1
    )
    JOIN record r ON r.id = p.record
    ORDER BY g.sync, g.since, g.cause`);
  const discard = database.prepare("DELETE FROM pending WHERE id = ?");
  const keepApart = database.prepare(
    "UPDATE link SET state = json_set(coalesce(state, '{}'), '$.gone', CAST(?3 AS INTEGER)) WHERE sync = ?1 AND record = ?2",
  );
  const corrections = database.prepare("SELECT fields FROM correction WHERE sync = ? AND record = ?");
  const saveCorrections = database.prepare(
    "INSERT INTO correction VALUES (?, ?, ?) ON CONFLICT (sync, record) DO UPDATE SET fields = excluded.fields",
  );
  const removeCorrections = database.prepare("DELETE FROM correction WHERE sync = ? AND record = ?");
  const state = database.prepare("SELECT state FROM pending WHERE sync = ? AND record = ?");
  const forgetWrite = database.prepare(
    "UPDATE pending SET write = NULL, fields = NULL, sent_at = NULL WHERE sync = ? AND record = ? AND state = 'parked'",
  );

  function rows({ limit, ...filter }: ParkedFilter, limitDefault: number): readonly Row[] {
    return filtered(filter.key === undefined ? oldest : ofKey, filter, limit ?? limitDefault);
  }

  function rowsOf(filter: ParkedFilter, chosen: readonly number[]): readonly Row[] {
    return filtered(ofIds, filter, chosen.length, JSON.stringify(chosen));
  }

  function filtered(
    statement: StatementSync,
    { sync, key, cause }: ParkedFilter,
    ...others: readonly (number | string)[]
  ): readonly Row[] {
    const syncId = sync === undefined ? null : names.syncIfKnown(sync)?.id;
    return syncId === undefined ? [] : statement.all(syncId, key ?? null, cause ?? null, ...others);
  }

  function needOf(row: Row): LinkNeed {
    return { sync: names.syncById(number(row, "sync")).name, key: text(row, "key") };
  }

  function recordOf(sync: Sync, key: string, doing: string): number {
    const record = records.idOf(sync.from, key);
    if (record !== undefined) return record;
    throw new NotForRecord(
      "unknown-record",
      `could not ${doing} ${sync.name} ${key}: expected a record of ${names.resourceName(sync.from)} with this key, got none.`,
    );
  }

  /** The key is the one of the parked record, whichever side it is on. */
  function linkPair(batch: Batch, sync: Sync, key: string, otherKey: string, at: number): void {
    const parked = ([0, 1] as const).filter((side) => {
      const record = records.idOf(side === 0 ? sync.from : sync.to, key);
      const found = record === undefined ? undefined : state.get(sync.id, record);
      return found?.["state"] === "parked";
    });
    const side = parked[0] ?? (records.idOf(sync.from, key) === undefined ? 1 : 0);
    const keys = side === 0 ? ([key, otherKey] as const) : ([otherKey, key] as const);
    const [first, second] = keys.map((each, of) => records.idOf(of === 0 ? sync.from : sync.to, each));
    if (first === undefined || second === undefined) {
      const missing = first === undefined ? 0 : 1;
      throw new NotForRecord(
        "unknown-record",
        `could not link ${sync.name} ${key} to ${otherKey}: expected a record ${keys[missing]} of ` +
          `${names.resourceName(missing === 0 ? sync.from : sync.to)}, got none.`,
      );
    }
    for (const [of, each] of keys.entries()) pairs.release(batch, sync, each, of === 0 ? 0 : 1);
    if (links.exists(sync.id, first)) throw new LinkTaken(sync.name, key, otherKey, keys[0]);
    // Whoever links it by hand knows what became of the write that it is asked about.
    for (const record of [first, second]) forgetWrite.run(sync.id, record);
    for (const [of, each] of keys.entries()) {
      if (pairs.free(sync, each, of === 0 ? 0 : 1) !== undefined) continue;
      const taken = of === 1 ? links.linkedTo(sync, each) : undefined;
      if (taken !== undefined) throw new LinkTaken(sync.name, key, otherKey, taken);
      throw isWorkedOn(`link ${sync.name} ${key} to ${otherKey}`, each);
    }
    links.save(
      batch,
      { sync, record: first, key: keys[0], isLinked: false },
      { targetKey: keys[1], base: "null", recordHash: "" },
    );
    pairs.join(batch, sync, first, MOST_URGENT, at);
    for (const [of, each] of keys.entries()) pairs.answered(batch, sync, each, of === 0 ? 0 : 1, at);
    history({ at, record: first, sync: sync.id, what: "linked", text: keys[1] });
    batch.tally("linked");
  }

  /** Nobody is asked of this record any more, and whoever waits for the answer goes on. */
  function answered(batch: Batch, row: Row, at: number): void {
    const sync = names.syncById(number(row, "sync"));
    if (!sync.twoWay) return;
    conflicts.settle(sync.id, number(row, "record"), at);
    pairs.answered(batch, sync, text(row, "key"), sideOf(sync, number(row, "resource")), at);
  }

  return {
    parked(filter) {
      return rows(filter, ROWS_DEFAULT).map((row) => parkedRowOf(row, names.syncById(number(row, "sync"))));
    },
    groups() {
      return groups.all().map((row) => ({
        sync: names.syncById(number(row, "sync")).name,
        cause: text(row, "cause") as ParkCause,
        count: number(row, "count"),
        since: number(row, "since"),
        first: present({
          key: text(row, "key"),
          title: textOrNone(row, "title"),
          reason: text(row, "reason"),
          todo: text(row, "todo"),
        }),
      }));
    },
    parkedIds({ limit = ACTED_ON_MAX, ...filter }) {
      const found = filter.key === undefined ? filtered(ids, filter, limit) : rows(filter, limit);
      return found.map((row) => number(row, "id"));
    },
    retry(batch, filter, chosen, at) {
      return rowsOf(filter, chosen).map((row) => {
        const [sync, record] = [number(row, "sync"), number(row, "record")];
        note(batch, { sync, record, priority: MOST_URGENT, at });
        history({ at, record, sync, what: "retried" });
        batch.tally("retried");
        return needOf(row);
      });
    },
    refuseDeletions(batch, sync, chosen, at) {
      return rowsOf({ sync, cause: "deletions" }, chosen).map((row) => {
        const [id, record] = [number(row, "sync"), number(row, "record")];
        discard.run(number(row, "id"));
        if (names.syncById(id).twoWay) keepApart.run(id, record, goneSide(row));
        else links.remove(batch, id, record);
        history({ at, record, sync: id, what: "discarded", text: "its counterpart is kept" });
        batch.tally("discarded");
        return needOf(row);
      });
    },
    discard(batch, filter, chosen, at, reason) {
      return rowsOf(filter, chosen).map((row) => {
        discard.run(number(row, "id"));
        // Whoever discards it looked whether it is there.
        doubts.settled(number(row, "sync"), number(row, "record"), true);
        answered(batch, row, at);
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
      if (sync.twoWay) return linkPair(batch, sync, key, targetKey, at);
      const record = recordOf(sync, key, "link");
      const pending = state.get(sync.id, record);
      const now = pending === undefined ? "none" : text(pending, "state");
      if (now === "sending" || now === "unknown") {
        throw new NotForRecord(
          "not-now",
          `could not link ${syncName} ${key} to ${targetKey}: expected no write under way, got one that is ${now}; wait ` +
            `until it is resolved.`,
        );
      }
      // Whoever holds it may have decided to create it, and would; or would link it again as it was.
      if (held.ofRecord(sync.id, record) !== undefined)
        throw isWorkedOn(`link ${syncName} ${key} to ${targetKey}`, key);
      // Nothing was agreed on yet: the next reconciling writes what differs.
      links.save(batch, { sync, record, key, isLinked: false }, { targetKey, base: "{}", recordHash: "" });
      forgetWrite.run(sync.id, record);
      note(batch, { sync: sync.id, record, priority: MOST_URGENT, at });
      history({ at, record, sync: sync.id, what: "linked", text: targetKey });
      batch.tally("linked");
    },
  };
}

function isWorkedOn(doing: string, key: string): NotForRecord {
  return new NotForRecord("not-now", `could not ${doing}: ${key} is being worked on; try again soon.`);
}

/** Of a pair: the side whose record was deleted. */
function goneSide(row: Row): number {
  const { gone } = JSON.parse(textOrNone(row, "detail") ?? "{}") as { readonly gone?: number };
  return gone ?? 0;
}

function parkedRowOf(row: Row, sync: Sync): ParkedRow {
  const detail = textOrNone(row, "detail");
  return present({
    sync: sync.name,
    key: text(row, "key"),
    side: sideOf(sync, number(row, "resource")) === 1 ? (1 as const) : undefined,
    title: textOrNone(row, "title"),
    cause: text(row, "cause") as ParkCause,
    reason: text(row, "reason"),
    todo: text(row, "todo"),
    detail: detail === undefined ? undefined : (JSON.parse(detail) as unknown),
    since: number(row, "parked_at"),
    attempts: number(row, "attempts"),
  });
}
