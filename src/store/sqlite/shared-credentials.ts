// Credentials of a file of state that several processes use at once. It takes no owner's lock, so everything else of the
// file stays out of reach; each call is a transaction of its own that waits for the others' to end.
import { DatabaseSync } from "node:sqlite";
import { StoreError, type CredentialStore } from "../store.ts";
import { prepareCredentials, type Credentials } from "./credentials.ts";
import { storeErrorOf } from "./failure.ts";
import { number, type Row } from "./rows.ts";
import { recognise, SCHEMA_VERSION } from "./schema.ts";

export interface SharedCredentials extends CredentialStore {
  close(): void;
}

/** How long a call waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** The file must have been made, and its connections declared, by a store that owned it. */
export function openSharedCredentials(path: string): SharedCredentials {
  try {
    return opened(path);
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

function opened(path: string): SharedCredentials {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  let credentials: Credentials;
  try {
    recognise(database, path);
    refuseOtherVersion(database, path);
    // WAL is the file's own; what is committed here is on the disk before anybody is told.
    database.exec("PRAGMA synchronous = FULL");
    const idOf = database.prepare("SELECT id FROM connection WHERE name = ?");
    credentials = prepareCredentials(database, (connection) => idNamed(idOf.get(connection), connection));
  } catch (error) {
    database.close();
    throw error;
  }

  async function alone<Result>(work: () => Result): Promise<Result> {
    try {
      database.exec("BEGIN IMMEDIATE");
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw storeErrorOf(error, path);
    }
  }

  return {
    credential: async (connection) => credentials.credential(connection),
    beginRefresh: (...given) => alone(() => credentials.beginRefresh(...given)),
    endRefresh: (...given) => alone(() => credentials.endRefresh(...given)),
    saveCredential: (...given) => alone(() => credentials.saveCredential(...given)),
    close: () => database.close(),
  };
}

function refuseOtherVersion(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version === SCHEMA_VERSION) return;
  throw new StoreError(
    "io",
    `could not share the credentials in ${path}: expected a file of schema version ${SCHEMA_VERSION}, got version ${version}; ` +
      "open it once with its own Bowline first.",
  );
}

function idNamed(row: Row | undefined, connection: string): number {
  if (row === undefined) {
    throw new Error(
      `could not use the connection ${connection}: expected a declared name; declare it before it is used.`,
    );
  }
  return number(row, "id");
}
