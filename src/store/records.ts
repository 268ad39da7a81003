// What is known of records, and which record of one side is which of the other.
import type { ParkCause } from "./pending.ts";

export interface KnownRecord {
  readonly version?: string;
  readonly hash: string;
  /** JSON; absent when only the hash is kept, or nothing was read yet. */
  readonly body?: string;
  readonly deleted: boolean;
  /** More than 0: it may have changed since it was read. */
  readonly stale: number;
  readonly title?: string;
  /** Of a two-way sync's record: which deletion took it last, whether or not it has come back since. */
  readonly deletion?: string;
  /** It is no more, and this record of the same resource took it up. */
  readonly movedTo?: string;
}

export interface Link {
  readonly targetKey: string;
  /** The values both sides last agreed on, as JSON. Of a two-way sync: as each side showed them; `null`: they never agreed. */
  readonly base: string;
  /** Of a two-way sync: what the engine has to know of the link besides, as JSON. */
  readonly state?: string;
  readonly targetVersion?: string;
  /** The source record that was agreed on. */
  readonly recordHash: string;
  readonly recordVersion?: string;
}

/** A link as it is from now on. Without a base it takes the fields of the record's armed write, as they are in the file. */
export type AgreedLink = Omit<Link, "base"> & { readonly base?: string };

/** One record of one sync, referred to. */
export interface LinkNeed {
  readonly sync: string;
  readonly key: string;
}

/** A record of one sync with all that is known of it, as a backtest needs it. */
export interface SyncRow {
  readonly key: string;
  readonly record: KnownRecord;
  readonly link?: Link;
  readonly corrections?: Readonly<Record<string, unknown>>;
  /** The state of its pending row, if it has one. */
  readonly pending?: "ready" | "waiting" | "sending" | "unknown" | "parked";
  /** Why it is parked. */
  readonly parked?: { readonly cause: ParkCause; readonly reason: string };
}

export interface SyncRowQuery {
  readonly sync: string;
  /** Only records that changed at or after this time, in milliseconds since 1970. */
  readonly since: number;
  /** Only keys after this one, in their order. */
  readonly after?: string;
  readonly limit: number;
}

export interface RecordStore {
  record(resource: string, key: string): Promise<KnownRecord | undefined>;
  /** The target keys of these links, in the order asked; undefined where there is no link. */
  links(needs: readonly LinkNeed[]): Promise<readonly (string | undefined)[]>;
  /** Is another source record of this sync already linked to this target record? Its key, if so. */
  linkedTo(sync: string, targetKey: string): Promise<string | undefined>;
  /** Pages through a sync's links in order of key. */
  linkPage(
    sync: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (Link & { readonly key: string })[]>;
  /** Pages through a sync's records in order of key. */
  syncRows(query: SyncRowQuery): Promise<readonly SyncRow[]>;
}
