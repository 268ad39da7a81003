// The store in the caller's own thread: all calls of one turn are performed together at its end.
import type { PerformCall, WaitingCall } from "./calls.ts";
import { answer } from "./calls.ts";
import type { GroupCommit } from "./group-commit.ts";

export interface Inline {
  readonly perform: PerformCall;
  /** Performs what still waits. */
  flush(): void;
}

/** `atEndOfTurn` runs what it is given once the code that makes calls has had its turn. */
export function inline(commit: GroupCommit, atEndOfTurn: (flush: () => void) => void): Inline {
  let waiting: WaitingCall[] = [];

  function flush(): void {
    const calls = waiting;
    waiting = [];
    if (calls.length === 0) return;
    const outcomes = commit(calls.map(({ call }) => call));
    calls.forEach((call, index) => {
      const outcome = outcomes[index];
      if (outcome !== undefined) answer(call, outcome);
    });
  }

  return {
    flush,
    perform: (call) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ call, resolve, reject }) === 1) atEndOfTurn(flush);
      }),
  };
}
