// Looks into a file of state without owning it, whether a Bowline runs on it or not: nothing is written, nobody is stopped.
import type { LinkNeed, SyncRow, SyncRowQuery } from "./store.ts";
import type { PairRow, PairRowQuery } from "./pair-rows.ts";
import { openSqliteReader } from "./sqlite/reader.ts";

export interface StoreReader {
  /** The names of the syncs that the file knows. */
  readonly syncs: readonly string[];
  /** Pages through a sync's records in order of key. */
  syncRows(query: SyncRowQuery): readonly SyncRow[];
  /** Pages through a two-way sync's pairs and records, a side at a time, in order of key. */
  pairRows(query: PairRowQuery): readonly PairRow[];
  /** The target keys of these links, in the order asked; undefined where there is no link. */
  links(needs: readonly LinkNeed[]): readonly (string | undefined)[];
  close(): void;
}

/** Rejects with a StoreError when there is no file, or one that this Bowline cannot read. */
export function openReader(path: string): StoreReader {
  return openSqliteReader(path);
}
