// A two-way sync's pairs, and its records that are alone, page by page.
import type { PairRow, PairRowQuery } from "../pair-rows.ts";
import { pairOf } from "./claim.ts";
import type { Names } from "./names.ts";
import { present, type Row } from "./rows.ts";
import { syncRowOf } from "./sync-rows.ts";
import type { DatabaseSync } from "node:sqlite";

export function preparePairRows(database: DatabaseSync, names: Names): (query: PairRowQuery) => readonly PairRow[] {
  const pairs = database.prepare(`
    SELECT r.key, r.version, r.hash, r.body, r.deleted, r.stale, r.title,
      l.target_key, l.base, l.state AS link_state, l.target_version, l.record_hash, l.record_version,
      c.fields AS corrections, p.state, p.cause, p.reason, 0 AS second,
      o.id AS other, o.version AS other_version, o.hash AS other_hash, o.body AS other_body, o.deleted AS other_deleted,
      o.stale AS other_stale, o.title AS other_title,
      (SELECT f.key FROM former_key f WHERE f.resource = r.resource AND f.former = r.key) AS moved_to,
      (SELECT f.key FROM former_key f WHERE f.resource = ?3 AND f.former = l.target_key) AS other_moved_to
    FROM record r
    LEFT JOIN link l ON l.sync = ?1 AND l.record = r.id
    LEFT JOIN record o ON o.resource = ?3 AND o.key = l.target_key
    LEFT JOIN correction c ON c.sync = ?1 AND c.record = r.id
    LEFT JOIN pending p ON p.sync = ?1 AND p.record = r.id
    WHERE r.resource = ?2 AND r.key > ?4 AND (r.observed_at >= ?5 OR o.observed_at >= ?5) ORDER BY r.key LIMIT ?6`);
  const alone = database.prepare(`
    SELECT r.key, r.version, r.hash, r.body, r.deleted, r.stale, r.title, NULL AS target_key, NULL AS corrections,
      p.state, p.cause, p.reason, 1 AS second
    FROM record r
    LEFT JOIN pending p ON p.sync = ?1 AND p.record = r.id
    WHERE r.resource = ?2 AND r.key > ?3 AND r.observed_at >= ?4
      AND NOT EXISTS (SELECT 1 FROM link l WHERE l.sync = ?1 AND l.target_key = r.key)
    ORDER BY r.key LIMIT ?5`);
  return ({ sync: name, side, since, after = "", limit }) => {
    const { id, from, to } = names.sync(name);
    const rows = side === 0 ? pairs.all(id, from, to, after, since, limit) : alone.all(id, to, after, since, limit);
    return rows.map((row) => pairRowOf(row));
  };
}

const pairRowOf = (row: Row): PairRow => present({ ...syncRowOf(row), ...pairOf(row) });
