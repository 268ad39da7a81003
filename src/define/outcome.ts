// How an API call ended, in the only words the engine decides on.

/**
 * - `done`: the provider did it.
 * - `missing`: the record is not there.
 * - `invalid`: the provider will never take this content as it is; a person must look.
 * - `conflict`: somebody else changed or made it first; read again and decide anew.
 * - `denied`: these credentials may not do this.
 * - `reauthorize`: the credentials no longer work; the connection pauses and holds its work.
 * - `throttled`: too many calls; nothing was executed.
 * - `unavailable`: the provider cannot just now; nothing was executed.
 * - `unknown`: it may or may not have been executed; look it up before anything is repeated.
 */
export type OutcomeKind =
  | "done"
  | "missing"
  | "invalid"
  | "conflict"
  | "denied"
  | "reauthorize"
  | "throttled"
  | "unavailable"
  | "unknown";

export interface Outcome {
  readonly kind: OutcomeKind;
  /** What the provider said, for people: short, without secrets. */
  readonly reason?: string;
  /** The provider's own code, such as QuickBooks' "6240". */
  readonly code?: string;
  /** How long the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The call was never sent, because of a limit, the breaker or a pause: it spends no attempt. */
  readonly held?: true;
}

/** Thrown by an {@link Api} when a call did not end `done`; connectors let it pass, the engine decides on it. */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly outcome: Outcome;

  constructor(outcome: Outcome, message: string, options?: ErrorOptions) {
    super(message, options);
    // The engine lengthens what it was asked for, so that not all come back at once.
    this.outcome = withinReason(outcome, 2 * WAIT_MS_MAX);
  }
}

/** The longest wait that is kept, whoever asks for it. */
export const WAIT_MS_MAX = 24 * 60 * 60 * 1000;

/** A connector may misread how long it is to wait: what is no number is no wish, and none is longer than all may be. */
export function withinReason(outcome: Outcome, mostMs = WAIT_MS_MAX): Outcome {
  const { retryAfterMs, ...rest } = outcome;
  if (retryAfterMs === undefined || (retryAfterMs >= 0 && retryAfterMs <= mostMs)) return outcome;
  if (!Number.isFinite(retryAfterMs)) return rest;
  return { ...rest, retryAfterMs: Math.min(Math.max(0, retryAfterMs), mostMs) };
}
