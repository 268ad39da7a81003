// When what was spent from a limit is free again, for each way in which providers cut time. A call is in doubt near the edge
// of a window, as their clock is not ours: it then counts on both sides. What has a full window's age is free in any case,
// wherever the windows begin.
import type { Windows } from "../define/connector.ts";
import type { Travel } from "./travel.ts";

export interface Release {
  /** When what the provider counted at the latest at `at` is free again. Later for a later `at`. */
  releaseAt(at: number): number;
  /** A call leaves; `isFirst`: nothing else is remembered. */
  took?(now: number, isFirst: boolean): void;
  /** The call that left then is answered. */
  answered?(leftAt: number, now: number): void;
  /** The clock was set back. */
  setBack?(backMs: number): void;
}

/** How far a provider's clock may be from ours. */
const SKEW_MS_MAX = 5_500;

/** Both ends of a window may count. */
const EDGE_MS = 1;

export function sliding(perMs: number, travel: Travel): Release {
  return {
    // Who leaves now comes in later than now, and what was answered came in earlier than its answer: together these make up
    // for at least the time of the fastest way there and back.
    releaseAt: (at) => Math.ceil(at + perMs + EDGE_MS - travel.floorMs),
  };
}

/** `edgeFrom`: the first edge of a window at or after a time. */
export function onClock(perMs: number, travel: Travel, edgeFrom: (at: number) => number): Release {
  const anyWindow = sliding(perMs, travel);
  return {
    ...anyWindow,
    releaseAt(at) {
      const aged = anyWindow.releaseAt(at);
      return Math.min(aged, edgeFrom(at + SKEW_MS_MAX) + SKEW_MS_MAX);
    },
  };
}

function sinceFirstCall(perMs: number, travel: Travel): Release {
  const anyWindow = sliding(perMs, travel);
  /** The window that is open at the provider began between these two times; undefined: nobody knows. */
  let window: { readonly from: number; to: number } | undefined;
  /** A call may have come in just before or just after the window's end: when the next one began is not known. */
  let inDoubt = false;
  return {
    releaseAt(at) {
      const aged = anyWindow.releaseAt(at);
      if (window === undefined || inDoubt || at >= window.from + perMs) return aged;
      return Math.min(aged, window.to + perMs + EDGE_MS);
    },
    took(now, isFirst) {
      if (isFirst || (window !== undefined && !inDoubt && now > window.to + perMs)) {
        window = { from: now, to: now + travel.lateMs };
        inDoubt = false;
      } else if (window !== undefined && now + travel.lateMs >= window.from + perMs) inDoubt = true;
    },
    answered(leftAt, now) {
      if (window?.from === leftAt) window.to = Math.min(window.to, now);
    },
    setBack(backMs) {
      if (window !== undefined) window = { from: window.from - backMs, to: window.to - backMs };
    },
  };
}

export function releaseOf(windows: Windows, perMs: number, travel: Travel): Release {
  if (windows === "first-call") return sinceFirstCall(perMs, travel);
  if (windows === "clock") return onClock(perMs, travel, (at) => Math.ceil(at / perMs) * perMs);
  return sliding(perMs, travel);
}
