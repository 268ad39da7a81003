// What becomes of a claim whose pair needs no call (pure).
import type { Claim } from "../store/store.ts";
import type { Fate } from "./after-call.ts";
import type { PairStep } from "./pair-step.ts";

/** How soon a record that cannot be linked or created yet is looked at again, in milliseconds. */
export const SOON_MS = 1_000;
/** Waits grow no longer than this many times the first. */
export const WAITS_MAX = 12;

export function fateOfStep(claim: Claim, step: Exclude<PairStep, { do: "write" }>, now: number): Fate {
  const { attempts, waits } = claim;
  switch (step.do) {
    case "nothing": {
      const link = step.link === undefined ? {} : { link: step.link };
      const corrected = step.corrected === undefined ? {} : { corrected: "", again: true as const };
      const again = step.apart === undefined && step.more === undefined ? {} : { again: true as const };
      return { to: "cleared", why: step.why, ...link, ...corrected, ...again };
    }
    case "move":
      return { to: "moved", of: step.side, into: step.into, until: now + SOON_MS, orPark: step.orPark };
    case "link":
      return { to: "linked", other: step.other, until: now + SOON_MS };
    case "wait": {
      const until = now + step.forMs * Math.min(1 + waits, WAITS_MAX);
      return { to: "waiting", until, reason: step.reason, attempts, waits: waits + 1 };
    }
    case "match":
      throw new Error(`${claim.key} of sync ${claim.sync} was to be matched, and was not`);
    case "park": {
      const { cause, reason, todo, detail } = step;
      return { to: "parked", cause, reason, todo, ...(detail === undefined ? {} : { detail }) };
    }
  }
}
