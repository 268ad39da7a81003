// Turns that claims owe to less urgent rows, for which more urgent ones left no room: under edits that never end they would wait for ever.
import { TURNS_KEPT } from "../store.ts";
import { LEAST_URGENT, priorityOf } from "./priority.ts";

export interface KeptTurns {
  /** How many of `limit` rows are to be of this priority, which would get none. */
  owed(sync: number, priority: number, limit: number): number;
  /** Infinity: there were no more. */
  took(sync: number, priority: number, rows: number): void;
}

export function keptTurns(): KeptTurns {
  const owing = new Map<number, number>();
  const idOf = (sync: number, priority: number): number => sync * (LEAST_URGENT + 1) + priority;
  return {
    owed(sync, priority, limit) {
      const id = idOf(sync, priority);
      const owed = Math.min(limit, (owing.get(id) ?? 0) + limit * TURNS_KEPT[priorityOf(priority)]);
      owing.set(id, owed);
      return Math.floor(owed);
    },
    took(sync, priority, rows) {
      const id = idOf(sync, priority);
      owing.set(id, Math.max(0, (owing.get(id) ?? 0) - rows));
    },
  };
}
