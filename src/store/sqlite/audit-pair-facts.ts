// All that is known of pairs, and of records that are alone, at one moment: what an audit of a two-way sync looks at before and
// after it reads both sides.
import type { ParkCause } from "../store.ts";
import { SCOPE, type AuditedRecord, type PairAuditFacts, type PairKey } from "../audit-pairs.ts";
import { listedOf } from "./audit-pairs.ts";
import { linkOf } from "./claim.ts";
import type { Names, Sync } from "./names.ts";
import { knownRecordOf } from "./record.ts";
import { bytes, number, numberOrNone, present, text, textOrNone, type Row } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** How far back a pair's history is looked through. */
const EVENTS_MAX = 50;

export function prepareAuditPairFacts(
  database: DatabaseSync,
  names: Names,
): (id: number, keys: readonly PairKey[]) => readonly PairAuditFacts[] {
  const syncOf = database.prepare("SELECT sync FROM audit WHERE id = ?");
  const record = database.prepare(`
    SELECT id, version, hash, body, deleted, stale, title, observed_at,
      (SELECT f.key FROM former_key f WHERE f.resource = r.resource AND f.former = r.key) AS moved_to
    FROM record r WHERE resource = ? AND key = ?`);
  const link = database.prepare(`
    SELECT target_key, target_version, record_hash, record_version, base, state AS link_state
    FROM link WHERE sync = ? AND record = ?`);
  const linkedTo = database.prepare(
    "SELECT r.key FROM link l JOIN record r ON r.id = l.record WHERE l.sync = ? AND l.target_key = ?",
  );
  const pending = database.prepare(
    "SELECT state, seq, noted_at, reason, cause FROM pending WHERE sync = ? AND record = ?",
  );
  const corrections = database.prepare("SELECT fields FROM correction WHERE sync = ? AND record = ?");
  const listed = database.prepare("SELECT scope, digests FROM audit_record WHERE audit = ? AND side = ? AND key = ?");
  const history = database.prepare(
    "SELECT at, what FROM history WHERE record = ? AND sync = ? ORDER BY id DESC LIMIT ?",
  );

  interface Found {
    readonly id: number | undefined;
    readonly told: AuditedRecord;
  }

  function found(audit: number, sync: Sync, side: 0 | 1, key: string): Found {
    const row = record.get(side === 0 ? sync.from : sync.to, key);
    const asListed = listed.get(audit, side, key);
    const isFormer = asListed?.["scope"] === SCOPE.former;
    const seen = asListed && !isFormer ? listedOf(asListed["scope"], bytes(asListed, "digests")) : undefined;
    const listedAs = isFormer ? Buffer.from(bytes(asListed, "digests")).toString() : undefined;
    const known = row && { ...knownRecordOf(row), observedAt: number(row, "observed_at") };
    const told: AuditedRecord = present({ key, record: known, listed: seen, listedAs });
    return { id: row && number(row, "id"), told };
  }

  function pendingOf(sync: Sync, id: number | undefined): PairAuditFacts["pending"] {
    const row = id === undefined ? undefined : pending.get(sync.id, id);
    if (row === undefined) return undefined;
    return present({
      state: text(row, "state") as NonNullable<PairAuditFacts["pending"]>["state"],
      seq: number(row, "seq"),
      notedAt: numberOrNone(row, "noted_at") ?? 0,
      reason: textOrNone(row, "reason"),
      cause: textOrNone(row, "cause") as ParkCause | undefined,
    });
  }

  function past(sync: Sync, id: number): Pick<PairAuditFacts, "clearedAt" | "discardedAt"> {
    const events = history.all(id, sync.id, EVENTS_MAX);
    const at = (what: string): number | undefined => {
      const event = events.find((row) => text(row, "what") === what);
      return event === undefined ? undefined : number(event, "at");
    };
    return present({ clearedAt: at("cleared"), discardedAt: at("discarded") });
  }

  function factsOf(audit: number, sync: Sync, { key, side }: PairKey): PairAuditFacts {
    const own = found(audit, sync, side ?? 0, key);
    const first = side === 1 ? linkedTo.get(sync.id, key) : undefined;
    const row = side === 1 || own.id === undefined ? undefined : link.get(sync.id, own.id);
    const other = row && found(audit, sync, 1, text(row, "target_key"));
    const edits = own.id === undefined ? undefined : corrections.get(sync.id, own.id);
    return present({
      ...own.told,
      side,
      other: other?.told,
      link: row && linkOf(row),
      linkedTo: first && text(first, "key"),
      // A row that the second side's record had apart is the pair's, too.
      pending: pendingOf(sync, own.id) ?? pendingOf(sync, other?.id),
      corrections: edits && (JSON.parse(text(edits, "fields")) as unknown),
      ...(own.id === undefined ? {} : past(sync, own.id)),
    });
  }

  return (id, keys) => {
    const audit: Row | undefined = syncOf.get(id);
    if (audit === undefined) throw new Error(`could not look into audit ${id}: expected one that was begun, got none.`);
    const sync = names.syncById(number(audit, "sync"));
    return keys.map((key) => factsOf(id, sync, key));
  };
}
