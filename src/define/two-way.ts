// A two-way sync as a plain value: two sides named after their systems, the pairs of fields that agree, and who wins when both
// were edited.
import type { ConnectedResource } from "./connection.ts";

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
  /** Only this side's edits go across; the other's are put back. */
  readonly from?: Side;
  readonly rule: ConflictRule;
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
