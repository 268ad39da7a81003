// After a start: what was being sent when the process ended may have been received, or not; and what waits for longer than anything
// does was told so by a clock that was ahead.
import type { Batch } from "./batch.ts";
import type { Held } from "./held.ts";
import type { DatabaseSync } from "node:sqlite";

/** No call waits for longer than two days; one that does, for a quota of a month, is only held once more. */
const WAIT_MS_MAX = 2 * 86_400_000;

export type Recover = (batch: Batch, at: number) => number;

export function prepareRecover(database: DatabaseSync, held: Held): Recover {
  const recover = database.prepare(`
    UPDATE pending SET state = 'unknown', until = ?2, reason = 'the process ended while it was being sent' WHERE id = ?1`);
  const waitNoLonger = database.prepare(`UPDATE pending SET until = ?1 WHERE until > ?1 + ${WAIT_MS_MAX}`);
  return (batch, at) => {
    waitNoLonger.run(at);
    const sending = held.sending();
    for (const row of sending) {
      recover.run(row.id, at);
      held.giveBack(batch, row);
    }
    if (sending.length > 0) batch.tally("recovered", sending.length);
    return sending.length;
  };
}
