// After a start: what was being sent when the process ended may have been received, or not. And whenever our clock was set back: what
// waits for longer than anything does was told so while it was ahead.
import type { Batch } from "./batch.ts";
import type { Held } from "./held.ts";
import type { Names } from "./names.ts";
import { LEAST_URGENT, MOST_URGENT } from "./priority.ts";
import type { DatabaseSync } from "node:sqlite";

/** No call waits for longer than two days; one that does, for a quota of a month, is only held once more. */
const WAIT_MS_MAX = 2 * 86_400_000;

export type Recover = (batch: Batch, at: number) => number;
/** Shortens so many waits at most; says of each row which sync's it is. */
export type ShortenWaits = (at: number, limit: number) => readonly string[];

export function prepareRecover(database: DatabaseSync, held: Held): Recover {
  const recover = database.prepare(`
    UPDATE pending SET state = 'unknown', until = ?2, reason = 'the process ended while it was being sent' WHERE id = ?1`);
  return (batch, at) => {
    const sending = held.sending();
    for (const row of sending) {
      recover.run(row.id, at);
      held.giveBack(batch, row);
    }
    if (sending.length > 0) batch.tally("recovered", sending.length);
    return sending.length;
  };
}

export function prepareShortenWaits(database: DatabaseSync, names: Names): ShortenWaits {
  const shorten = database.prepare(`
    UPDATE pending SET until = ?3 WHERE id IN (
      SELECT id FROM pending WHERE sync = ?1 AND priority = ?2 AND until > ?3 + ${WAIT_MS_MAX} LIMIT ?4)`);
  return (at, limit) => {
    const shortened: string[] = [];
    for (const { id, name } of names.syncs()) {
      for (let priority = MOST_URGENT; priority <= LEAST_URGENT; priority += 1) {
        const { changes } = shorten.run(id, priority, at, limit - shortened.length);
        shortened.push(...Array<string>(Number(changes)).fill(name));
      }
    }
    return shortened;
  };
}
