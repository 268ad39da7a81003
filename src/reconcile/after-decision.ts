// What becomes of a record for which nothing is to be sent (pure): cleared, waiting for another's link, or parked.
import type { Claim } from "../store/store.ts";
import type { Fate } from "./after-call.ts";
import type { Decision } from "./decide.ts";

/** How long a record waits for another's link before a person is asked, in milliseconds. */
const LINK_WAIT_MAX_MS = 24 * 3_600_000;
/** How often a record that waits for a link looks again by itself, in milliseconds. */
const LINK_LOOK_AGAIN_MS = 60_000;

export function afterDecision(claim: Claim, decision: Decision, now: number): Fate {
  switch (decision.do) {
    case "nothing":
      return { to: "cleared", why: decision.why, ...(decision.link === undefined ? {} : { link: decision.link }) };
    case "wait": {
      if (now - (claim.waitingSince ?? now) > LINK_WAIT_MAX_MS) {
        return {
          to: "parked",
          cause: "link",
          reason: `${decision.on.key} of sync ${decision.on.sync}, which it refers to, was not linked within a day`,
          todo: `See why with \`bowline record ${decision.on.key}\`; when that record agrees, this one goes on by itself.`,
        };
      }
      const reason = `waits for ${decision.on.key} of sync ${decision.on.sync}, which it refers to`;
      return {
        to: "waiting",
        until: now + LINK_LOOK_AGAIN_MS,
        reason,
        attempts: claim.attempts,
        waits: claim.waits + 1,
        on: decision.on,
      };
    }
    case "park":
      return {
        to: "parked",
        cause: decision.cause,
        reason: decision.reason,
        todo: decision.todo,
        ...(decision.detail === undefined ? {} : { detail: decision.detail }),
      };
    case "look":
      throw new Error(`decided to look at ${claim.key} of sync ${claim.sync} again right after it was read`);
    default:
      throw new Error(`${decision.do} is sent, not settled`);
  }
}
