// Sealed credentials: replaced only by whoever saw the one before, refreshed by one at a time.
import type { DatabaseSync } from "node:sqlite";
import type { Credential, RefreshBegun, RefreshClaim } from "../store.ts";
import { bytes, number, numberOrNone, present, text, type Row } from "./rows.ts";

export interface Credentials {
  credential(connection: string): Credential | undefined;
  beginRefresh(connection: string, version: number, claim: RefreshClaim): RefreshBegun;
  endRefresh(connection: string, epoch: number, end: { readonly at: number; readonly answered: boolean }): void;
  saveCredential(connection: string, version: number, sealed: Uint8Array, epoch?: number): boolean;
}

export function prepareCredentials(database: DatabaseSync, idOf: (connection: string) => number): Credentials {
  const find = database.prepare(`
    SELECT sealed, version, refresh_began_at, lease_owner, lease_until FROM credential WHERE connection = ?`);
  // What began first counts: from then on the token may be superseded.
  const begin = database.prepare(`
    UPDATE credential SET
      refresh_began_at = coalesce(refresh_began_at, ?3),
      lease_owner = ?4, lease_until = ?5, lease_epoch = lease_epoch + 1
    WHERE connection = ?1 AND version = ?2 AND refresh_began_at IS ?7
      AND (?6 = 1 OR lease_owner IS NULL OR lease_owner = ?4 OR lease_until <= ?3)
    RETURNING lease_epoch`);
  const end = database.prepare(`
    UPDATE credential SET
      refresh_began_at = CASE WHEN ?4 = 1 AND refresh_began_at = ?3 THEN NULL ELSE refresh_began_at END,
      lease_owner = NULL, lease_until = NULL
    WHERE connection = ?1 AND lease_epoch = ?2`);
  const first = database.prepare(
    "INSERT INTO credential (connection, sealed, version) VALUES (?, ?, 1) ON CONFLICT (connection) DO NOTHING",
  );
  const replace = database.prepare(`
    UPDATE credential SET
      sealed = ?3, version = version + 1, refresh_began_at = NULL, lease_owner = NULL, lease_until = NULL
    WHERE connection = ?1 AND version = ?2 AND lease_epoch = coalesce(?4, lease_epoch)`);

  return {
    credential(connection) {
      const row = find.get(idOf(connection));
      if (row === undefined) return undefined;
      return present({
        sealed: bytes(row, "sealed"),
        version: number(row, "version"),
        refreshBeganAt: numberOrNone(row, "refresh_began_at"),
        lease: leaseOf(row),
      });
    },
    beginRefresh(connection, version, { owner, at, until, seenBeganAt, alone = false }) {
      const id = idOf(connection);
      const begun = begin.get(id, version, at, owner, until, alone ? 1 : 0, seenBeganAt ?? null);
      if (begun !== undefined) return { is: "begun", epoch: number(begun, "lease_epoch") };
      const row = find.get(id);
      const leased = row === undefined || number(row, "version") !== version ? undefined : leaseOf(row);
      return leased === undefined ? { is: "changed" } : { is: "leased", until: leased.until };
    },
    endRefresh(connection, epoch, { at, answered }) {
      end.run(idOf(connection), epoch, at, answered ? 1 : 0);
    },
    saveCredential(connection, version, sealed, epoch) {
      const id = idOf(connection);
      const made = version === 0 ? first.run(id, sealed) : replace.run(id, version, sealed, epoch ?? null);
      return made.changes === 1;
    },
  };
}

function leaseOf(row: Row): Credential["lease"] {
  const until = numberOrNone(row, "lease_until");
  return until === undefined ? undefined : { owner: text(row, "lease_owner"), until };
}
