// Which record of one side is which of the other: one source record for one target record, never two.
import { LinkTaken, type AgreedLink, type Link, type LinkNeed } from "../store.ts";
import type { Batch } from "./batch.ts";
import { linkOf } from "./claim.ts";
import { isUniqueViolation } from "./failure.ts";
import type { Held } from "./held.ts";
import type { Names, Sync } from "./names.ts";
import { number, text } from "./rows.ts";
import { UNMATCHED_AGAIN } from "./unmatched.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The source record that is linked. */
export interface Linked {
  readonly sync: Sync;
  readonly record: number;
  readonly key: string;
  /** It has a link already, as far as is known: what is tried first. */
  readonly isLinked: boolean;
}

export interface Links {
  /** Saves it, and says which syncs had rows waiting for it. A link without a base takes the fields of the record's armed write. */
  save(batch: Batch, linked: Linked, link: AgreedLink): readonly number[];
  remove(batch: Batch, sync: number, record: number): void;
  exists(sync: number, record: number): boolean;
  /** From now on a pending row waits for a link of this sync. */
  awaited(sync: number): void;
  /** The first side's record that is linked to this record of the second side. */
  firstOf(sync: number, targetKey: string): number | undefined;
  targets(needs: readonly LinkNeed[]): readonly (string | undefined)[];
  linkedTo(sync: Sync, targetKey: string): string | undefined;
  page(sync: Sync, after: string | undefined, limit: number): readonly (Link & { readonly key: string })[];
}

export function prepareLinks(database: DatabaseSync, names: Names, held: Held): Links {
  // The fields are copied inside the file, so that a kilobyte does not come along twice.
  const base = "coalesce(?7, (SELECT fields FROM pending WHERE sync = ?1 AND record = ?2))";
  const update = database.prepare(`
    UPDATE link SET target_key = ?3, target_version = ?4, record_hash = ?5, record_version = ?6, base = ${base}, state = ?8
    WHERE sync = ?1 AND record = ?2`);
  const insert = database.prepare(`
    INSERT INTO link (sync, record, target_key, target_version, record_hash, record_version, base, state)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ${base}, ?8) ON CONFLICT (sync, record) DO NOTHING`);
  const wake = database.prepare(`
    UPDATE pending SET state = 'ready', until = NULL, reason = NULL, on_sync = NULL, on_record = NULL, waiting_since = NULL,
      cause = NULL, todo = NULL, detail = NULL, parked_at = NULL
    WHERE on_sync = ? AND on_record = ? RETURNING id, sync`);
  // Of most syncs nobody waits for links, and to look for such rows at each link costs as much as the link.
  const waitedFor = new Set(
    database
      .prepare("SELECT DISTINCT on_sync FROM pending WHERE on_sync IS NOT NULL")
      .all()
      .map((row) => number(row, "on_sync")),
  );
  const remove = database.prepare("DELETE FROM link WHERE sync = ? AND record = ?");
  const unmatchedAgain = database.prepare(UNMATCHED_AGAIN);
  const exists = database.prepare("SELECT 1 FROM link WHERE sync = ? AND record = ?");
  const target = database.prepare(`
    SELECT l.target_key FROM record r JOIN link l ON l.sync = ? AND l.record = r.id WHERE r.resource = ? AND r.key = ?`);
  const source = database.prepare(
    "SELECT r.key FROM link l JOIN record r ON r.id = l.record WHERE l.sync = ? AND l.target_key = ?",
  );
  const first = database.prepare("SELECT record FROM link WHERE sync = ? AND target_key = ?");
  const page = database.prepare(`
    SELECT r.key, l.target_key, l.target_version, l.record_hash, l.record_version, l.base, l.state AS link_state
    FROM record r JOIN link l ON l.sync = ?1 AND l.record = r.id
    WHERE r.resource = ?2 AND r.key > ?3 ORDER BY r.key LIMIT ?4`);

  function run(statement: StatementSync, { sync, record }: Linked, link: AgreedLink): boolean {
    const { targetKey, targetVersion, recordHash, recordVersion, base: agreed, state } = link;
    const values = [sync.id, record, targetKey, targetVersion ?? null, recordHash, recordVersion ?? null] as const;
    return statement.run(...values, agreed ?? null, state ?? null).changes === 1;
  }

  function linkedTo(sync: Sync, targetKey: string): string | undefined {
    const row = source.get(sync.id, targetKey);
    return row === undefined ? undefined : text(row, "key");
  }

  return {
    save(batch, linked, link) {
      const { sync, record, key, isLinked } = linked;
      try {
        if (isLinked && run(update, linked, link)) return [];
        if (!run(insert, linked, link)) {
          run(update, linked, link);
          return [];
        }
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new LinkTaken(sync.name, key, link.targetKey, linkedTo(sync, link.targetKey) ?? "another record");
      }
      batch.countLinks(sync.id, 1);
      if (!waitedFor.has(sync.id)) return [];
      return wake.all(sync.id, record).map((row) => {
        held.woken(batch, number(row, "id"));
        return number(row, "sync");
      });
    },
    remove(batch, sync, record) {
      if (remove.run(sync, record).changes === 0) return;
      batch.countLinks(sync, -1);
      if (names.syncById(sync).twoWay) unmatchedAgain.run(sync, record);
    },
    awaited(sync) {
      waitedFor.add(sync);
    },
    exists(sync, record) {
      return exists.get(sync, record) !== undefined;
    },
    firstOf(sync, targetKey) {
      const row = first.get(sync, targetKey);
      return row === undefined ? undefined : number(row, "record");
    },
    targets(needs) {
      return needs.map(({ sync, key }) => {
        const { id, from } = names.sync(sync);
        const row = target.get(id, from, key);
        return row === undefined ? undefined : text(row, "target_key");
      });
    },
    linkedTo,
    page(sync, after, limit) {
      return page.all(sync.id, sync.from, after ?? "", limit).map((row) => ({ ...linkOf(row), key: text(row, "key") }));
    },
  };
}
