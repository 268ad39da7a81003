// What became of a claim, in one transaction with the link, the requests and the story that belong to it.
import type { Settlement } from "../store.ts";
import type { Batch } from "./batch.ts";
import type { Held } from "./claim.ts";
import type { WriteHistory } from "./history.ts";
import type { Links } from "./link.ts";
import type { Names, Sync } from "./names.ts";
import type { NotePending } from "./note.ts";
import type { Records } from "./record.ts";
import type { WriteRequest } from "./request.ts";
import { number, numberOrNone, text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

export interface SettleParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly held: Held;
  readonly records: Records;
  readonly links: Links;
  readonly note: NotePending;
  readonly history: WriteHistory;
  readonly request: WriteRequest;
}

export type Settle = (batch: Batch, settlements: readonly Settlement[]) => { readonly syncs: readonly string[] };

/** The row as it is when its settlement comes. */
interface SettledRow {
  readonly id: number;
  readonly sync: Sync;
  readonly record: number;
  readonly state: string;
  readonly priority: number;
  readonly onSync: number | undefined;
  readonly onRecord: number | undefined;
  readonly waitingSince: number | undefined;
  /** Noted while it was held: what was decided may be out of date. */
  readonly notedAgain: boolean;
}

type To<State extends Settlement["to"]> = Extract<Settlement, { to: State }>;

export function prepareSettle({ database, names, held, records, links, note, history, request }: SettleParts): Settle {
  const find = database.prepare(`
    SELECT p.id, p.record, p.seq, p.state, p.priority, p.on_sync, p.on_record, p.waiting_since
    FROM record r JOIN pending p ON p.sync = ? AND p.record = r.id WHERE r.resource = ? AND r.key = ?`);
  const remove = database.prepare("DELETE FROM pending WHERE id = ?");
  const again = database.prepare(`
    UPDATE pending SET state = 'ready', noted_at = last_noted_at, attempts = 0, waits = 0, until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = NULL WHERE id = ?`);
  const ready = database.prepare(`
    UPDATE pending SET state = 'ready', attempts = ?2, waits = ?3, until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = ?4 WHERE id = ?1`);
  const sending = database.prepare(`
    UPDATE pending SET state = 'sending', until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = ?2 WHERE id = ?1`);
  const waiting = database.prepare(`
    UPDATE pending SET state = 'waiting', until = ?2, reason = ?3, attempts = ?4, waits = ?5,
      on_sync = ?6, on_record = ?7, waiting_since = ?8, write = ?9 WHERE id = ?1`);
  const unknown = database.prepare(`
    UPDATE pending SET state = 'unknown', until = ?2, reason = ?3, attempts = coalesce(?4, attempts),
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = coalesce(?5, write) WHERE id = ?1`);
  const parked = database.prepare(`
    UPDATE pending SET state = 'parked', cause = ?2, reason = ?3, todo = ?4, detail = ?5, parked_at = ?6, until = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = ?7 WHERE id = ?1`);
  const pendingOf = database.prepare("SELECT 1 FROM pending WHERE sync = ? AND record = ?");

  return (batch, settlements) => {
    const woken = new Set<number>();
    for (const settlement of settlements) {
      const row = findRow(settlement);
      batch.onCommit(() => held.delete(row.id));
      if (settleRow(batch, row, settlement, woken)) woken.add(row.sync.id);
      for (const entry of settlement.requests ?? []) request(batch, entry);
    }
    return { syncs: [...woken].map((id) => names.syncById(id).name) };
  };

  function findRow(settlement: Settlement): SettledRow {
    const sync = names.sync(settlement.sync);
    const row = find.get(sync.id, sync.from, settlement.key);
    const state = row === undefined ? "none" : text(row, "state");
    if (row === undefined || (state !== "sending" && !held.has(number(row, "id")))) {
      throw new Error(
        `could not settle ${settlement.sync} ${settlement.key} to ${settlement.to}: expected a claimed row, got ` +
          `${state === "none" ? "no row" : `a row that is ${state} and that nobody holds`}. This is a bug in Bowline.`,
      );
    }
    return {
      id: number(row, "id"),
      sync,
      record: number(row, "record"),
      state,
      priority: number(row, "priority"),
      onSync: numberOrNone(row, "on_sync"),
      onRecord: numberOrNone(row, "on_record"),
      waitingSince: numberOrNone(row, "waiting_since"),
      notedAgain: number(row, "seq") !== settlement.seq,
    };
  }

  /** Applies it, and says whether the row is ready now. */
  function settleRow(batch: Batch, row: SettledRow, settlement: Settlement, woken: Set<number>): boolean {
    switch (settlement.to) {
      case "cleared":
        return clear(batch, row, settlement, woken);
      case "sending":
        sending.run(row.id, JSON.stringify(settlement.write));
        tell(row, settlement, settlement.write.action);
        return false;
      case "waiting":
        return wait(batch, row, settlement, woken);
      case "unknown":
        unknown.run(row.id, settlement.until, settlement.reason, settlement.attempts, JSON.stringify(settlement.write));
        batch.tally("unknown");
        tell(row, settlement, settlement.reason);
        return false;
      case "parked":
        return park(batch, row, settlement);
      case "ready":
        return giveBack(row, settlement.at);
    }
  }

  function clear(batch: Batch, row: SettledRow, settlement: To<"cleared">, woken: Set<number>): boolean {
    const { why, action, link, at, key } = settlement;
    if (link === null) links.remove(batch, row.sync.id, row.record);
    else if (link !== undefined) {
      for (const sync of links.save(batch, row.sync, row.record, key, link)) woken.add(sync);
    }
    if (row.notedAgain) again.run(row.id);
    else remove.run(row.id);
    batch.cleared(row.sync.id, at);
    batch.tally(`cleared.${why}`);
    if (action !== undefined) batch.tally(`written.${action}`);
    tell(row, settlement, action === undefined ? why : `${why}: ${action}`);
    return row.notedAgain;
  }

  function wait(batch: Batch, row: SettledRow, settlement: To<"waiting">, woken: Set<number>): boolean {
    const { on, until, reason, attempts, waits, write, at } = settlement;
    const writeText = write === undefined ? null : JSON.stringify(write);
    batch.tally("waiting");
    tell(row, settlement, reason);
    if (on === undefined) {
      waiting.run(row.id, until, reason, attempts, waits, null, null, null, writeText);
      return false;
    }
    const needed = names.sync(on.sync);
    const neededRecord = records.idOf(needed.from, on.key) ?? stub(batch, needed, on.key, at);
    if (row.notedAgain || links.exists(needed.id, neededRecord)) {
      ready.run(row.id, attempts, waits, writeText);
      return true;
    }
    const same = row.onSync === needed.id && row.onRecord === neededRecord;
    const since = same ? (row.waitingSince ?? at) : at;
    waiting.run(row.id, until, reason, attempts, waits, needed.id, neededRecord, since, writeText);
    if (pendingOf.get(needed.id, neededRecord) === undefined) {
      note({ sync: needed.id, record: neededRecord, priority: row.priority, at });
      history({
        at,
        record: neededRecord,
        sync: needed.id,
        what: "noted",
        priority: row.priority,
        text: `${row.sync.name} ${settlement.key} waits for its link`,
      });
      woken.add(needed.id);
    }
    return false;
  }

  /** A record that nobody told us of yet: it is read before anything is decided. */
  function stub(batch: Batch, needed: Sync, key: string, at: number): number {
    batch.countRecords(needed.from, 1, 0);
    const unread = { version: undefined, hash: "", body: undefined, title: undefined, stale: 1, at };
    return records.insert(needed.from, key, unread, false);
  }

  function park(batch: Batch, row: SettledRow, settlement: To<"parked">): boolean {
    const { cause, reason, todo, detail, write, at } = settlement;
    tell(row, settlement, `${cause}: ${reason}`);
    if (row.notedAgain) {
      // The edit that came meanwhile may have mended it; but a write that may have happened is resolved first.
      if (write === undefined) again.run(row.id);
      else unknown.run(row.id, at, reason, 0, JSON.stringify(write));
      return write === undefined;
    }
    const writeText = write === undefined ? null : JSON.stringify(write);
    parked.run(row.id, cause, reason, todo, detail === undefined ? null : JSON.stringify(detail), at, writeText);
    batch.tally("parked");
    batch.tally(`parked.${cause}`);
    return false;
  }

  /** As it was; but a write that was armed may have been sent, so that its outcome is unknown. */
  function giveBack(row: SettledRow, at: number): boolean {
    if (row.state !== "sending") return row.state === "ready";
    unknown.run(row.id, at, "given back while it was being sent", null, null);
    return false;
  }

  function tell(row: SettledRow, { to, at }: Settlement, words: string): void {
    history({ at, record: row.record, sync: row.sync.id, what: to, text: words });
  }
}
