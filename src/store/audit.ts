// What an audit needs of the store: both sides as they were listed, what is known of a record at one moment, what was found,
// and the audits that were.
import type { AuditRecords } from "./audit-pairs.ts";
import type { KnownRecord, Link, ParkCause, RequestEntry } from "./store.ts";

export type AuditState = "running" | "done" | "failed" | "stopped";

/** One audit, running or kept. `asked`, `progress` and `result` are JSON of the auditor's own. */
export interface AuditRow {
  readonly id: number;
  readonly sync: string;
  readonly state: AuditState;
  readonly asked: string;
  readonly progress: string;
  readonly result?: string;
  readonly beganAt: number;
  readonly endedAt?: number;
}

/** What the sync expects at the target for a source record: anything at all, these fields, nothing, or it cannot be told. */
export const EXPECTS = { anything: 0, fields: 1, nothing: 2, unclear: 3 } as const;
export type Expects = (typeof EXPECTS)[keyof typeof EXPECTS];

/** Of one field of the sync, in four bytes: the rule leaves it out; or it is empty. Any other number is a digest of its value. */
export const DIGEST_OMITTED = 0;
export const DIGEST_EMPTY = 1;
export const DIGEST_BYTES = 4;

/**
 * Of a listed record in 32-bit words: the place of the link that it belongs to, and two digests of that link together with what
 * the record shows or should show; nothing but zeros where it says nothing of a link. Where both sides agree at a place, the
 * sums of its digests are the same on both, in whatever order and on whichever page the records came.
 */
export const MARK_WORDS = 3;
/** Links share places: so many are told apart, however many links there are. */
export const PLACES = 65_536;

export function placeIn(marks: Uint32Array, index: number): number {
  return (marks[index * MARK_WORDS] ?? 0) & (PLACES - 1);
}

/** The marks of one page of one side. */
export interface AuditMarks {
  readonly side: AuditSide["side"];
  readonly marks: Uint32Array;
}

/** Records of one side as they were listed. */
export interface AuditSide {
  readonly side: "source" | "target";
  readonly keys: readonly string[];
  /** Of the source: one of `EXPECTS` for each key. */
  readonly expects?: Uint8Array;
  /** For each key the digests of the sync's fields, one after the other. */
  readonly digests: Uint8Array;
}

/** What may be amiss, and is to be looked at on both sides. */
export interface AuditSuspect {
  readonly key: string;
  /** What the target showed and the sync expected, where both were listed. */
  readonly expected?: Uint8Array;
  readonly shown?: Uint8Array;
}

/** One thing that was found. `detail` is JSON of the auditor's own. */
export interface AuditFindingRow {
  readonly kind: string;
  readonly key: string;
  readonly detail: string;
}

/** A step of an audit, all of it or nothing. */
export interface AuditStep {
  readonly id: number;
  readonly progress: string;
  /** What was listed of this side is taken away first: it is listed anew. */
  readonly afresh?: AuditSide["side"];
  readonly sides?: readonly AuditSide[];
  /** Of a two-way sync. */
  readonly records?: readonly AuditRecords[];
  /** Findings of this kind and these keys are taken away first. */
  readonly without?: readonly { readonly kind: string; readonly keys: readonly string[] }[];
  readonly findings?: readonly AuditFindingRow[];
  readonly requests?: readonly RequestEntry[];
}

/** A slice of the comparison, and where the next one begins; without `next` it was the last. */
export interface AuditSlice<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

export interface UnmatchedTarget {
  readonly key: string;
  readonly digests: Uint8Array;
}

/** A target record that shows just what was wanted under this key. */
export interface SameTarget {
  readonly key: string;
  readonly targetKey: string;
  /** The source record that it is linked to. */
  readonly linkedTo?: string;
}

/** What is under way for a record, as an audit sees it. */
export interface AuditedPending {
  readonly state: "ready" | "waiting" | "sending" | "unknown" | "parked";
  readonly seq: number;
  readonly notedAt: number;
  readonly reason?: string;
  readonly cause?: ParkCause;
}

/** What is known of one record of a sync at one moment. */
export interface AuditFacts {
  readonly key: string;
  readonly record?: KnownRecord & { readonly observedAt: number };
  readonly link?: Link;
  readonly pending?: AuditedPending;
  readonly corrections?: Readonly<Record<string, unknown>>;
  /** When both sides last agreed on it, and what last ended its pending; as far as the history goes back. */
  readonly clearedAt?: number;
  readonly discardedAt?: number;
  /** A target record of it was taken out of use before. */
  readonly wasRemoved?: boolean;
  /** The source record's digests as this audit listed them. */
  readonly listed?: { readonly expects: Expects; readonly digests: Uint8Array };
}

/** A link as it is after a repair: what the target shows is the base, so that the ordinary path writes what differs. */
export interface AuditRebase {
  readonly key: string;
  /** The target record it was linked to when this was decided; any other now, and nothing is done. */
  readonly was?: string;
  readonly link: Link | null;
}

export interface AuditStore {
  beginAudit(sync: string, asked: string, progress: string, at: number): Promise<number>;
  auditStep(step: AuditStep): Promise<void>;
  endAudit(
    id: number,
    end: { readonly state: Exclude<AuditState, "running">; readonly result: string; readonly at: number },
  ): Promise<void>;
  /** The newest first. */
  audits(filter: {
    readonly sync?: string;
    readonly id?: number;
    readonly state?: AuditState;
    readonly limit: number;
  }): Promise<readonly AuditRow[]>;
  /** In the order of keys, after this one. */
  auditFindings(
    id: number,
    kind: string | undefined,
    after: string | undefined,
    limit: number,
  ): Promise<readonly AuditFindingRow[]>;
  /** Gives the marks of so many pages, in the order in which they were listed. */
  auditMarks(id: number, after: string | undefined, limit: number): Promise<AuditSlice<AuditMarks>>;
  /**
   * Goes through so many pages, and lets the records at these places be compared one by one: a bit a place, the lowest first. What
   * belongs to no link is compared in any case. Gives where it goes on; undefined: that was all.
   */
  auditSift(id: number, places: Uint8Array, after: string | undefined, limit: number): Promise<string | undefined>;
  /** Goes through so many source records in the order of keys, of those to be compared, and gives those whose target is not as expected. */
  auditSuspects(id: number, after: string | undefined, limit: number): Promise<AuditSlice<AuditSuspect>>;
  /** Goes through so many target records, of those to be compared, and gives the linked ones that the source did not list. */
  auditGone(id: number, after: string | undefined, limit: number): Promise<AuditSlice<AuditSuspect>>;
  /** Goes through so many target records, of those to be compared, and gives those that nobody is linked to. */
  auditUnmatched(id: number, after: string | undefined, limit: number): Promise<AuditSlice<UnmatchedTarget>>;
  /** Goes through so many pages of target records, and gives those that show just what is wanted under some key. */
  auditSame(
    id: number,
    wanted: readonly UnmatchedTarget[],
    after: string | undefined,
    limit: number,
  ): Promise<AuditSlice<SameTarget>>;
  auditFacts(id: number, keys: readonly string[]): Promise<readonly AuditFacts[]>;
  /** Keys of the sync's known source records that are not deleted, in order. */
  auditKeys(id: number, after: string | undefined, limit: number): Promise<readonly string[]>;
  /** Changes links all together, but for records that are pending or linked otherwise by now; gives the keys that were changed. */
  auditRebase(id: number, rebases: readonly AuditRebase[]): Promise<readonly string[]>;
  /** Takes away so many rows of what was listed; says how many. */
  sweepAudit(id: number, limit: number): Promise<number>;
}
