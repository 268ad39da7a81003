// What becomes of a record after its call did not end `done` (pure): wait, ask for its outcome, or stop for a person.
import type { Outcome } from "../define/outcome.ts";
import { backoffMs } from "../call/backoff.ts";
import type { Claim, ParkCause, PendingWrite, Settlement } from "../store/store.ts";

/** Tries of one write before a person is asked: with the longest pauses, more than three days. */
export const ATTEMPTS_MAX = 300;
/** Conflicts in a row before a person is asked. */
const CONFLICTS_MAX = 8;
/** How soon a held record is looked at again when nobody says when, in milliseconds. */
const HELD_MS = 1_000;

type Unaddressed<S> = S extends Settlement
  ? Omit<S, "sync" | "key" | "side" | "seq" | "at" | "requests" | "seen" | "conflicts">
  : never;
export type Fate = Unaddressed<Settlement>;

export interface Failed {
  readonly outcome: Outcome;
  readonly claim: Claim;
  /** The write that was sent; absent when only something was read. */
  readonly write?: PendingWrite;
  /** Before it was sent it was looked up and not found. */
  readonly wasAbsent?: boolean;
  readonly now: number;
  /** From 0 to 1. */
  readonly random: number;
}

const TODO: Partial<Record<Outcome["kind"], string>> = {
  invalid: "Mend the record at its source, or correct the field with `bowline parked edit`; then retry.",
  denied: "Give the connection the permission that is named, then retry everything with this cause.",
  missing: "Its counterpart is gone: restore it there, or discard this row.",
  conflict: "Find what it collides with: link them with `bowline parked link`, or rename one; then retry.",
};

export function afterCall(failed: Failed): Fate {
  const fate = afterOneCall(failed);
  const earlier = earlierSend(failed);
  return tellOfWrite(earlier === undefined ? fate : stillUnknown(fate, earlier));
}

/** Whoever discards a row forgets what was sent for it: that has to be known before. */
export function tellOfWrite(fate: Fate): Fate {
  if (fate.to !== "parked" || fate.write?.action !== "create") return fate;
  const todo = `${fate.todo} An earlier try may have made it: if it is there already, link it with \`bowline parked link\` instead of discarding this row.`;
  return { ...fate, todo };
}

/**
 * The write as it was before this repetition of it, when the repetition was certainly not executed, and not because of
 * what it says either: that tells nothing of the earlier send, which may have been.
 */
function earlierSend({ outcome, write, wasAbsent = false }: Failed): PendingWrite | undefined {
  if (write === undefined || write.sends < 2) return undefined;
  const isOutrun = write.action !== "create" && MADE_SO_BY_EARLIER.has(outcome.kind);
  if (!isOutrun && !REFUSED_UNREAD.has(outcome.kind)) return undefined;
  return { ...write, sends: write.sends - 1, ...(wasAbsent ? { absent: true } : {}) };
}

/** What an earlier send that landed may have made of the repetition: outdated, or void already. */
const MADE_SO_BY_EARLIER: ReadonlySet<Outcome["kind"]> = new Set(["conflict", "invalid"]);

const REFUSED_UNREAD: ReadonlySet<Outcome["kind"]> = new Set(["throttled", "reauthorize", "unavailable", "denied"]);

/** Forgetting the write here would decide it anew under another id, and do it twice. */
function stillUnknown(fate: Fate, write: PendingWrite): Fate {
  if (fate.to === "parked") {
    // Whoever sends it again later may have made it by hand meanwhile.
    const { absent: _absent, ...unsure } = write;
    return { ...fate, write: unsure };
  }
  if (fate.to !== "waiting") return fate;
  const { until, reason, attempts } = fate;
  return { to: "unknown", until, reason, attempts, write };
}

function afterOneCall({ outcome, claim, write, now, random }: Failed): Fate {
  const reason = outcome.reason ?? outcome.kind;
  switch (outcome.kind) {
    case "throttled":
    case "reauthorize":
      return waiting(now + (outcome.retryAfterMs ?? HELD_MS), reason, claim.attempts, claim.waits + 1);
    case "unavailable":
      if (outcome.held)
        return waiting(now + (outcome.retryAfterMs ?? HELD_MS), reason, claim.attempts, claim.waits + 1);
      return again({ outcome, claim, now, random }, reason);
    case "unknown":
      if (write === undefined) return again({ outcome, claim, now, random }, reason);
      if (claim.attempts + 1 >= ATTEMPTS_MAX) return { ...parked("unknown-outcome", reason, outcome), write };
      return {
        to: "unknown",
        until: now + backoffMs(claim.attempts, random),
        reason,
        write,
        attempts: claim.attempts + 1,
      };
    case "conflict":
      if (claim.attempts + 1 >= CONFLICTS_MAX) return parked("conflict", reason, outcome);
      return waiting(now + backoffMs(Math.min(claim.attempts, 4), random), reason, claim.attempts + 1, claim.waits);
    case "missing":
    case "invalid":
    case "denied":
      return parked(outcome.kind, reason, outcome);
    case "done":
      throw new Error("afterCall is for calls that failed: expected another outcome than `done`");
  }
}

function again({ outcome, claim, now, random }: Omit<Failed, "write">, reason: string): Fate {
  if (claim.attempts + 1 >= ATTEMPTS_MAX) return parked("attempts", `${claim.attempts + 1} tries: ${reason}`, outcome);
  const until = now + Math.max(outcome.retryAfterMs ?? 0, backoffMs(claim.attempts, random));
  return waiting(until, reason, claim.attempts + 1, claim.waits);
}

function waiting(until: number, reason: string, attempts: number, waits: number): Fate {
  return { to: "waiting", until, reason, attempts, waits };
}

function parked(cause: ParkCause, reason: string, outcome: Outcome): Extract<Fate, { to: "parked" }> {
  const todo = TODO[outcome.kind] ?? "See the provider's answer in the record's story, then retry or discard.";
  return { to: "parked", cause, reason, todo, detail: { outcome: outcome.kind, code: outcome.code } };
}
