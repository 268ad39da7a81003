// All that is known of single records of a sync at one moment: what an audit looks at before and after it reads both sides.
import type { ParkCause } from "../store.ts";
import type { AuditFacts, Expects } from "../audit.ts";
import { linkOf } from "./claim.ts";
import type { Names, Sync } from "./names.ts";
import { knownRecordOf } from "./record.ts";
import { bytes, number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** How far back a record's history is looked through. */
const EVENTS_MAX = 50;

export function prepareAuditFacts(
  database: DatabaseSync,
  names: Names,
): (id: number, keys: readonly string[]) => readonly AuditFacts[] {
  const syncOf = database.prepare("SELECT sync FROM audit WHERE id = ?");
  const known = database.prepare(`
    SELECT r.id, r.version, r.hash, r.body, r.deleted, r.stale, r.title, r.observed_at,
      l.target_key, l.target_version, l.record_hash, l.record_version, l.base,
      p.state, p.seq, p.noted_at, p.reason, p.cause, c.fields AS corrections
    FROM record r
      LEFT JOIN link l ON l.sync = ?1 AND l.record = r.id
      LEFT JOIN pending p ON p.sync = ?1 AND p.record = r.id
      LEFT JOIN correction c ON c.sync = ?1 AND c.record = r.id
    WHERE r.resource = ?2 AND r.key = ?3`);
  const listed = database.prepare("SELECT expects, digests FROM audit_source WHERE audit = ? AND key = ?");
  const history = database.prepare(
    "SELECT at, what, sent FROM history WHERE record = ? AND sync = ? ORDER BY id DESC LIMIT ?",
  );

  return (id, keys) => {
    const audit = syncOf.get(id);
    if (audit === undefined) throw new Error(`could not look into audit ${id}: expected one that was begun, got none.`);
    const sync = names.syncById(number(audit, "sync"));
    return keys.map((key) => factsOf(sync, key, known.get(sync.id, sync.from, key), listed.get(id, key)));
  };

  function factsOf(sync: Sync, key: string, row: Row | undefined, asListed: Row | undefined): AuditFacts {
    const seen =
      asListed === undefined
        ? {}
        : { listed: { expects: number(asListed, "expects") as Expects, digests: bytes(asListed, "digests") } };
    if (row === undefined) return { key, ...seen };
    const corrections = textOrNone(row, "corrections");
    return present({
      key,
      ...seen,
      record: { ...knownRecordOf(row), observedAt: number(row, "observed_at") },
      link: row["target_key"] === null ? undefined : linkOf(row),
      pending: row["state"] === null ? undefined : pendingOf(row),
      corrections: corrections === undefined ? undefined : (JSON.parse(corrections) as Record<string, unknown>),
      ...past(sync, number(row, "id")),
    });
  }

  function past(
    sync: Sync,
    record: number,
  ): Pick<AuditFacts, "wasRemoved"> & {
    readonly clearedAt: number | undefined;
    readonly discardedAt: number | undefined;
  } {
    const events = history.all(record, sync.id, EVENTS_MAX);
    const at = (what: string): number | undefined => {
      const event = events.find((row) => text(row, "what") === what);
      return event === undefined ? undefined : number(event, "at");
    };
    return {
      clearedAt: at("cleared"),
      discardedAt: at("discarded"),
      ...(events.some((row) => textOrNone(row, "sent") === "remove") ? { wasRemoved: true } : {}),
    };
  }
}

function pendingOf(row: Row): NonNullable<AuditFacts["pending"]> {
  return present({
    state: text(row, "state") as NonNullable<AuditFacts["pending"]>["state"],
    seq: number(row, "seq"),
    notedAt: numberOrNone(row, "noted_at") ?? 0,
    reason: textOrNone(row, "reason"),
    cause: textOrNone(row, "cause") as ParkCause | undefined,
  });
}
