// May the calls of a connection go out at all? Not while it is given up or paused, and not while its provider fails most of
// them. Whoever is held back is told why and until when, and spends nothing.
import type { Outcome } from "../define/outcome.ts";
import type { ConnectionState } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import { admit, BREAKER_CLOSED, ended, holdsUntil, type BreakerState } from "./breaker.ts";
import type { Held } from "./limiter.ts";

/** How soon to look again whether a connection that is not active is. */
const INACTIVE_MS = 60_000;

export const NO_ROOM = "the provider's limits leave no room for the call just now";

/** `probe`: the call goes to see whether the provider is back. */
export type Gated = "open" | "probe" | Outcome;

export class Gate {
  readonly #clock: Clock;
  #breaker: BreakerState = BREAKER_CLOSED;
  #state: ConnectionState = { state: "active" };
  #held = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many calls were not sent, since the start. */
  get held(): number {
    return this.#held;
  }

  get breaker(): BreakerState["kind"] {
    return this.#breaker.kind;
  }

  get isActive(): boolean {
    return this.#state.state === "active";
  }

  /** When calls may go out again; undefined: now. While the connection is not active: when to look again. */
  heldUntil(pausedUntil: number): number | undefined {
    const now = this.#clock.now();
    if (this.#state.state !== "active") return now + INACTIVE_MS;
    const until = Math.max(pausedUntil, holdsUntil(this.#breaker, now) ?? 0);
    return until > now ? until : undefined;
  }

  setState(state: ConnectionState): void {
    this.#state = state;
  }

  /** False when it was not active any more. */
  giveUp(reason: string): boolean {
    if (this.#state.state !== "active") return false;
    this.#state = { state: "reauthorize", reason, since: this.#clock.now() };
    return true;
  }

  enter(): Gated {
    if (this.#state.state !== "active") return this.#inactive(this.#state.reason);
    const now = this.#clock.now();
    const admission = admit(this.#breaker, now);
    this.#breaker = admission.state;
    if (admission.admitted === "no") return this.#failing(admission.until - now);
    return admission.admitted === "probe" ? "probe" : "open";
  }

  /** Whoever stood in line may find the connection given up or the breaker open meanwhile. */
  stillOpen(): "open" | Outcome {
    if (this.#state.state !== "active") return this.#inactive(this.#state.reason);
    const now = this.#clock.now();
    const until = this.#breaker.kind === "open" ? holdsUntil(this.#breaker, now) : undefined;
    return until === undefined ? "open" : this.#failing(until - now);
  }

  /** Whoever entered ended. */
  leave(probe: boolean, how: "answered" | "failed" | "nothing"): void {
    this.#breaker = ended(this.#breaker, { probe, ended: how }, this.#clock.now());
  }

  /** The limits leave no room for a call. */
  noRoom({ until }: Held): Outcome {
    const waitMs = Math.max(1, Math.ceil(until - this.#clock.now()));
    return this.hold({ kind: "throttled", held: true, retryAfterMs: waitMs, reason: NO_ROOM });
  }

  /** Counts a call that is not sent. */
  hold(outcome: Outcome): Outcome {
    this.#held += 1;
    return outcome;
  }

  #inactive(why: string): Outcome {
    const reason = `the connection is held: ${why}`;
    return this.hold({ kind: "reauthorize", held: true, retryAfterMs: INACTIVE_MS, reason });
  }

  #failing(waitMs: number): Outcome {
    const reason = "the provider was failing most calls: waiting until it is asked again";
    return this.hold({ kind: "unavailable", held: true, retryAfterMs: Math.max(1, waitMs), reason });
  }
}
