// What an audit was asked, how far it is, and what it found: plain data, kept as JSON.

export interface AuditAsked {
  /** Look at so many records, chosen at random, instead of at all. */
  readonly sample?: number;
  /** Mend what was found through the ordinary path. `upTo`: only when it is no more than this. Default: only tell. */
  readonly repair?: { readonly upTo?: number; readonly dryRun?: boolean };
  /** It was due by the sync's schedule. */
  readonly scheduled?: boolean;
}

export type FindingKind = "missing" | "extra" | "different" | "in-flight" | "unmatched" | "duplicate";
/** What is wrong; the others are told, not judged. */
export const WRONG: readonly FindingKind[] = ["missing", "extra", "different", "duplicate"];
/** What the ordinary path can mend. */
export const REPAIRABLE: readonly FindingKind[] = ["missing", "extra", "different"];

/**
 * - `missed`: the source changed, and neither a webhook nor a poll told of it.
 * - `target-edited`, `target-deleted`: somebody else changed the target since both agreed.
 * - `rules-changed`: the mapping, a table, a correction or a link gives another value than when both agreed.
 * - `not-written`: it was noted, and never written; somebody discarded it.
 * - `wrong-link`: another target record shows just what is expected here.
 * - `cannot-map`: the mapping gives no value for the record as it is now.
 * - `unreadable`: the connector cannot tell what one of the two records is.
 * - `made-twice`: it shows just the same as a linked record.
 * - `same-match`: several records have what they are matched by.
 * - `edited-twice`: both sides were edited, and a person decides.
 * - `under-way`: it is pending, or was changed while the audit ran.
 * - `unlinked`: nobody is linked to it.
 */
export type CauseCode =
  | "missed"
  | "target-edited"
  | "target-deleted"
  | "rules-changed"
  | "not-written"
  | "wrong-link"
  | "cannot-map"
  | "unreadable"
  | "made-twice"
  | "same-match"
  | "edited-twice"
  | "under-way"
  | "unlinked";

export interface ProbableCause {
  readonly code: CauseCode;
  readonly text: string;
  /** When it came about, at the latest known time before; milliseconds since 1970. */
  readonly since?: number;
}

export interface FieldDifference {
  /** Of a two-way sync: the side that should show something else. */
  readonly side?: string;
  readonly field: string;
  readonly expected?: unknown;
  readonly got?: unknown;
}

/** Records that are found by the same as one of a two-way sync: on the other side, and besides on its own. */
export interface Matches {
  readonly candidates: readonly string[];
  readonly rivals: readonly string[];
}

export interface AuditFinding {
  readonly kind: FindingKind;
  /** Of the source record; of the target's where it is `unmatched` or a `duplicate`. Of a two-way sync: of the first side's. */
  readonly key: string;
  /** Of a two-way sync, where the key is not the first side's: the name of its side. */
  readonly side?: string;
  readonly title?: string;
  readonly targetKey?: string;
  readonly matches?: Matches;
  readonly fields?: readonly FieldDifference[];
  readonly cause: ProbableCause;
  /** What a repair writes: "create", "update", "link", or the way of a removal; absent: a person has to. */
  readonly write?: string;
  /** The target record that it is to be linked to instead. */
  readonly linkTo?: string;
  readonly repair?: "marked" | "mended" | "left";
  /** Why it was left. */
  readonly left?: string;
}

export type AuditStage =
  | "source"
  | "target"
  | "sample"
  | "compare"
  | "gone"
  | "unmatched"
  | "recheck"
  | "repair"
  | "verify"
  | "sweep";

export interface AuditCounts {
  /** Records listed or read at each side. */
  readonly source: number;
  readonly target: number;
  /** Of a two-way sync: pairs of both, and conflicts that wait for a person. */
  readonly pairs?: number;
  readonly conflicts?: number;
  /** That were read again on both sides, because they looked different. */
  readonly rechecked: number;
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
  readonly inFlight: number;
  readonly unmatched: number;
  readonly duplicates: number;
  /** Looked different and were not read again, because there were too many. */
  readonly unchecked: number;
  /** Listed at each side, and not to be told apart: the connector gives no key of them. */
  readonly sourceUnreadable?: number;
  readonly targetUnreadable?: number;
  /** That the source does not show to this account: nobody can tell whether they agree. */
  readonly hidden?: number;
  /** Findings that were marked for repair, that were mended, and that were left. */
  readonly marked: number;
  readonly mended: number;
  readonly left: number;
  /** Calls that were made. */
  readonly calls: number;
}

/** Under which name a side's records that cannot be told apart are counted. */
export const UNREADABLE = { source: "sourceUnreadable", target: "targetUnreadable" } as const;

export const NO_COUNTS: AuditCounts = {
  source: 0,
  target: 0,
  rechecked: 0,
  missing: 0,
  extra: 0,
  different: 0,
  inFlight: 0,
  unmatched: 0,
  duplicates: 0,
  unchecked: 0,
  marked: 0,
  mended: 0,
  left: 0,
  calls: 0,
};

export interface AuditProgress {
  readonly stage: AuditStage;
  /** Where the stage goes on. */
  readonly at?: string;
  /** When the listing of the source began, and was complete. */
  readonly sourceFrom?: number;
  readonly sourceUntil?: number;
  /** Records that looked different. */
  readonly suspects?: number;
  /** When what was found was marked for repair. */
  readonly repairedAt?: number;
  readonly counts: AuditCounts;
}

export interface AuditResult {
  readonly verdict: "agree" | "differ" | "unknown";
  /** In a sentence or two. */
  readonly summary: string;
  readonly counts: AuditCounts;
  /** Findings by kind and cause. */
  readonly causes: Readonly<Partial<Record<FindingKind, Readonly<Partial<Record<CauseCode, number>>>>>>;
  /** Changes that webhooks and polls missed, and the earliest time of one. */
  readonly missed: { readonly changes: number; readonly since?: number };
  /** Of a sample: with 95 % confidence no larger share of the records differs. */
  readonly sample?: { readonly size: number; readonly differing: number; readonly shareMax: number };
  /** Why it failed, or what it could not look at. */
  readonly notes: readonly string[];
}
