// How long to wait before trying again by oneself: longer each time, up to a limit, and anywhere between nothing and that
// (full jitter), so that many who failed at the same moment do not come back at the same moment.
export interface BackoffLimits {
  /** The longest first wait, in milliseconds. Default 1,000. */
  readonly baseMs?: number;
  /** The longest wait of all, in milliseconds. Default 15 minutes. */
  readonly capMs?: number;
}

/** `attempt` counts from 0; `random` is from 0 (included) to 1 (excluded). */
export function backoffMs(
  attempt: number,
  random: number,
  { baseMs = 1_000, capMs = 900_000 }: BackoffLimits = {},
): number {
  return Math.floor(random * Math.min(capMs, baseMs * 2 ** Math.min(Math.max(0, attempt), 52)));
}
