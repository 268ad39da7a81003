// Opens a file of state. One process owns it; everything that was resolved is on the disk.
import type { Clock } from "../../world/world.ts";
import type { Store } from "../store.ts";
import { storeOf } from "./calls.ts";
import { prepareCore } from "./core.ts";
import { openDatabase } from "./database.ts";
import { groupCommit } from "./group-commit.ts";
import { inline } from "./inline.ts";
import { ackBeforeCommit } from "./plants.ts";
import { storeThread } from "./thread.ts";

export interface SqliteStoreOptions {
  /** The file; it is made when there is none, with `.lock` and `.owner` beside it. ":memory:": gone at the end. */
  readonly path: string;
  /** In a thread of its own, or in the caller's thread at the end of each turn. Default: true. */
  readonly thread?: boolean;
  /** Inline: runs what it is given at the end of the turn. Default: queueMicrotask. */
  readonly atEndOfTurn?: (flush: () => void) => void;
  /** Faults for trials. Default: none. */
  readonly plants?: ReadonlySet<string>;
  /** Only planted faults need one. */
  readonly clock?: Clock;
}

export async function openSqliteStore({
  path,
  thread = true,
  atEndOfTurn = queueMicrotask,
  plants = new Set(),
  clock,
}: SqliteStoreOptions): Promise<Store> {
  const store = thread ? await threaded(path) : inTurn(path, atEndOfTurn);
  return plants.has("ack-before-commit") ? ackBeforeCommit(store, clock) : store;
}

async function threaded(path: string): Promise<Store> {
  const thread = await storeThread({ path, processId: process.pid });
  return storeOf(path, thread.perform, () => thread.close());
}

function inTurn(path: string, atEndOfTurn: (flush: () => void) => void): Store {
  const open = openDatabase(path, process.pid);
  const calls = inline(groupCommit(open, prepareCore(open.database)), atEndOfTurn);
  return storeOf(path, calls.perform, async () => {
    calls.flush();
    open.close();
  });
}
