// Copies of the file of state: made while it is in use, and put in its place again.
import { backUp, restore, sayRestored, type Progress } from "./sqlite/backup.ts";

export interface BackupTaken {
  readonly path: string;
  readonly bytes: number;
}

export interface RestoredFile {
  readonly path: string;
  /** When the backup was made; absent: it does not say. */
  readonly madeAt?: number;
  /** Where the file is that was there before. */
  readonly before?: string;
}

/** `copied` of so many pages. */
export type CopyProgress = Progress;

/**
 * Copies the file of state at `from`, whether a Bowline runs on it or not, as it is at one moment. Rejects with a StoreError where there
 * is none, where something stands at `to`, or where the copy is not whole; then nothing is left at `to`. `at`: now, in milliseconds since
 * 1970.
 */
export function backUpState(
  from: string,
  to: string,
  at: number,
  progress: CopyProgress = () => {},
): Promise<BackupTaken> {
  return backUp(from, to, at, progress);
}

/**
 * Puts a copy of `from` at `path`; what was there stays beside it. The next start looks up what may have been created since the backup.
 * Rejects with a StoreError, and changes nothing, where a Bowline runs on `path`, or where `from` is no whole file of state.
 */
export function restoreState(
  from: string,
  path: string,
  given: { readonly processId: number; readonly at: number; readonly progress?: CopyProgress },
): Promise<RestoredFile> {
  return restore(from, path, { progress: () => {}, ...given });
}

/** Says of the file at `path` that it was brought back itself, as by a snapshot of the machine. */
export function stateWasRestored(path: string, processId: number): Promise<RestoredFile> {
  return sayRestored(path, processId);
}
