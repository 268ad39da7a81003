// What an audit of a two-way sync needs of the store besides: both sides as they were listed, pair by pair, the records that are
// alone, and what is known of a pair at one moment.
import type { AuditedPending, AuditSlice } from "./audit.ts";
import type { KnownRecord, Link } from "./store.ts";

/** Is a listed record for the sync? `unclear`: its own rules do not tell. `former`: it became part of another record that was listed. */
export const SCOPE = { out: 0, in: 1, unclear: 2, former: 3 } as const;
export type Scope = (typeof SCOPE)[keyof typeof SCOPE];

/** Records of one side as they were listed. */
export interface AuditRecords {
  readonly side: 0 | 1;
  readonly keys: readonly string[];
  /** One of `SCOPE` for each key. */
  readonly scopes: Uint8Array;
  /** For each key the digests of the sync's fields, then of what it is found by (0: nothing), one after the other. */
  readonly digests: Uint8Array;
  /** Keys that lead to one of them since it took up the records that had them. */
  readonly former?: readonly (readonly [former: string, key: string])[];
}

export interface ListedRecord {
  readonly scope: Scope;
  readonly digests: Uint8Array;
}

/** A link with both records as they were listed; undefined: it was not. */
export interface ListedPair {
  readonly key: string;
  readonly otherKey: string;
  readonly base: string;
  readonly state?: string;
  readonly listed: readonly [ListedRecord | undefined, ListedRecord | undefined];
}

/** A listed record that nobody is linked to. */
export interface ListedAlone extends ListedRecord {
  readonly key: string;
}

/** Digests of what records are found by, by the sync's alternatives. */
export interface MatchWanted {
  readonly side: 0 | 1;
  /** How many fields stand before them. */
  readonly fields: number;
  readonly digests: readonly (readonly number[])[];
}

/** A listed record that is found by one of them. */
export interface MatchingRecord {
  readonly key: string;
  readonly alternative: number;
  readonly digest: number;
}

/** Digests of the fields of records. */
export interface ShownWanted {
  readonly side: 0 | 1;
  readonly digests: readonly Uint8Array[];
}

/** A listed record that shows just one of them, by its place. */
export interface ShowingRecord {
  readonly key: string;
  readonly place: number;
}

/** A pair by its first side's record, or a record that is alone. */
export interface PairKey {
  readonly key: string;
  /** It is one of the second side. */
  readonly side?: 1;
}

export interface AuditedRecord {
  readonly key: string;
  readonly record?: KnownRecord & { readonly observedAt: number };
  readonly listed?: ListedRecord;
  /** By the listing it became part of this record. */
  readonly listedAs?: string;
}

/** What is known of a pair, or of a record that is alone, at one moment. */
export interface PairAuditFacts extends AuditedRecord {
  readonly side?: 1;
  /** The second side's record of the link. */
  readonly other?: AuditedRecord;
  readonly link?: Link;
  /** Of a record of the second side: the first side's that it is linked to by now. */
  readonly linkedTo?: string;
  readonly pending?: AuditedPending;
  /** What a person put back and is still to be written. */
  readonly corrections?: unknown;
  /** When both sides last agreed on it, and what last ended its pending; as far as the history goes back. */
  readonly clearedAt?: number;
  readonly discardedAt?: number;
}

export interface PairAuditStore {
  /** Goes through so many known records of the first side in the order of keys, and gives those that are linked. */
  auditPairs(id: number, after: string | undefined, limit: number): Promise<AuditSlice<ListedPair>>;
  /** Goes through so many listed records of a side, and gives those that are not linked. */
  auditAlone(id: number, side: 0 | 1, after: string | undefined, limit: number): Promise<AuditSlice<ListedAlone>>;
  /** Goes through so many listed records of a side, and gives those that are found by any of these digests. */
  auditMatching(
    id: number,
    wanted: MatchWanted,
    after: string | undefined,
    limit: number,
  ): Promise<AuditSlice<MatchingRecord>>;
  /** Goes through so many listed records of a side, and gives those that show just what is wanted. */
  auditShowing(
    id: number,
    wanted: ShownWanted,
    after: string | undefined,
    limit: number,
  ): Promise<AuditSlice<ShowingRecord>>;
  auditPairFacts(id: number, keys: readonly PairKey[]): Promise<readonly PairAuditFacts[]>;
  /** Keys of a side's known records that are not deleted, in order. */
  auditSideKeys(id: number, side: 0 | 1, after: string | undefined, limit: number): Promise<readonly string[]>;
  /** How many conflicts of a sync wait for a person. */
  conflictsOpen(sync: string): Promise<number>;
}
