// Which pending records of two-way syncs nobody has looked at yet: before all of a side are, nothing is created on it, and that is asked for
// each batch of records, whatever waits.

/**
 * In SQL: the record's resource while nobody has looked what it is found by and it is not linked, else NULL. A pending row keeps it as it
 * was when the row was made or one of the two changed; a link that is made since leaves it.
 */
export function unmatchedOf(sync: string, record: string): string {
  return `(
    SELECT r.resource FROM record r WHERE r.id = ${record}
      AND NOT EXISTS (SELECT 1 FROM match_value m WHERE m.sync = ${sync} AND m.record = r.id)
      AND NOT EXISTS (SELECT 1 FROM link l WHERE l.sync = ${sync} AND l.record = r.id))`;
}

/** In SQL, of sync ?1 and record ?2: looks again. */
export const UNMATCHED_AGAIN = `UPDATE pending SET unmatched = ${unmatchedOf("?1", "?2")} WHERE sync = ?1 AND record = ?2`;
