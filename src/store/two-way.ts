// What two-way syncs need of the store besides: which records find each other, and the values that lost.
import type { KnownRecord, LinkNeed } from "./store.ts";

/** The second side's record of a linked pair, as it is known. */
export interface Counterpart {
  readonly key: string;
  readonly record?: KnownRecord;
}

/** What a record is found by, and whether its counterpart is looked for now. */
export interface MatchQuery {
  readonly sync: string;
  /** The record is one of the second side. */
  readonly side?: 1;
  readonly key: string;
  /** By the sync's alternatives, in order; null: it has no such value. Empty: the record is no more. */
  readonly values: readonly (string | null)[];
  readonly find: boolean;
}

export interface MatchCandidate {
  readonly key: string;
  /** It is linked already. */
  readonly linked: boolean;
}

/** By the first of the alternatives that found anything on the other side; or else on its own. */
export interface MatchFound {
  readonly value?: string;
  /** Records of the other side with this value. */
  readonly candidates: readonly MatchCandidate[];
  /** Other records of its own side with this value. */
  readonly rivals: readonly string[];
}

/** A value that lost, or two that wait for a person. */
export interface KeptConflict {
  /** The field of each side; both empty: the whole record. */
  readonly fields: readonly [string, string];
  /** Each as its own side had it, as JSON; null: empty. */
  readonly values: readonly [string | null, string | null];
  readonly base?: readonly [string | null, string | null];
  readonly rule: string;
  /** Whose value was taken; absent: a person decides. */
  readonly winner?: 0 | 1 | "both";
}

export interface ConflictRow extends KeptConflict {
  readonly id: number;
  readonly sync: string;
  /** The first side's record, or the second side's where there is no first. */
  readonly key: string;
  readonly side?: 1;
  readonly title?: string;
  readonly otherKey?: string;
  readonly at: number;
  /** A person put a value back. */
  readonly putBackAt?: number;
  /** It waited for a person, and was settled without: the systems agree again, or it is about newer values now. */
  readonly settledAt?: number;
}

export interface ConflictFilter {
  readonly id?: number;
  readonly sync?: string;
  readonly key?: string;
  /** Only those that wait for a person. */
  readonly open?: boolean;
  readonly limit?: number;
}

export interface TwoWayStore {
  /** Keeps what each record is found by, and says whom it finds; records parked over a value that is gone are noted again. */
  match(queries: readonly MatchQuery[], at: number): Promise<readonly MatchFound[]>;
  /** Is there a record of this side that is pending and was never looked at, so that nobody knows yet whom it matches? */
  hasUnmatched(sync: string, side: 0 | 1): Promise<boolean>;
  conflicts(filter: ConflictFilter): Promise<readonly ConflictRow[]>;
  /** What is to be written into a pair's records as an edit by a person, by side and field; it is noted at once. */
  putBack(
    conflict: number,
    edits: readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>],
    at: number,
  ): Promise<LinkNeed>;
}

/** Linked or noted meanwhile, perhaps just made by a write that is under way, one deletion too many, or back from it: nothing was armed. */
export class NotArmed extends Error {
  override readonly name = "NotArmed";
  readonly why: "linked" | "noted" | "echo" | "deletions" | "back";

  constructor(why: NotArmed["why"], message: string) {
    super(message);
    this.why = why;
  }
}
