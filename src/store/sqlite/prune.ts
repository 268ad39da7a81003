// Takes away what is older than anybody wants to know, a slice at a time. Rows are in the order they were written, so that a
// slice reads no further than it takes away. What stays is made smaller on the way.
import type { Pruned, PruneLimits } from "../store.ts";
import type { Batch } from "./batch.ts";
import { prepareSqueeze } from "./squeeze.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";

export type Prune = (batch: Batch, limits: PruneLimits) => Pruned;

export function preparePrune(database: DatabaseSync): Prune {
  const oldest = (table: string, only: string): StatementSync =>
    database.prepare(`
      DELETE FROM ${table} WHERE id IN
        (SELECT id FROM (SELECT id, at FROM ${table} WHERE ${only} ORDER BY id LIMIT ?2) WHERE at < ?1)`);
  const oldRequests = oldest("request", "TRUE");
  const tooMany = database.prepare(`
    DELETE FROM request WHERE id IN
      (SELECT id FROM request WHERE id <= (SELECT max(id) FROM request) - ?1 ORDER BY id LIMIT ?2)`);
  const slices = [
    oldest("history", "TRUE"),
    // One that waits for a person stays, whatever its age.
    oldest("conflict", "winner IS NOT NULL OR put_back_at IS NOT NULL"),
    // The newest arrival stays, so that no number is given twice; one that nobody took up stays, whatever its age.
    oldest(
      "arrival",
      `id <= (SELECT up_to FROM arrival_cursor) AND id < (SELECT max(id) FROM arrival)
       AND id NOT IN (SELECT arrival FROM replay)`,
    ),
  ];
  const forgetUnreadable = database.prepare("DELETE FROM unreadable WHERE arrival NOT IN (SELECT id FROM arrival)");
  // A few at a time: what an audit found goes with it. One that runs stays, and so does each sync's last.
  const forgetAudits = database.prepare(`
    DELETE FROM audit WHERE id IN (
      SELECT a.id FROM audit a WHERE a.ended_at < ?1 AND a.id < (SELECT max(b.id) FROM audit b WHERE b.sync = a.sync)
      ORDER BY a.id LIMIT 2)`);
  const squeeze = prepareSqueeze(database);

  return (batch, { before, requestsBefore = before, requestsMax, rowsMax }) => {
    let pruned = Number(oldRequests.run(requestsBefore, rowsMax).changes);
    if (requestsMax !== undefined) pruned += Number(tooMany.run(requestsMax, rowsMax - pruned).changes);
    for (const slice of slices) {
      if (pruned < rowsMax) pruned += Number(slice.run(before, rowsMax - pruned).changes);
    }
    if (pruned < rowsMax) pruned += Number(forgetAudits.run(before).changes);
    if (pruned > 0) {
      forgetUnreadable.run();
      batch.tally("pruned", pruned);
    }
    const isSqueezed = squeeze(rowsMax);
    return { rows: pruned, isAll: isSqueezed && pruned < rowsMax };
  };
}
