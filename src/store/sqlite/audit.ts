// Audits: both sides as they were listed, side by side in the order of their keys, and what was found.
import {
  DIGEST_BYTES,
  DIGEST_EMPTY,
  DIGEST_OMITTED,
  EXPECTS,
  type AuditFindingRow,
  type AuditRow,
  type AuditStep,
  type AuditStore,
  type AuditSuspect,
} from "../audit.ts";
import type { AuditPages } from "./audit-pages.ts";
import type { AuditPairs } from "./audit-pairs.ts";
import type { Batch } from "./batch.ts";
import type { Links } from "./link.ts";
import type { Names, Sync } from "./names.ts";
import type { Records } from "./record.ts";
import type { WriteRequest } from "./request.ts";
import { bytes, number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** A page counts as so many rows when it is swept away. */
const ROWS_PER_PAGE = 500;

export interface AuditParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly records: Records;
  readonly links: Links;
  readonly request: WriteRequest;
  readonly pages: AuditPages;
  readonly pairs: Pick<AuditPairs, "add" | "drop" | "sweep">;
}

/** The store's methods that begin with what an audit needs, but for the facts of single records. */
export type Audits = {
  readonly [Name in Exclude<keyof AuditStore, "auditFacts">]: (
    batch: Batch,
    ...given: Parameters<AuditStore[Name]>
  ) => Awaited<ReturnType<AuditStore[Name]>>;
};

export function prepareAudits({ database, names, records, links, request, pages, pairs }: AuditParts): Audits {
  database.function("as_expected", { deterministic: true }, (expected, shown) =>
    // SQLite may ask also where there is nothing to compare with.
    Number(expected instanceof Uint8Array && shown instanceof Uint8Array && asExpected(expected, shown)),
  );
  const begin = database.prepare(
    "INSERT INTO audit (sync, state, asked, progress, began_at) VALUES (?, 'running', ?, ?, ?)",
  );
  const progressed = database.prepare("UPDATE audit SET progress = ? WHERE id = ?");
  const end = database.prepare("UPDATE audit SET state = ?, result = ?, ended_at = ? WHERE id = ?");
  const find = database.prepare(`
    SELECT id, sync, state, asked, progress, result, began_at, ended_at FROM audit
    WHERE (?1 IS NULL OR sync = ?1) AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR state = ?3) ORDER BY id DESC LIMIT ?4`);
  const syncOf = database.prepare("SELECT sync FROM audit WHERE id = ?");
  const addFinding = database.prepare("INSERT OR REPLACE INTO audit_finding VALUES (?, ?, ?, ?)");
  const removeFinding = database.prepare("DELETE FROM audit_finding WHERE audit = ? AND kind = ? AND key = ?");
  const findings = database.prepare(`
    SELECT kind, key, detail FROM audit_finding
    WHERE audit = ?1 AND (?2 IS NULL OR kind = ?2) AND key > ?3 ORDER BY key, kind LIMIT ?4`);
  const pending = database.prepare("SELECT 1 FROM pending WHERE sync = ? AND record = ?");
  const target = database.prepare("SELECT target_key FROM link WHERE sync = ? AND record = ?");

  const sourceUpTo = edge(database, "audit_source WHERE audit = ?1");
  const targetUpTo = edge(database, "audit_target WHERE audit = ?1");
  const suspects = database.prepare(`
    SELECT s.key, s.digests AS expected, t.digests AS shown
    FROM audit_source s
      LEFT JOIN record r ON r.resource = ?4 AND r.key = s.key
      LEFT JOIN link l ON l.sync = ?5 AND l.record = r.id
      LEFT JOIN audit_target t ON t.audit = ?1 AND t.key = l.target_key
    WHERE s.audit = ?1 AND s.key > ?2 AND s.key <= ?3 AND CASE s.expects
      WHEN ${EXPECTS.anything} THEN FALSE
      WHEN ${EXPECTS.nothing} THEN t.key IS NOT NULL
      WHEN ${EXPECTS.fields} THEN t.key IS NULL OR s.digests <> t.digests AND NOT as_expected(s.digests, t.digests)
      ELSE TRUE END
    ORDER BY s.key`);
  const gone = database.prepare(`
    SELECT r.key FROM audit_target t
      JOIN link l ON l.sync = ?4 AND l.target_key = t.key
      JOIN record r ON r.id = l.record
    WHERE t.audit = ?1 AND t.key > ?2 AND t.key <= ?3
      AND NOT EXISTS (SELECT 1 FROM audit_source s WHERE s.audit = ?1 AND s.key = r.key)
    ORDER BY t.key`);
  const unmatched = database.prepare(`
    SELECT t.key, t.digests FROM audit_target t
    WHERE t.audit = ?1 AND t.key > ?2 AND t.key <= ?3
      AND NOT EXISTS (SELECT 1 FROM link l WHERE l.sync = ?4 AND l.target_key = t.key)
    ORDER BY t.key`);
  const keys = database.prepare(
    "SELECT key FROM record WHERE resource = ? AND key > ? AND deleted = 0 ORDER BY key LIMIT ?",
  );
  // Only one audit runs at a time: without a condition SQLite drops a table's pages and looks at no row.
  const sweepAll = ["audit_source", "audit_target"].map((table) => ({
    others: database.prepare(`SELECT 1 FROM ${table} WHERE audit <> ? LIMIT 1`),
    rows: database.prepare(`DELETE FROM ${table}`),
  }));
  const sweep = ["audit_source", "audit_target"].map((table) =>
    database.prepare(
      `DELETE FROM ${table} WHERE audit = ?1 AND key IN (SELECT key FROM ${table} WHERE audit = ?1 ORDER BY key LIMIT ?2)`,
    ),
  );

  function syncOfAudit(id: number): Sync {
    const row = syncOf.get(id);
    if (row === undefined) throw new Error(`could not go on with audit ${id}: expected one that was begun, got none.`);
    return names.syncById(number(row, "sync"));
  }

  return {
    beginAudit: (_batch, sync, asked, progress, at) =>
      Number(begin.run(names.sync(sync).id, asked, progress, at).lastInsertRowid),
    auditStep(
      batch,
      {
        id,
        progress,
        afresh,
        sides = [],
        records: listed = [],
        without = [],
        findings: found = [],
        requests = [],
      }: AuditStep,
    ) {
      progressed.run(progress, id);
      if (afresh !== undefined) {
        pages.drop(id, afresh);
        pairs.drop(id, afresh === "source" ? 0 : 1);
      }
      if (sides.length > 0) {
        const sync = syncOfAudit(id);
        for (const side of sides) pages.add(id, sync, side);
      }
      for (const one of listed) pairs.add(id, one);
      for (const { kind, keys: away } of without) for (const key of away) removeFinding.run(id, kind, key);
      for (const { kind, key, detail } of found) addFinding.run(id, kind, key, detail);
      for (const entry of requests) request(batch, entry);
    },
    endAudit(batch, id, { state, result, at }) {
      end.run(state, result, at, id);
      batch.tally(`audit.${state}`);
    },
    audits(_batch, { sync, id, state, limit }) {
      const syncId = sync === undefined ? null : names.syncIfKnown(sync)?.id;
      if (syncId === undefined) return [];
      return find.all(syncId, id ?? null, state ?? null, limit).map((row) => auditOf(row, names));
    },
    auditFindings: (_batch, id, kind, after, limit) =>
      findings.all(id, kind ?? null, after ?? "", limit).map(findingOf),
    auditMarks: (_batch, id, after = "0", limit) => pages.marks(id, after, limit),
    auditSift: (_batch, id, places, after = "0", limit) => pages.sift(id, places, after, limit),
    auditSuspects(_batch, id, after = "", limit) {
      const sync = syncOfAudit(id);
      return slice(sourceUpTo, [id, after, limit], (upTo) =>
        suspects.all(id, after, upTo, sync.from, sync.id).map(suspectOf),
      );
    },
    auditGone(_batch, id, after = "", limit) {
      const sync = syncOfAudit(id);
      return slice(targetUpTo, [id, after, limit], (upTo) =>
        gone.all(id, after, upTo, sync.id).map((row) => ({ key: text(row, "key") })),
      );
    },
    auditUnmatched(_batch, id, after = "", limit) {
      const sync = syncOfAudit(id);
      return slice(targetUpTo, [id, after, limit], (upTo) =>
        unmatched
          .all(id, after, upTo, sync.id)
          .map((row) => ({ key: text(row, "key"), digests: bytes(row, "digests") })),
      );
    },
    auditSame(_batch, id, wanted, after = "0", limit) {
      const sync = syncOfAudit(id);
      const byDigests = Map.groupBy(wanted, ({ digests }) => asKey(asShown(digests)));
      const { rows, ...next } = pages.shown(id, after, limit);
      const found = rows.flatMap(({ keys: targetKeys, digestsOf }) =>
        targetKeys.flatMap((targetKey, index) => {
          const same = byDigests.get(asKey(digestsOf(index))) ?? [];
          return same.map(({ key }) => present({ key, targetKey, linkedTo: links.linkedTo(sync, targetKey) }));
        }),
      );
      return { rows: found, ...next };
    },
    auditKeys: (_batch, id, after, limit) =>
      keys.all(syncOfAudit(id).from, after ?? "", limit).map((row) => text(row, "key")),
    auditRebase(batch, id, rebases) {
      const sync = syncOfAudit(id);
      const free = rebases.flatMap((rebase) => {
        const record = records.idOf(sync.from, rebase.key);
        if (record === undefined || pending.get(sync.id, record) !== undefined) return [];
        const row = target.get(sync.id, record);
        const now = row === undefined ? undefined : text(row, "target_key");
        return now === rebase.was ? [{ ...rebase, record }] : [];
      });
      // All links go first: two records may change places.
      for (const { record } of free) links.remove(batch, sync.id, record);
      for (const { record, key, link } of free) {
        if (link !== null) links.save(batch, { sync, record, key, isLinked: false }, link);
      }
      return free.map(({ key }) => key);
    },
    sweepAudit(_batch, id, limit) {
      const swept = pages.sweep(id, Math.ceil(limit / ROWS_PER_PAGE)) + pairs.sweep(id, limit);
      if (swept > 0) return swept;
      if (sweepAll.every(({ others }) => others.get(id) === undefined)) {
        for (const { rows } of sweepAll) rows.run();
        return 0;
      }
      return sweep.reduce((sum, one) => sum + Number(one.run(id, limit).changes), 0);
    },
  };
}

/** A field that the rule leaves out agrees with one that is empty; what is not empty may be what was once written. */
function asExpected(expected: Uint8Array, shown: Uint8Array): boolean {
  if (expected.length !== shown.length) return false;
  for (let at = 0; at < expected.length; at += DIGEST_BYTES) {
    const [one, other] = [wordAt(expected, at), wordAt(shown, at)];
    if (one !== other && !(one === DIGEST_OMITTED && other === DIGEST_EMPTY)) return false;
  }
  return true;
}

function wordAt(digests: Uint8Array, at: number): number {
  return (
    ((digests[at] ?? 0) |
      ((digests[at + 1] ?? 0) << 8) |
      ((digests[at + 2] ?? 0) << 16) |
      ((digests[at + 3] ?? 0) << 24)) >>>
    0
  );
}

/** As one key of a map. */
function asKey({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}

/** What the target would show: what is left out is empty there. */
function asShown(expected: Uint8Array): Uint8Array {
  const shown = Uint8Array.from(expected);
  for (let at = 0; at < shown.length; at += DIGEST_BYTES) {
    if (wordAt(shown, at) === DIGEST_OMITTED) shown[at] = DIGEST_EMPTY;
  }
  return shown;
}

/** The last key of the next so many rows of a table, after this one. */
function edge(database: DatabaseSync, table: string): StatementSync {
  return database.prepare(
    `SELECT max(key) AS up_to, count(*) AS rows FROM (SELECT key FROM ${table} AND key > ?2 ORDER BY key LIMIT ?3)`,
  );
}

function slice<Found>(
  upTo: StatementSync,
  place: readonly [number, string, number],
  rowsUpTo: (upTo: string) => readonly Found[],
): { readonly rows: readonly Found[]; readonly next?: string } {
  const row = upTo.get(...place);
  const last = row === undefined ? undefined : textOrNone(row, "up_to");
  if (row === undefined || last === undefined) return { rows: [] };
  const rows = rowsUpTo(last);
  return number(row, "rows") < place[2] ? { rows } : { rows, next: last };
}

function suspectOf(row: Row): AuditSuspect {
  return present({
    key: text(row, "key"),
    expected: bytes(row, "expected"),
    shown: row["shown"] === null ? undefined : bytes(row, "shown"),
  });
}

function findingOf(row: Row): AuditFindingRow {
  return { kind: text(row, "kind"), key: text(row, "key"), detail: text(row, "detail") };
}

function auditOf(row: Row, names: Names): AuditRow {
  return present({
    id: number(row, "id"),
    sync: names.syncById(number(row, "sync")).name,
    state: text(row, "state") as AuditRow["state"],
    asked: text(row, "asked"),
    progress: text(row, "progress"),
    result: textOrNone(row, "result"),
    beganAt: number(row, "began_at"),
    endedAt: numberOrNone(row, "ended_at"),
  });
}
