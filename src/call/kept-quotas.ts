// Quotas that last for a day outlast a start of Bowline: what was spent of them is written down now and then, with what may
// be spent until it is written again, so that a crash forgets nothing and only thinks a little too much was used.
import type { Spent, Store } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import type { LimitState } from "./limit-state.ts";
import type { WindowLimit } from "./window-limit.ts";

export interface KeptQuotas {
  /** Puts back what was spent of this limit, and keeps what will be. `owner`: a connection, or an app. */
  follow(owner: string, limit: string, state: WindowLimit): LimitState;
  /** Writes down exactly what was spent. */
  close(): Promise<void>;
}

export interface KeptQuotasOptions {
  readonly store: Pick<Store, "spent" | "keepSpent">;
  readonly clock: Clock;
  /** It could not be written down: it is tried again with the next call. */
  readonly onFailure?: (error: unknown) => void;
}

/** What was spent is written down this long after a call at the latest, in milliseconds. */
const WRITE_MS = 5_000;
/** At least so much more than was spent is written down. */
const AHEAD_MIN = 10;

interface Followed {
  readonly owner: string;
  readonly limit: string;
  readonly state: WindowLimit;
  /** As of the last writing: what was spent, and what was written. */
  spent: number;
  written: number;
  dirty: boolean;
}

export async function openKeptQuotas({ store, clock, onFailure = () => {} }: KeptQuotasOptions): Promise<KeptQuotas> {
  const kept = new Map((await store.spent()).map((row) => [idOf(row.owner, row.limit), row.pieces]));
  const all = new Map<string, Followed>();
  let stopTimer: (() => void) | undefined;
  let writing: Promise<void> | undefined;

  function took(one: Followed): void {
    one.dirty = true;
    if (one.state.used > one.written) write();
    else stopTimer ??= clock.timer(WRITE_MS, write);
  }

  function write(): void {
    // What is taken meanwhile is dirty again, and is written after this.
    if (writing !== undefined) return;
    stopTimer?.();
    stopTimer = undefined;
    const dirty = [...all.values()].filter((one) => one.dirty);
    if (dirty.length === 0) return;
    const rows = dirty.map((one) => rowOf(one, clock.now()));
    writing = store
      .keepSpent(rows)
      .catch((error: unknown) => {
        for (const one of dirty) one.dirty = true;
        onFailure(error);
      })
      .finally(() => {
        writing = undefined;
      });
  }

  return {
    follow(owner, limit, state) {
      const id = idOf(owner, limit);
      // What is later than now was written before the clock was set back.
      const now = clock.now();
      state.restore((kept.get(id) ?? []).map(([at, amount]) => [Math.min(at, now), amount]));
      const one: Followed = { owner, limit, state, spent: state.used, written: 0, dirty: false };
      all.set(id, one);
      return {
        ...state,
        take(now, cost) {
          state.take(now, cost);
          took(one);
        },
      };
    },
    async close() {
      stopTimer?.();
      await writing;
      const rows = [...all.values()].map(({ owner, limit, state }) => ({ owner, limit, pieces: state.pieces() }));
      if (rows.length > 0) await store.keepSpent(rows);
    },
  };
}

/** With as much again as was spent since the last writing, and some more. */
function rowOf(one: Followed, now: number): Spent {
  const { owner, limit, state } = one;
  const ahead = Math.max(AHEAD_MIN, 2 * (state.used - one.spent));
  one.spent = state.used;
  one.written = state.used + ahead;
  one.dirty = false;
  return { owner, limit, pieces: [...state.pieces(), [now, ahead]] };
}

const idOf = (owner: string, limit: string): string => `${owner}\n${limit}`;
