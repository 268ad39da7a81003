// The file of state opened to be read only: beside its owner, and without its lock.
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../store.ts";
import type { StoreReader } from "../reader.ts";
import { storeErrorOf } from "./failure.ts";
import { Names } from "./names.ts";
import { recognise, requireNewest } from "./schema.ts";
import { preparePairRows } from "./pair-rows.ts";
import { prepareSyncRows } from "./sync-rows.ts";
import { textOrNone } from "./rows.ts";

/** The owner commits within milliseconds; only a checkpoint may take longer. */
const BUSY_TIMEOUT_MS = 2_000;

export function openSqliteReader(path: string): StoreReader {
  if (!existsSync(path)) {
    throw new StoreError("io", `could not read ${path}: expected a file of state, got none; start Bowline once.`);
  }
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      return readerOf(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function readerOf(database: DatabaseSync, path: string): StoreReader {
  recognise(database, path);
  requireNewest(database, path);
  const names = new Names(database);
  const syncRows = prepareSyncRows(database, names);
  const target = database.prepare(`
    SELECT l.target_key FROM record r JOIN link l ON l.sync = ? AND l.record = r.id WHERE r.resource = ? AND r.key = ?`);
  return {
    syncs: [...names.syncs()].map(({ name }) => name),
    syncRows,
    pairRows: preparePairRows(database, names),
    links: (needs) =>
      needs.map(({ sync, key }) => {
        const known = names.syncIfKnown(sync);
        const row = known === undefined ? undefined : target.get(known.id, known.from, key);
        return row === undefined ? undefined : textOrNone(row, "target_key");
      }),
    close: () => database.close(),
  };
}
