// Data keys as the vault wrapped them, and the walk over all that is sealed: what a rotation of keys goes through.
import type { DataKey, NewDataKey, SealedRow } from "../store.ts";
import type { Names } from "./names.ts";
import { bytes, number, text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface DataKeys {
  all(): readonly DataKey[];
  add(key: NewDataKey, instead: string | undefined): boolean;
  rewrap(id: string, was: Uint8Array, wrapped: Uint8Array): boolean;
  dropUnused(): readonly string[];
  sealed(after: string | undefined, limit: number): readonly SealedRow[];
  reseal(connection: string, version: number, was: Uint8Array, sealed: Uint8Array): boolean;
}

export function prepareDataKeys(database: DatabaseSync, names: Names): DataKeys {
  const all = database.prepare(
    "SELECT id, tenant, wrapped, current, seals, made_at FROM data_key ORDER BY made_at, id",
  );
  const retire = database.prepare("UPDATE data_key SET current = 0 WHERE tenant = ? AND current = 1 AND id IS ?");
  const hasCurrent = database.prepare("SELECT 1 FROM data_key WHERE tenant = ? AND current = 1");
  const insert = database.prepare(
    "INSERT INTO data_key (id, tenant, wrapped, current, made_at) VALUES (?, ?, ?, 1, ?)",
  );
  const rewrap = database.prepare("UPDATE data_key SET wrapped = ?3 WHERE id = ?1 AND wrapped = ?2");
  const dropUnused = database.prepare(`
    DELETE FROM data_key
    WHERE current = 0 AND id NOT IN (SELECT lower(hex(substr(sealed, 2, 8))) FROM credential)
    RETURNING id`);
  const sealed = database.prepare(`
    SELECT connection.name, connection.tenant, credential.version, credential.sealed
    FROM credential JOIN connection ON connection.id = credential.connection
    WHERE connection.name > ? ORDER BY connection.name LIMIT ?`);
  const reseal = database.prepare(
    "UPDATE credential SET sealed = ?4 WHERE connection = ?1 AND version = ?2 AND sealed = ?3",
  );

  return {
    all: () =>
      all.all().map((row) => ({
        id: text(row, "id"),
        tenant: text(row, "tenant"),
        wrapped: bytes(row, "wrapped"),
        current: number(row, "current") === 1,
        seals: number(row, "seals"),
        madeAt: number(row, "made_at"),
      })),
    add({ id, tenant, wrapped, madeAt }, instead) {
      retire.run(tenant, instead ?? null);
      // Another was quicker: its key stays the current one.
      if (hasCurrent.get(tenant) !== undefined) return false;
      insert.run(id, tenant, wrapped, madeAt);
      return true;
    },
    rewrap: (id, was, wrapped) => rewrap.run(id, was, wrapped).changes === 1,
    dropUnused: () => dropUnused.all().map((row) => text(row, "id")),
    sealed: (after, limit) =>
      sealed.all(after ?? "", limit).map((row) => ({
        connection: text(row, "name"),
        tenant: text(row, "tenant"),
        version: number(row, "version"),
        sealed: bytes(row, "sealed"),
      })),
    reseal: (connection, version, was, next) =>
      reseal.run(names.connection(connection), version, was, next).changes === 1,
  };
}
