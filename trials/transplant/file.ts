// The file of state under trial: two tenants, each with connections whose tokens were sealed by the vault, several versions of
// each remembered as a thief of backups would have them; and a second way into the file, past the store.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { wrappingKeyOf } from "../../src/auth/key-ring.ts";
import { openVault, type KeptVault, type SealedFor, type VaultAlert } from "../../src/auth/vault.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { realClock } from "../../src/world/real.ts";

const TENANTS = ["default", "other"] as const;
const CONNECTIONS_EACH = 8;
const VERSIONS = 4;
export const FIELD = "oauth2";

export interface Row {
  readonly connection: string;
  readonly tenant: string;
  readonly version: number;
  readonly sealed: Uint8Array;
}

export interface KeyRow {
  readonly id: string;
  readonly tenant: string;
  readonly wrapped: Uint8Array;
}

export interface TrialFile {
  readonly store: Store;
  /** As they are in the file. */
  readonly rows: readonly Row[];
  /** Every older version of each connection. */
  readonly older: readonly Row[];
  readonly keys: readonly KeyRow[];
  /** Every text that was sealed. */
  readonly plain: ReadonlySet<string>;
  /** A vault that reads the file's keys as they are now. */
  vault(alert: VaultAlert): Promise<KeptVault>;
  /** Writes past the store. */
  putSealed(connection: string, sealed: Uint8Array, version?: number): void;
  putTenant(connection: string, tenant: string): void;
  putKey(key: KeyRow): void;
  /** Puts everything back as it was. */
  restore(): void;
  close(): Promise<void>;
}

export async function makeFile(name: string): Promise<TrialFile> {
  const folder = join(import.meta.dirname, "..", "..", ".data", "trials", name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "bowline.db");
  const store = await openSqliteStore({ path, thread: false });
  const names = TENANTS.flatMap((tenant) =>
    Array.from({ length: CONNECTIONS_EACH }, (_, index) => `${tenant}-${index}`),
  );
  await store.declare({ connections: names, resources: [], syncs: [] });
  const database = new DatabaseSync(path);
  database.exec("PRAGMA synchronous = OFF");
  const ring = { current: wrappingKeyOf(Buffer.alloc(32, 1), "the trial"), old: [] };
  const vault = (alert: VaultAlert): Promise<KeptVault> =>
    openVault({ ring, store, clock: realClock, tenants: TENANTS, alert });
  const first = await vault(() => undefined);
  const putTenant = database.prepare("UPDATE connection SET tenant = ? WHERE name = ?");
  const putSealed = database.prepare(
    "UPDATE credential SET sealed = ?, version = coalesce(?, version) WHERE connection = (SELECT id FROM connection WHERE name = ?)",
  );
  const deleteKeys = database.prepare("DELETE FROM data_key");
  const putKey = database.prepare("UPDATE data_key SET tenant = ?, wrapped = ?, current = ? WHERE id = ?");
  const insertKey = database.prepare(
    "INSERT INTO data_key (id, tenant, wrapped, current, made_at) VALUES (?, ?, ?, 1, 0)",
  );
  const kept = await sealedVersions(store, first, (name, tenant) => void putTenant.run(tenant, name), names);
  const keys = await store.dataKeys();

  return {
    store,
    keys,
    vault,
    ...kept,
    putSealed: (connection, sealed, version) => void putSealed.run(sealed, version ?? null, connection),
    putTenant: (connection, tenant) => void putTenant.run(tenant, connection),
    // Not the current one: two tenants' keys that are swapped would meet there.
    putKey: ({ id, tenant, wrapped }) => void putKey.run(tenant, wrapped, 0, id),
    restore() {
      for (const { connection, sealed, version, tenant } of kept.rows) {
        putSealed.run(sealed, version, connection);
        putTenant.run(tenant, connection);
      }
      deleteKeys.run();
      for (const { id, tenant, wrapped } of keys) insertKey.run(id, tenant, wrapped);
    },
    async close() {
      database.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function sealedVersions(
  store: Store,
  vault: KeptVault,
  putTenant: (name: string, tenant: string) => void,
  names: readonly string[],
): Promise<Pick<TrialFile, "rows" | "older" | "plain">> {
  const plain = new Set<string>();
  const all: Row[] = [];
  for (const connection of names) {
    const tenant = TENANTS.find((one) => connection.startsWith(one)) ?? TENANTS[0];
    putTenant(connection, tenant);
    for (let version = 1; version <= VERSIONS; version += 1) {
      const text = JSON.stringify({ refreshToken: `token ${version} of ${connection}`, seed: "" });
      plain.add(text);
      const sealed = vault.seal(text, { tenant, connection, field: FIELD, version });
      await store.saveCredential(connection, version - 1, sealed);
      all.push({ connection, tenant, version, sealed });
    }
  }
  return {
    plain,
    rows: all.filter(({ version }) => version === VERSIONS),
    older: all.filter(({ version }) => version < VERSIONS),
  };
}

export function placeOf({ tenant, connection, version }: Omit<Row, "sealed">, field = FIELD): SealedFor {
  return { tenant, connection, field, version };
}
