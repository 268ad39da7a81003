// Who was told to come back when a limit has room again is not in line when it has. Without this the line, which is there, would take it
// all: of two syncs that share a limit a backfill would go before a live edit, for as many windows as it takes.
import type { Priority } from "../store/store.ts";
import type { NamedLimit } from "./limit.ts";
import { PRIORITIES } from "./waiting-line.ts";

/** So long whoever is less urgent leaves a limit to who comes back to it: time enough to be claimed, decided and sent. */
const RETURN_MS = 1_000;

type State = NamedLimit["state"];

export interface TurnedAway {
  /** They come back to these limits then. */
  until(limits: readonly NamedLimit[], at: number, priority: Priority): void;
  /** When a call of this priority may go, which the limit itself would let go at `ready`. */
  after(state: State, ready: number, priority: Priority): number;
}

export function createTurnedAway(): TurnedAway {
  /** The most urgent of them. */
  const back = new WeakMap<State, { readonly at: number; readonly urgency: number }>();
  return {
    until(limits, at, priority) {
      const urgency = PRIORITIES.indexOf(priority);
      for (const { state } of limits) {
        const known = back.get(state);
        const isOver = known === undefined || known.at + RETURN_MS <= at;
        if (isOver || urgency <= known.urgency) back.set(state, { at, urgency });
      }
    },
    after(state, ready, priority) {
      const known = back.get(state);
      if (known === undefined || PRIORITIES.indexOf(priority) <= known.urgency) return ready;
      return ready >= known.at && ready < known.at + RETURN_MS ? known.at + RETURN_MS : ready;
    },
  };
}
