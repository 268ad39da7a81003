// A two-way sync as a plain value: two sides named after their systems, how their records find each other, the pairs of fields
// that agree, and who wins when both were edited.
import type { ConnectedResource } from "./connection.ts";
import type { MatchAs } from "./match-as.ts";
import type { Owner } from "./sync.ts";

/** The first or the second side, in the order of `between`. */
export type Side = 0 | 1;

export const otherSide = (side: Side): Side => (side === 0 ? 1 : 0);

/** What decides when both sides were edited and differ. */
export type ConflictRule =
  /** This side's value is taken. */
  | { readonly kind: "side"; readonly side: Side }
  /** This side's value is taken unless it is empty. */
  | { readonly kind: "unless-empty"; readonly side: Side }
  /** The later edit, where both sides' clocks are the same one or a version proves it; otherwise as `otherwise` says. */
  | { readonly kind: "newest"; readonly otherwise: Exclude<ConflictRule, { readonly kind: "newest" }> }
  | { readonly kind: "greatest" }
  | { readonly kind: "least" }
  /** Of two lists: what is in either, less what one side took out since they last agreed. */
  | { readonly kind: "union" }
  /** A person decides. */
  | { readonly kind: "park" };

/** One field of each side that agree. */
export interface FieldPair {
  /** The writable field of each side. */
  readonly fields: readonly [string, string];
  /** `across[0]` makes the second side's value of the first side's; `across[1]` the other way. Absent: they are alike. */
  readonly across?: readonly [(value: unknown) => unknown, (value: unknown) => unknown];
  /** Values that this makes equal of count as equal, such as two spellings of one e-mail address. */
  readonly as?: MatchAs;
  /** Only this side's edits go across; the other's are put back. */
  readonly from?: Side;
  readonly rule: ConflictRule;
  /** The converter, for people and for the check that it round-trips. */
  readonly converter?: {
    readonly rule: string;
    /** The side whose values it takes `there`. */
    readonly side: Side;
    /** Values of that side that have to come back. */
    readonly examples: readonly unknown[];
  };
}

/** One way in which an unlinked record finds its counterpart; several are tried in order. */
export interface MatchRule {
  /** What of each side's record is compared. People's own code: may throw. */
  readonly read: readonly [(record: unknown) => unknown, (record: unknown) => unknown];
  readonly as: MatchAs;
}

export interface SyncSide {
  /** As people named it: "crm". */
  readonly name: string;
  readonly resource: ConnectedResource;
  /** Is this record for the sync at all? People's own code: may throw. */
  readonly only?: (record: unknown) => boolean;
  /** Is a record of the other side that has no counterpart here created here? */
  readonly creates: boolean;
  /** What becomes of the other side's record when this side's is deleted: a removal of the other side, "unlink" or "park". */
  readonly onDelete: string;
}

export interface TwoWaySync {
  readonly kind: "two-way-sync";
  /** Unique in the project: the name in SQL, logs and on the web page. */
  readonly name: string;
  readonly purpose: string;
  readonly owner?: Owner;
  readonly sides: readonly [SyncSide, SyncSide];
  /** How many sides were named: the check of the project refuses any number but two. */
  readonly sideNames: readonly string[];
  readonly match: readonly MatchRule[];
  readonly pairs: readonly FieldPair[];
  /** How old a change may grow before the sync is behind, in milliseconds. */
  readonly freshWithinMs: number;
  /** How often both sides are asked for changes, in milliseconds. */
  readonly pollEveryMs: number;
  /** How often both sides are listed in full, in milliseconds. */
  readonly everythingEveryMs: number;
  /** Deletions of more than this share of the links wait for a person. */
  readonly deletedShareMax: number;
  /** More writes than this to one link in this time: a loop, and parked. */
  readonly writesMax: WritesMax;
  /** How often both sides are compared in full by itself, and how many differences it mends unasked; absent: only when asked. */
  readonly audit?: { readonly everyMs: number; readonly repairUpTo: number };
  /** What was written and makes no sense: the check of the project tells it, by its place. */
  readonly faults: readonly { readonly place: string; readonly message: string }[];
}

export interface WritesMax {
  readonly count: number;
  readonly withinMs: number;
}
