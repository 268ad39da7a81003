// Stops calling a provider that is down, and finds out with one call at a time whether it is back. Opening it fails no
// work: calls are told when to come back, and spend nothing.

export type BreakerState =
  | { readonly kind: "closed"; readonly slots: readonly Slot[] }
  | { readonly kind: "open"; readonly until: number; readonly times: number }
  /** One call is out to see; the others wait. */
  | { readonly kind: "half-open"; readonly times: number };

/** Calls that ended in one stretch of time. */
interface Slot {
  readonly from: number;
  readonly calls: number;
  readonly failures: number;
}

export interface BreakerLimits {
  readonly windowMs: number;
  /** Fewer calls than this in the window prove nothing. */
  readonly callsMin: number;
  /** The share of failures that opens it. */
  readonly failureShare: number;
  /** How long it is open the first time; doubled each further time, up to the most. */
  readonly openMs: number;
  readonly openMsMax: number;
}

/** Open for a minute at the most: whoever is well again is found within two, however long it was down. */
export const BREAKER_LIMITS: BreakerLimits = {
  windowMs: 60_000,
  callsMin: 20,
  failureShare: 0.5,
  openMs: 15_000,
  openMsMax: 60_000,
};

const SLOTS = 6;
/** How soon to ask again while the call that was sent to see is out. */
const PROBE_ASK_MS = 1_000;

export const BREAKER_CLOSED: BreakerState = { kind: "closed", slots: [] };

export type Admission =
  | { readonly admitted: "yes" | "probe"; readonly state: BreakerState }
  | { readonly admitted: "no"; readonly until: number; readonly state: BreakerState };

/** May a call go? `probe`: it goes to see, and its end decides. */
export function admit(state: BreakerState, now: number): Admission {
  if (state.kind === "closed") return { admitted: "yes", state };
  const until = holdsUntil(state, now);
  if (until !== undefined) return { admitted: "no", until, state };
  return { admitted: "probe", state: { kind: "half-open", times: state.times } };
}

/** Until when it holds calls back; undefined: it does not. */
export function holdsUntil(state: BreakerState, now: number): number | undefined {
  if (state.kind === "half-open") return now + PROBE_ASK_MS;
  if (state.kind === "closed" || now >= state.until) return undefined;
  // Nothing is open for so long: the clock was set back.
  return state.until - now > BREAKER_LIMITS.openMsMax ? undefined : state.until;
}

/** What the end of a call makes of it. `nothing`: the call was never sent, and tells nothing. */
export function ended(
  state: BreakerState,
  call: { readonly probe: boolean; readonly ended: "answered" | "failed" | "nothing" },
  now: number,
  limits: BreakerLimits = BREAKER_LIMITS,
): BreakerState {
  if (call.probe && state.kind === "half-open") {
    if (call.ended === "answered") return BREAKER_CLOSED;
    if (call.ended === "nothing") return { kind: "open", until: now, times: state.times };
    return open(state.times + 1, now, limits);
  }
  // Calls that were under way when it opened tell nothing new.
  if (state.kind !== "closed" || call.ended === "nothing") return state;
  const slots = counted(state.slots, call.ended === "failed", now, limits);
  let calls = 0;
  let failures = 0;
  for (const slot of slots) {
    calls += slot.calls;
    failures += slot.failures;
  }
  if (calls >= limits.callsMin && failures >= calls * limits.failureShare) return open(1, now, limits);
  return { kind: "closed", slots };
}

function open(times: number, now: number, limits: BreakerLimits): BreakerState {
  const openMs = Math.min(limits.openMsMax, limits.openMs * 2 ** Math.min(times - 1, 30));
  return { kind: "open", until: now + openMs, times };
}

function counted(slots: readonly Slot[], failed: boolean, now: number, limits: BreakerLimits): readonly Slot[] {
  const last = slots.at(-1);
  const failures = failed ? 1 : 0;
  if (last !== undefined && now >= last.from && now - last.from < limits.windowMs / SLOTS) {
    return slots.with(slots.length - 1, { from: last.from, calls: last.calls + 1, failures: last.failures + failures });
  }
  // A slot from later than now is of a clock that was set back.
  const recent = slots.filter(({ from }) => from <= now && from > now - limits.windowMs);
  return [...recent, { from: now, calls: 1, failures }];
}
