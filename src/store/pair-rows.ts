// The records of a two-way sync with all that is known of them, as a backtest needs them: linked pairs as one, and those that are
// alone.
import type { Counterpart } from "./two-way.ts";
import type { SyncRow, SyncRowQuery } from "./records.ts";

export interface PairRow extends SyncRow {
  /** It is a record of the second side that nobody is linked to. */
  readonly side?: 1;
  /** The second side's record of a pair. */
  readonly other?: Counterpart;
}

export interface PairRowQuery extends SyncRowQuery {
  /** 0: pairs, and records of the first side; 1: records of the second side that are alone. */
  readonly side: 0 | 1;
}
