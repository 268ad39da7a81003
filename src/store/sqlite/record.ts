// The record as it is known: found by its key, written when something was learnt of it.
import type { KnownRecord } from "../store.ts";
import { packed, unpacked } from "./body.ts";
import type { Known } from "./learn.ts";
import type { Listed } from "./listed.ts";
import { seenSince, timeBytes } from "./seen.ts";
import { number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

export interface FoundRecord extends Known {
  readonly id: number;
}

export interface TakenRecord {
  readonly version: string | undefined;
  readonly hash: string;
  readonly body: string | undefined;
  readonly title: string | undefined;
  readonly stale: number;
  readonly at: number;
}

export interface Records {
  idOf(resource: number, key: string): number | undefined;
  find(resource: number, key: string): FoundRecord | undefined;
  insert(resource: number, key: string, record: TakenRecord, deleted: boolean): number;
  take(id: number, record: TakenRecord): void;
  /** `by`: the deletion that takes it, where it is not one of its own. */
  markDeleted(
    id: number,
    deleted: { version: string | undefined; stale: number; at: number; by?: string | undefined },
  ): void;
  /** Doubts it: it is to be read before anything is decided. */
  doubt(id: number): void;
  settleDoubt(id: number): void;
  /** As known, but for a newer version or a body that was not kept before. */
  refresh(id: number, version: string | undefined, body: string | undefined): void;
  /** Which are known as they are, with just the version that was listed, by their numbers; and the keys of the others. */
  compare(resource: number, listed: Pick<Listed, "keys" | "versions">): Compared;
  known(resource: number, key: string): KnownRecord | undefined;
  /** Up to the key `upTo`; undefined: to the end. */
  unseenIn(
    resource: number,
    at: number,
    after: string | undefined,
    upTo: string | undefined,
    limit: number,
  ): readonly string[];
  keyAfter(resource: number, after: string | undefined, count: number): string | undefined;
}

export interface Compared {
  readonly current: readonly number[];
  readonly others: readonly string[];
}

export function prepareRecords(database: DatabaseSync): Records {
  const idOf = database.prepare("SELECT id FROM record WHERE resource = ? AND key = ?");
  const find = database.prepare(`
    SELECT id, version, hash, deleted, stale, observed_at, body IS NOT NULL AS has_body
    FROM record WHERE resource = ? AND key = ?`);
  const insert = database.prepare(`
    INSERT INTO record (resource, key, version, hash, deleted, stale, stale_marks, observed_at, title, body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8, ?9)`);
  const take = database.prepare(`
    UPDATE record SET version = coalesce(?2, version), hash = ?3, deleted = 0, stale = ?4, observed_at = ?5, title = ?6,
      body = ?7 WHERE id = ?1`);
  const markDeleted = database.prepare(
    "UPDATE record SET deleted = 1, deletion = coalesce(?5, id || ' ' || ?4), version = coalesce(?2, version), stale = ?3, observed_at = ?4 WHERE id = ?1",
  );
  const doubt = database.prepare(
    "UPDATE record SET stale = stale_marks + 1, stale_marks = stale_marks + 1 WHERE id = ?",
  );
  const settleDoubt = database.prepare("UPDATE record SET stale = 0 WHERE id = ?");
  const refresh = database.prepare(
    "UPDATE record SET version = coalesce(?2, version), body = coalesce(?3, body) WHERE id = ?1",
  );
  // Many in one statement: asked for one by one they cost half as much again. The cross join keeps to the order of the list.
  const current = database.prepare(`
    SELECT l.key, r.id, r.version FROM json_each(?2) l CROSS JOIN record r ON r.resource = ?1 AND r.key = l.value
    WHERE r.deleted = 0 AND r.stale = 0`);
  current.setReturnArrays(true);
  const known = database.prepare(
    "SELECT version, hash, body, deleted, stale, title FROM record WHERE resource = ? AND key = ?",
  );
  const unseen = (keys: string): StatementSync =>
    database.prepare(`
      SELECT r.key FROM record r
      WHERE r.resource = ?1 AND ${keys} AND r.deleted = 0 AND r.hash <> '' AND r.observed_at < ?3
        AND NOT ${seenSince("r.id", "?5")}
      ORDER BY r.key LIMIT ?4`);
  const unseenAfter = unseen("r.key > ?2");
  const unseenUpTo = unseen("r.key > ?2 AND r.key <= ?6");
  const keyAfter = database.prepare(
    "SELECT key FROM record WHERE resource = ? AND key > ? ORDER BY key LIMIT 1 OFFSET ?",
  );

  return {
    idOf(resource, key) {
      const row = idOf.get(resource, key);
      return row === undefined ? undefined : number(row, "id");
    },
    find(resource, key) {
      const row = find.get(resource, key);
      if (row === undefined) return undefined;
      return {
        id: number(row, "id"),
        version: textOrNone(row, "version"),
        hash: text(row, "hash"),
        deleted: row["deleted"] === 1,
        stale: number(row, "stale"),
        hasBody: row["has_body"] === 1,
        observedAt: number(row, "observed_at"),
      };
    },
    insert(resource, key, { version, hash, stale, at, title, body }, deleted) {
      const made = insert.run(
        resource,
        key,
        version ?? null,
        hash,
        deleted ? 1 : 0,
        stale,
        at,
        title ?? null,
        body ?? null,
      );
      return Number(made.lastInsertRowid);
    },
    take(id, { version, hash, stale, at, title, body }) {
      take.run(id, version ?? null, hash, stale, at, title ?? null, packed(body));
    },
    markDeleted(id, { version, stale, at, by }) {
      markDeleted.run(id, version ?? null, stale, at, by ?? null);
    },
    doubt(id) {
      doubt.run(id);
    },
    settleDoubt(id) {
      settleDoubt.run(id);
    },
    refresh(id, version, body) {
      refresh.run(id, version ?? null, packed(body));
    },
    compare(resource, { keys, versions: listed }) {
      const versions = JSON.parse(listed) as (string | undefined)[];
      const ids: number[] = [];
      // Rows are arrays here, which the types do not know.
      for (const [place, id, version] of current.all(resource, keys) as unknown as [number, number, string | null][]) {
        if (version !== versions[place]) continue;
        ids.push(id);
        versions[place] = undefined;
      }
      if (ids.length === versions.length) return { current: ids, others: [] };
      const others = (JSON.parse(keys) as string[]).filter((_key, place) => versions[place] !== undefined);
      return { current: ids, others };
    },
    known(resource, key) {
      const row = known.get(resource, key);
      return row === undefined ? undefined : knownRecordOf(row);
    },
    unseenIn(resource, at, after, upTo, limit) {
      // No key is empty, so that the empty text comes before all of them.
      const given = [resource, after ?? "", at, limit, timeBytes(at)] as const;
      const rows = upTo === undefined ? unseenAfter.all(...given) : unseenUpTo.all(...given, upTo);
      return rows.map((row) => text(row, "key"));
    },
    keyAfter(resource, after, count) {
      const row = keyAfter.get(resource, after ?? "", count - 1);
      return row === undefined ? undefined : text(row, "key");
    },
  };
}

export function knownRecordOf(row: Row): KnownRecord {
  return present({
    version: textOrNone(row, "version"),
    hash: text(row, "hash"),
    body: unpacked(row["body"]),
    deleted: row["deleted"] === 1,
    stale: numberOrNone(row, "stale") ?? 0,
    title: textOrNone(row, "title"),
    deletion: typeof row["deletion"] === "string" ? row["deletion"] : undefined,
    movedTo: typeof row["moved_to"] === "string" ? row["moved_to"] : undefined,
  });
}
