// After a start: what was being sent when the process ended may have been received, or not.
import type { Batch } from "./batch.ts";
import type { Held } from "./held.ts";
import type { DatabaseSync } from "node:sqlite";

export type Recover = (batch: Batch, at: number) => number;

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
