// Opens the file with the settings that make a commit durable and cheap.
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { storeErrorOf } from "./failure.ts";
import { ownerLock } from "./owner-lock.ts";
import { migrate, recognise } from "./schema.ts";

const CACHE_KIB = 16_384;
/** About 16 MiB: a checkpoint costs two syncs, but a longer one is a longer wait for who is in it. */
const CHECKPOINT_PAGES = 2000;
const JOURNAL_BYTES_MAX = 67_108_864;
/** Only another program that looks into the file can make us wait, and never long. */
const BUSY_TIMEOUT_MS = 100;
/** It holds what customers wrote; SQLite gives the files beside it the same rights. */
export const OWNER_ONLY = 0o600;

export interface OpenDatabase {
  readonly path: string;
  readonly database: DatabaseSync;
  close(): void;
}

/** A path, or ":memory:" for a file of state that ends with the process. */
export function openDatabase(path: string, processId: number): OpenDatabase {
  try {
    if (path === ":memory:") return opened(path);
    mkdirSync(dirname(path), { recursive: true });
    const lock = ownerLock(path, processId);
    try {
      if (!existsSync(path)) closeSync(openSync(path, "a", OWNER_ONLY));
      const open = opened(path);
      return {
        ...open,
        close() {
          open.close();
          lock.release();
        },
      };
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function opened(path: string): OpenDatabase {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  try {
    // Before anything is set: another program's file is left as it was.
    recognise(database, path);
    database.exec(`
      PRAGMA page_size = 8192;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${JOURNAL_BYTES_MAX};
    `);
    migrate(database);
    return { path, database, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}
