// One process owns a file of state. The lock is a second, empty SQLite file held exclusively: the kernel gives it back when
// the process ends, however it ends, so that no lock is left behind by kill -9.
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreError } from "../store.ts";
import { resultCode } from "./failure.ts";

export interface OwnerLock {
  release(): void;
}

export function ownerLock(given: string, processId: number): OwnerLock {
  const path = realPathOf(given);
  const ownerPath = `${path}.owner`;
  const database = new DatabaseSync(`${path}.lock`, { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if ((resultCode(error) ?? 0) % 256 !== 5) throw error;
    throw new StoreError(
      "in-use",
      `could not open ${path}: expected to be its only user, but ${ownerOf(ownerPath)} has it; stop that one, or give ` +
        `another path.`,
      { cause: error },
    );
  }
  writeFileSync(ownerPath, `${processId}\n`);
  return {
    release() {
      rmSync(ownerPath, { force: true });
      database.close();
    },
  };
}

/** One file may have several names: all of them have one lock. */
export function realPathOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

function ownerOf(ownerPath: string): string {
  try {
    return `process ${readFileSync(ownerPath, "utf8").trim()}`;
  } catch {
    return "another process";
  }
}
