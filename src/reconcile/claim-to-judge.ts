// What a decision asks of a claim besides its records, where nothing is claimed: an audit or a backtest only looks what would be done.
import type { Claim } from "../store/store.ts";

export const CLAIM_TO_JUDGE = {
  seq: 0,
  state: "ready",
  priority: "backfill",
  notedAt: 0,
  attempts: 0,
  waits: 0,
} as const satisfies Partial<Claim>;
