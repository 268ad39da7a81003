// What SQLite's error codes mean for who called: a stable code, and what to do.
import { StoreError } from "../store.ts";

const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
const CONSTRAINT_UNIQUE = 2067;
const IOERR_READ = 266;
const IOERR_SHORT_READ = 522;

/** SQLite's extended result code; undefined when the error is not SQLite's. */
export function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode;
}

export function isUniqueViolation(error: unknown): boolean {
  return resultCode(error) === CONSTRAINT_UNIQUE;
}

/** It is damaged, or the disk does not give it back. */
export function isUnreadable(error: unknown): boolean {
  const code = resultCode(error) ?? 0;
  return [CORRUPT, NOTADB].includes(code & 0xff) || [IOERR_READ, IOERR_SHORT_READ].includes(code);
}

/** The error as callers of the store know it; errors that are not SQLite's, and bugs of ours, stay as they are. */
export function storeErrorOf(error: unknown, path: string): unknown {
  const code = resultCode(error);
  if (code === undefined) return systemErrorOf(error, path);
  const said = error instanceof Error ? error.message : String(error);
  const told = (kind: StoreError["code"], sentence: string): StoreError =>
    new StoreError(kind, `${sentence} (SQLite ${code}: ${said}).`, { cause: error });
  switch (code & 0xff) {
    case FULL:
      return told("full", `could not write ${path}: expected room on the disk, got none; make room, nothing was lost`);
    case IOERR:
    case READONLY:
    case CANTOPEN:
      return told(
        "io",
        `could not read or write ${path}: expected a file that can be written; check the disk and the rights`,
      );
    case CORRUPT:
    case NOTADB:
      return told("damaged", `could not read ${path}: expected a file of state, got damage; restore the last backup`);
    case BUSY:
    case LOCKED:
      return told("in-use", `could not write ${path}: expected to be alone, but another program is writing; stop it`);
    default:
      return error;
  }
}

/** The file system's own refusals: a folder that cannot be made, a file that may not be written. */
function systemErrorOf(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const sentence = `could not open ${path}: expected a folder and files that can be written; check the path and the rights`;
  return new StoreError("io", `${sentence} (${error.message}).`, { cause: error });
}
