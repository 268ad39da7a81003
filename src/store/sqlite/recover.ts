// After a start: what was being sent when the process ended may have been received, or not.
import type { Batch } from "./batch.ts";
import type { DatabaseSync } from "node:sqlite";

export type Recover = (batch: Batch, at: number) => number;

export function prepareRecover(database: DatabaseSync): Recover {
  const recover = database.prepare(`
    UPDATE pending SET state = 'unknown', until = ?, reason = 'the process ended while it was being sent'
    WHERE state = 'sending'`);
  return (batch, at) => {
    const recovered = Number(recover.run(at).changes);
    if (recovered > 0) batch.tally("recovered", recovered);
    return recovered;
  };
}
