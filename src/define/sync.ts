// A sync: a declared agreement between two resources, as a plain value that can be run, explained and checked.
import type { Mapping } from "../mapping/mapping.ts";
import type { ConnectedResource } from "./connection.ts";

/** The person or team who answers for a sync: who is told when it is behind or a record is parked. */
export interface Owner {
  readonly name: string;
  readonly email?: string;
}

export interface Sync {
  readonly kind: "sync";
  /** Unique in the project: the name in SQL, logs and on the web page. */
  readonly name: string;
  readonly purpose: string;
  readonly owner?: Owner;
  readonly from: ConnectedResource;
  readonly to: ConnectedResource;
  /** Is this record for this sync at all? People's own code: may throw. */
  readonly only?: (record: unknown) => boolean;
  /** How old a change may grow before the sync is behind, in milliseconds. */
  readonly freshWithinMs: number;
  /** How often the source is asked for changes, in milliseconds. */
  readonly pollEveryMs: number;
  /** How often the source is listed in full, in milliseconds. */
  readonly everythingEveryMs: number;
  readonly mapping: Mapping;
  /** What becomes of the target record when the source record is deleted: "keep", "park", or a removal of the target. */
  readonly onDelete: string;
  /** What to do when the provider says that a record with this natural key is there already. */
  readonly onExisting: "park" | "link";
  /** What becomes of the target record when `only` no longer holds: "keep", or a removal of the target. */
  readonly onOutOfScope: string;
  /** How often both sides are compared in full by itself, and how many differences it mends unasked; absent: only when asked. */
  readonly audit?: { readonly everyMs: number; readonly repairUpTo: number };
  /** Removals of more than this share of the links within a short time wait for a person. */
  readonly deletedShareMax: number;
  /** Durations as they were written, where they could not be read: the check of the project tells them. */
  readonly unreadable: Readonly<Record<string, string>>;
}
