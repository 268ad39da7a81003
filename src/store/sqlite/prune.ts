// Takes away what is older than anybody wants to know, a slice at a time. Rows are in the order they were written, so that a
// slice reads no further than it takes away. What stays is made smaller on the way.
//
// A row from later than the newest was written by a clock that was ahead: it is as old as what was written after it.
import type { Pruned, PruneLimits } from "../store.ts";
import type { Batch } from "./batch.ts";
import { number, type Row } from "./rows.ts";
import { prepareSqueeze } from "./squeeze.ts";
import type { DatabaseSync } from "node:sqlite";

export type Prune = (batch: Batch, limits: PruneLimits) => Pruned;

export function preparePrune(database: DatabaseSync): Prune {
  const oldRequests = prepareOldest(database, "request", "TRUE");
  const tooMany = database.prepare(`
    DELETE FROM request WHERE id IN
      (SELECT id FROM request WHERE id <= (SELECT max(id) FROM request) - ?1 ORDER BY id LIMIT ?2)`);
  const slices = [
    prepareOldest(database, "history", "TRUE"),
    // One that waits for a person stays, whatever its age.
    prepareOldest(database, "conflict", "winner IS NOT NULL OR put_back_at IS NOT NULL OR settled_at IS NOT NULL"),
    // The newest arrival stays, so that no number is given twice; one that nobody took up stays, whatever its age.
    prepareOldest(
      database,
      "arrival",
      `id <= (SELECT up_to FROM arrival_cursor) AND id < (SELECT max(id) FROM arrival)
       AND id NOT IN (SELECT arrival FROM replay)`,
    ),
  ];
  // Up to the oldest that is left: one that went before an older one is forgotten with that one.
  const forgetUnreadable = database.prepare("DELETE FROM unreadable WHERE arrival < (SELECT min(id) FROM arrival)");
  // A few at a time: what an audit found goes with it. One that runs stays, and so does each sync's last.
  const forgetAudits = database.prepare(`
    DELETE FROM audit WHERE id IN (
      SELECT a.id FROM audit a WHERE a.ended_at < ?1 AND a.id < (SELECT max(b.id) FROM audit b WHERE b.sync = a.sync)
      ORDER BY a.id LIMIT 2)`);
  const squeeze = prepareSqueeze(database);

  return (batch, { before, requestsBefore = before, requestsMax, rowsMax }) => {
    let pruned = oldRequests(requestsBefore, rowsMax);
    if (requestsMax !== undefined) pruned += Number(tooMany.run(requestsMax, rowsMax - pruned).changes);
    for (const slice of slices) {
      if (pruned < rowsMax) pruned += slice(before, rowsMax - pruned);
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

/** Takes away what is older, of so many rows at the most, and says how many those were. */
type TakeOldest = (before: number, rowsMax: number) => number;

/** `only`: the others stay, whatever their age. */
function prepareOldest(database: DatabaseSync, table: string, only: string): TakeOldest {
  const first = database.prepare(`SELECT id, at FROM ${table} WHERE ${only} ORDER BY id LIMIT 1`);
  const newest = database.prepare(`SELECT id, at FROM ${table} ORDER BY id DESC LIMIT 1`);
  const upTo = database.prepare(`SELECT id, at FROM ${table} WHERE id <= ? ORDER BY id DESC LIMIT 1`);
  const take = database.prepare(`
    DELETE FROM ${table} WHERE id IN
      (SELECT id FROM (SELECT id, at FROM ${table} WHERE ${only} ORDER BY id LIMIT ?2)
       WHERE at < ?1 OR at > ?3 AND id < ?4)`);

  return (before, rowsMax) => {
    const [oldest, last] = [first.get(), newest.get()];
    if (oldest === undefined || last === undefined) return 0;
    const behind = number(oldest, "at") > number(last, "at") ? behindAhead(oldest, last) : undefined;
    const isOld = behind !== undefined && number(behind, "at") < before;
    return Number(take.run(before, rowsMax, number(last, "at"), isOld ? number(behind, "id") : 0).changes);
  };

  /** The first row behind those whose clock was ahead; by halves, for there may be very many of them. */
  function behindAhead(oldest: Row, last: Row): Row {
    let ahead = number(oldest, "id");
    let behind = last;
    while (number(behind, "id") - ahead > 1) {
      const middle = Math.floor((ahead + number(behind, "id")) / 2);
      const row = upTo.get(middle);
      if (row === undefined || number(row, "at") > number(last, "at")) ahead = middle;
      else behind = row;
    }
    return behind;
  }
}
