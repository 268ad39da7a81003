// A copy of the file of state beside its owner, and such a copy put in its place again. Both say in the copy that it is one: whoever
// starts it has to know that what was written since is not in it.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import type { BackupTaken, RestoredFile } from "../backup.ts";
import { StoreError } from "../store.ts";
import { OWNER_ONLY } from "./database.ts";
import { isUnreadable, storeErrorOf } from "./failure.ts";
import { ownerLock, realPathOf } from "./owner-lock.ts";
import { numberOrNone, text } from "./rows.ts";
import { migrate, recognise, refuseEmpty } from "./schema.ts";

/** Pages of 8 KiB that are copied at a time. */
const STEP_PAGES = 2_000;
/** As a reader waits for the owner's checkpoint. */
const BUSY_TIMEOUT_MS = 2_000;
/** What SQLite keeps beside a file: with it go commits that are not in it yet, or that are to be taken back. */
const LOGS = ["-wal", "-shm", "-journal"];

export type Progress = (copied: number, of: number) => void;

/** Nothing stands at `to` until the copy is whole and was read through. */
export async function backUp(from: string, to: string, at: number, progress: Progress): Promise<BackupTaken> {
  return await toldAs(to, async () => {
    requireFile(from);
    if (existsSync(to))
      throw new StoreError("io", `could not write ${to}: expected no file there, got one; give another path.`);
    await copied(from, `${to}.partial`, progress, (copy) => {
      if (!isUnstarted(copy)) stamp(copy, at);
    });
    renameSync(`${to}.partial`, to);
    syncFolder(to);
    return { path: to, bytes: statSync(to).size };
  });
}

/** What was at `path` stays beside it under another name. `at` is in that name. */
export async function restore(
  from: string,
  given: string,
  { processId, at, progress }: { readonly processId: number; readonly at: number; readonly progress: Progress },
): Promise<RestoredFile> {
  return await toldAs(given, async () => {
    requireFile(from);
    mkdirSync(dirname(given), { recursive: true });
    const path = realPathOf(given);
    const lock = ownerLock(path, processId);
    try {
      const coming = `${path}.restoring`;
      const madeAt = await copied(from, coming, progress, (copy) => {
        migrate(copy);
        const known = stampOf(copy);
        stamp(copy, known);
        return known;
      });
      const before = putAside(path, at);
      // From one moment to the next: there is a file of state at any time, for an empty one would be filled anew.
      renameSync(coming, path);
      syncFolder(path);
      return { path, ...(madeAt === undefined ? {} : { madeAt }), ...(before === undefined ? {} : { before }) };
    } finally {
      lock.release();
    }
  });
}

/** The file itself was brought back, as by a snapshot of the machine. */
export async function sayRestored(path: string, processId: number): Promise<RestoredFile> {
  return await toldAs(path, async () => {
    requireFile(path);
    const lock = ownerLock(path, processId);
    try {
      const database = new DatabaseSync(path);
      try {
        recognise(database, path);
        migrate(database);
        const madeAt = stampOf(database);
        stamp(database, madeAt);
        return { path, ...(madeAt === undefined ? {} : { madeAt }) };
      } finally {
        database.close();
      }
    } finally {
      lock.release();
    }
  });
}

/** Copies the file as it is at one moment, whoever writes to it meanwhile, and changes the copy before it is closed. */
async function copied<Result>(
  from: string,
  to: string,
  progress: Progress,
  change: (copy: DatabaseSync) => Result,
): Promise<Result> {
  removeCopy(to);
  const source = openedToCopy(from);
  try {
    closeSync(openSync(to, "wx", OWNER_ONLY));
    await backup(source, to, {
      rate: STEP_PAGES,
      progress: ({ totalPages, remainingPages }) => progress(totalPages - remainingPages, totalPages),
    });
    const copy = new DatabaseSync(to);
    try {
      requireWhole(copy, from);
      // One file, without another one beside it.
      copy.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
      return change(copy);
    } finally {
      copy.close();
    }
  } catch (error) {
    removeCopy(to);
    throw storeErrorOf(error, isUnreadable(error) ? from : to);
  } finally {
    source.close();
  }
}

function openedToCopy(from: string): DatabaseSync {
  try {
    const source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      recognise(source, from);
      refuseEmpty(source, from);
      // Within one reading transaction: otherwise each commit of the owner would begin the copy anew.
      source.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
      return source;
    } catch (error) {
      source.close();
      throw error;
    }
  } catch (error) {
    throw storeErrorOf(error, from);
  }
}

/** With what SQLite leaves beside it where the disk is full. */
function removeCopy(to: string): void {
  for (const end of ["", ...LOGS]) rmSync(to + end, { force: true });
}

function requireFile(path: string): void {
  if (!existsSync(path)) throw new StoreError("io", `could not read ${path}: expected a file of state, got none.`);
}

function requireWhole(database: DatabaseSync, from: string): void {
  const row = database.prepare("PRAGMA quick_check(1)").get();
  const said = row === undefined ? "nothing" : text(row, "quick_check");
  if (said === "ok") return;
  throw new StoreError("damaged", `could not copy ${from}: expected a whole file of state, got damage (${said}).`);
}

/** The table is one of the first schema: a file of an older Bowline has it as well. */
function stamp(database: DatabaseSync, madeAt: number | undefined): void {
  database.prepare("INSERT OR REPLACE INTO restored (id, made_at, began_at) VALUES (1, ?, NULL)").run(madeAt ?? null);
}

/** A file that was restored, and not started since, is as old as its own backup. */
function isUnstarted(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM restored WHERE began_at IS NULL").get() !== undefined;
}

/** When the backup was made that this file is, and that nobody started yet. */
function stampOf(database: DatabaseSync): number | undefined {
  const row = database.prepare("SELECT made_at FROM restored WHERE began_at IS NULL").get();
  return row === undefined ? undefined : numberOrNone(row, "made_at");
}

/**
 * Says where it is now, too; it stays where it was until another file takes its place. Its log goes with it, also where only that is
 * left: what the log of one file holds must not be taken for another one's.
 */
function putAside(path: string, at: number): string | undefined {
  const before = `${path}.before-${new Date(at).toISOString().replaceAll(/[:.]/g, "-")}`;
  const isThere = existsSync(path);
  if (isThere) {
    closeCleanly(path);
    keepToo(path, before);
  }
  for (const end of LOGS) if (existsSync(path + end)) renameSync(path + end, before + end);
  return isThere ? before : undefined;
}

function keepToo(path: string, before: string): void {
  try {
    linkSync(path, before);
  } catch {
    copyFileSync(path, before);
    chmodSync(before, OWNER_ONLY);
  }
}

/** What its write-ahead log holds goes into the file; one that is damaged is put aside as it is. */
function closeCleanly(path: string): void {
  try {
    const database = new DatabaseSync(path);
    try {
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      database.close();
    }
  } catch {
    return;
  }
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

async function toldAs<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}
