// What every kind of limit can do, whatever it counts.
import type { LimitReading } from "../define/connector.ts";

/** How a call ended, as far as limits care: `lost`: the provider could not, or nobody knows; `nothing`: it was never sent. */
export type CallEnd = "answered" | "lost" | "nothing";

/** One limit as it stands. */
export interface LimitState {
  /** When a call may go; not after `now`: now; Infinity: when another call ends. */
  readyAt(now: number, cost: number): number;
  take(now: number, cost: number): void;
  /** A call that left at `leftAt` is over; the reading is what its answer said, if it said anything. */
  give(now: number, cost: number, leftAt: number, end: CallEnd, reading: LimitReading | undefined): void;
  left(now: number): LimitLeft;
  /** How many calls may leave within so long, roughly; Infinity: it counts none of them. */
  callsWithin(now: number, durationMs: number): number;
}

/** What is left of a limit, for people. */
export interface LimitLeft {
  /** What more would go now. */
  readonly available: number;
  readonly size: number;
  /** When it is whole again, if nothing more is used: in milliseconds since 1970. Absent: now, or when calls end. */
  readonly wholeAt?: number;
}
