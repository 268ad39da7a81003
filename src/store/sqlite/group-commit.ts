// Calls that wait together share one transaction, and so one sync of the disk. A call that fails takes nobody with it: the
// batch is undone and each call is made again in a transaction of its own. What would only be listed again if the power failed waits
// for no disk: it is on it with the next commit that does.
import type { ObserveBatch } from "../store.ts";
import { Batch } from "./batch.ts";
import { READS, type Core, type Method } from "./core.ts";
import type { OpenDatabase } from "./database.ts";
import { storeErrorOf } from "./failure.ts";
import { isOnlyListed } from "./listed.ts";

export interface Call {
  readonly method: Method;
  readonly given: readonly unknown[];
}

export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** The outcomes in the order of the calls; when it returns, they are on the disk, but for what can be learnt again. */
export type GroupCommit = (calls: readonly Call[]) => readonly Outcome[];

/** More calls than this are committed in turns. */
const BATCH_CALLS_MAX = 1000;

export function groupCommit({ database, path }: OpenDatabase, { operations, counts }: Core): GroupCommit {
  const beginWriting = database.prepare("BEGIN IMMEDIATE");
  // Without it each statement would take and give back the file's locks for itself.
  const beginReading = database.prepare("BEGIN");
  const commit = database.prepare("COMMIT");
  let isSynced = true;

  return (calls) => {
    if (calls.length <= BATCH_CALLS_MAX) return together(calls);
    const outcomes: Outcome[] = [];
    for (let from = 0; from < calls.length; from += BATCH_CALLS_MAX) {
      outcomes.push(...together(calls.slice(from, from + BATCH_CALLS_MAX)));
    }
    return outcomes;
  };

  function together(calls: readonly Call[]): readonly Outcome[] {
    const batch = new Batch();
    const writing = calls.filter(({ method }) => !READS.has(method));
    const writes = writing.length > 0;
    try {
      if (writes) syncOnCommit(!writing.every(isLearntAgain));
      (writes ? beginWriting : beginReading).run();
      const outcomes = calls.map((call): Outcome => ({ ok: true, value: perform(batch, call) }));
      if (writes) batch.write(counts);
      commit.run();
      batch.committed();
      return outcomes;
    } catch (error) {
      // SQLite has undone the transaction by itself when the disk was full.
      if (database.isTransaction) database.exec("ROLLBACK");
      batch.rolledBack();
      if (calls.length > 1) return calls.flatMap((call) => together([call]));
      return [{ ok: false, error: storeErrorOf(error, path) }];
    }
  }

  /** Without it a commit survives the end of the process, but not of the machine. */
  function syncOnCommit(isWanted: boolean): void {
    if (isWanted === isSynced) return;
    database.exec(`PRAGMA synchronous = ${isWanted ? "FULL" : "NORMAL"}`);
    isSynced = isWanted;
  }

  function perform(batch: Batch, { method, given }: Call): unknown {
    // The types of method and arguments were checked where the call was made; in between they are only carried.
    const operation = operations[method] as (batch: Batch, ...given: readonly unknown[]) => unknown;
    return operation(batch, ...given);
  }
}

/** A page of a listing on which nothing had changed: its cursor goes back with it, and it is read once more. */
function isLearntAgain({ method, given }: Call): boolean {
  return method === "observe" && isOnlyListed(given[0] as ObserveBatch);
}
