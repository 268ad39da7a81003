// What became of a claim, in one transaction with the link, the requests and the story that belong to it.
import type { PendingWrite, RemovalsMax, Settlement } from "../store.ts";
import { NotArmed } from "../two-way.ts";
import type { Batch } from "./batch.ts";
import type { Conflicts } from "./conflict.ts";
import type { Deletions } from "./deletions.ts";
import type { Doubts } from "./doubts.ts";
import type { Held, HeldRow } from "./held.ts";
import type { WriteHistory } from "./history.ts";
import type { Links } from "./link.ts";
import type { Names } from "./names.ts";
import type { NotePending } from "./note.ts";
import type { Observe } from "./observe.ts";
import { awaits, leftOver, type Pairs } from "./pair.ts";
import type { Records } from "./record.ts";
import type { WriteRequest } from "./request.ts";
import { number, text, type Row } from "./rows.ts";
import { columnsOf } from "./write-columns.ts";
import type { DatabaseSync } from "node:sqlite";

export interface SettleParts {
  readonly database: DatabaseSync;
  readonly names: Names;
  readonly held: Held;
  readonly records: Records;
  readonly links: Links;
  readonly pairs: Pairs;
  readonly deletions: Deletions;
  readonly conflicts: Conflicts;
  readonly observe: Observe;
  readonly note: NotePending;
  readonly history: WriteHistory;
  readonly request: WriteRequest;
  readonly doubts: Doubts;
}

export type Settle = (batch: Batch, settlements: readonly Settlement[]) => { readonly syncs: readonly string[] };

type To<State extends Settlement["to"]> = Extract<Settlement, { to: State }>;

export function prepareSettle(parts: SettleParts): Settle {
  const { database, names, held, records, links, pairs, conflicts, observe, note, history, request } = parts;
  const { deletions, doubts } = parts;
  const stateOf = database.prepare(`
    SELECT p.state FROM record r JOIN pending p ON p.sync = ? AND p.record = r.id WHERE r.resource = ? AND r.key = ?`);
  const remove = database.prepare("DELETE FROM pending WHERE id = ?");
  const again = database.prepare(`
    UPDATE pending SET state = 'ready', noted_at = last_noted_at, attempts = 0, waits = 0, until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = NULL, fields = NULL, sent_at = NULL
    WHERE id = ?`);
  const ready = database.prepare(`
    UPDATE pending SET state = 'ready', attempts = ?2, waits = ?3, until = NULL, reason = NULL,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = ?4, fields = ?5, sent_at = NULL WHERE id = ?1`);
  // A ready row has nothing to take back, and no index to move in.
  const arm = database.prepare(
    "UPDATE pending SET state = 'sending', write = ?2, fields = ?3, sent_at = ?4 WHERE id = ?1",
  );
  const takeBack = database.prepare(`
    UPDATE pending SET state = 'ready', until = NULL, reason = NULL, on_sync = NULL, on_record = NULL, waiting_since = NULL
    WHERE id = ?`);
  const waiting = database.prepare(`
    UPDATE pending SET state = 'waiting', until = ?2, reason = ?3, attempts = ?4, waits = ?5,
      on_sync = ?6, on_record = ?7, waiting_since = ?8, write = ?9, fields = ?10, sent_at = NULL WHERE id = ?1`);
  const reasonOf = database.prepare("SELECT reason FROM pending WHERE id = ?");
  const unknown = database.prepare(`
    UPDATE pending SET state = 'unknown', until = ?2, reason = ?3, attempts = ?4,
      on_sync = NULL, on_record = NULL, waiting_since = NULL, write = ?5, fields = ?6, sent_at = NULL WHERE id = ?1`);
  const giveBackArmed = database.prepare(`
    UPDATE pending SET state = 'unknown', until = ?2, reason = 'given back while it was being sent' WHERE id = ?1`);
  const parked = database.prepare(`
    UPDATE pending SET state = 'parked', cause = ?2, reason = ?3, todo = ?4, detail = ?5, parked_at = ?6, until = NULL,
      on_sync = iif(?2 = 'link', on_sync, NULL), on_record = iif(?2 = 'link', on_record, NULL),
      waiting_since = iif(?2 = 'link', waiting_since, NULL), write = ?7, fields = ?8, sent_at = NULL WHERE id = ?1`);
  const pendingOf = database.prepare("SELECT 1 FROM pending WHERE sync = ? AND record = ?");
  const removalCount = database.prepare("SELECT count(*) AS count FROM removal WHERE sync = ? AND at > ?");
  const linkCount = database.prepare("SELECT links FROM sync WHERE id = ?");
  const forgetRemovals = database.prepare("DELETE FROM removal WHERE sync = ? AND at <= ?");
  const addRemoval = database.prepare("INSERT INTO removal VALUES (?, ?)");
  // Any one of that time: they are only counted.
  const takeBackRemoval = database.prepare(
    "DELETE FROM removal WHERE rowid = (SELECT rowid FROM removal WHERE sync = ? AND at = ? LIMIT 1)",
  );
  const leaveCorrections = database.prepare("UPDATE correction SET fields = ?3 WHERE sync = ?1 AND record = ?2");
  const forgetCorrections = database.prepare("DELETE FROM correction WHERE sync = ? AND record = ?");

  return (batch, settlements) => {
    const woken = new Set<number>();
    for (const settlement of settlements) {
      const row = findRow(settlement);
      if (settlement.to !== "sending") held.giveBack(batch, row);
      if (isNotDone(settlement) && row.sent?.action === "remove") takeBackRemoval.run(row.sync.id, row.sent.at);
      if (row.sync.twoWay) {
        if (settlePair(batch, row, settlement, woken)) woken.add(row.sync.id);
      } else if (settleRow(batch, row, settlement, woken)) woken.add(row.sync.id);
      for (const entry of settlement.requests ?? []) request(batch, entry);
    }
    return { syncs: [...woken].map((id) => names.syncById(id).name) };
  };

  function findRow(settlement: Settlement): HeldRow {
    const sync = names.sync(settlement.sync);
    const row = held.find(sync.id, settlement.key, settlement.side);
    if (row !== undefined) return row;
    const found = stateOf.get(sync.id, settlement.side === 1 ? sync.to : sync.from, settlement.key);
    throw new Error(
      `could not settle ${settlement.sync} ${settlement.key} to ${settlement.to}: expected a claimed row, got ` +
        `${found === undefined ? "no row" : `a row that is ${text(found, "state")} and that nobody holds`}. This is a bug in Bowline.`,
    );
  }

  /** Applies it, and says whether the row is ready now. */
  function settleRow(batch: Batch, row: HeldRow, settlement: Settlement, woken: Set<number>): boolean {
    switch (settlement.to) {
      case "cleared":
        return clear(batch, row, settlement, woken);
      case "sending":
        armWrite(batch, row, settlement);
        return false;
      case "waiting":
        return wait(batch, row, settlement, woken);
      case "unknown":
        unknown.run(row.id, settlement.until, settlement.reason, settlement.attempts, ...columnsOf(settlement.write));
        batch.tally("unknown");
        tell(row, settlement, settlement.reason);
        return false;
      case "parked":
        return park(batch, row, settlement);
      case "linked":
        return linkPair(batch, row, settlement, woken);
      case "moved":
        return movePair(batch, row, settlement, woken);
      case "ready":
        return giveBack(row, settlement.at);
    }
  }

  /** What a two-way sync settles besides: what was seen of its other side, which values lost, a link made meanwhile. */
  function settlePair(batch: Batch, row: HeldRow, settlement: Settlement, woken: Set<number>): boolean {
    const { seen, at } = settlement;
    if (seen !== undefined)
      for (const name of observe(batch, { observations: seen }).syncs) woken.add(names.sync(name).id);
    for (const conflict of settlement.conflicts ?? []) conflicts.keep(batch, row.sync.id, row.record, conflict, at);
    if (row.state === "unknown" && settlement.to !== "unknown" && settlement.to !== "parked")
      pairs.answered(batch, row.sync, row.key, row.side, at);
    if (!row.isLinked && settlement.to !== "sending") {
      const pair = pairs.of(row);
      // Another row linked it while it was held: what was decided for it alone is out of date.
      if (pair !== undefined) return pairs.merge(batch, row, pair, at);
    }
    return settleRow(batch, row, settlement, woken);
  }

  function linkPair(batch: Batch, row: HeldRow, settlement: To<"linked">, woken: Set<number>): boolean {
    const { other, at, until } = settlement;
    const first = row.side === 0 ? row.key : other;
    const second = row.side === 0 ? other : row.key;
    if (isNotedAgain(row, settlement)) {
      again.run(row.id);
      return true;
    }
    const otherSide = row.side === 0 ? 1 : 0;
    const freed = pairs.free(row.sync, other, otherSide);
    if (freed === undefined) {
      if (pairs.isAsked(row.sync, other, otherSide))
        return park(batch, row, { ...settlement, ...awaits(other, otherSide) });
      waiting.run(row.id, until, "its counterpart is being worked on", 0, 1, null, null, null, null, null);
      return false;
    }
    const linked = { sync: row.sync, record: row.side === 0 ? row.record : freed.record, key: first, isLinked: false };
    for (const sync of links.save(batch, linked, { targetKey: second, base: "null", recordHash: "" })) woken.add(sync);
    tell(row, settlement, row.side === 0 ? `with ${second}` : `with ${first}`);
    return pairs.merge(batch, row, linked.record, at);
  }

  /** One of a pair's records became part of another: the link goes on with that one. */
  function movePair(batch: Batch, row: HeldRow, settlement: To<"moved">, woken: Set<number>): boolean {
    const { of, into, at, until, orPark } = settlement;
    const resource = of === 0 ? row.sync.from : row.sync.to;
    const successor = records.find(resource, into);
    if (successor === undefined) stub(batch, resource, into, at);
    else if (successor.deleted) return park(batch, row, { ...settlement, ...leftOver(into) });
    const freed = pairs.free(row.sync, into, of);
    const crossing = freed === undefined ? pairs.crossing(row, of, into) : undefined;
    if (crossing !== undefined) {
      note(batch, { sync: row.sync.id, record: crossing, priority: row.priority, at });
      clear(batch, row, { ...settlement, to: "cleared", why: "gone", link: null }, woken);
      return true;
    }
    if (freed === undefined) {
      const whole = { ...settlement, ...orPark, to: "parked", cause: "match" } as const;
      if (pairs.isLinked(row.sync, into, of)) return park(batch, row, whole);
      if (pairs.isAsked(row.sync, into, of)) return park(batch, row, { ...settlement, ...awaits(into, of) });
      waiting.run(row.id, until, `${into} is being worked on`, 0, 1, null, null, null, null, null);
      return false;
    }
    // What a person is to be asked is about other values now.
    conflicts.settle(row.sync.id, row.record, at);
    tell(row, settlement, `it became part of ${into}`);
    return pairs.move(batch, row, { side: of, record: freed.record, key: into }, at);
  }

  /** The story tells it with what comes of it; only a write that nothing was told of since has a row of its own. */
  function armWrite(batch: Batch, row: HeldRow, settlement: To<"sending">): void {
    const { write, removals, at } = settlement;
    if (settlement.unlessNoted === true) refuseOutdated(row, settlement);
    if (row.sync.twoWay && write.action === "create") refuseCreation(row);
    if (row.sync.twoWay && write.action === "remove") refuseRemoval(row, write);
    if (write.action === "remove" && removals !== undefined) countRemoval(row, write, removals, at);
    if (row.sent !== undefined) {
      history({ at: row.sent.at, record: row.record, sync: row.sync.id, what: "sending", text: row.sent.action });
    }
    if (row.state !== "ready") takeBack.run(row.id);
    const marked =
      row.sync.twoWay && write.action === "create" ? { ...write, after: write.after ?? pairs.lastRecord() } : write;
    arm.run(row.id, ...columnsOf(marked), at);
    held.armed(batch, row, { at, action: write.action }, write.fields !== undefined);
  }

  /** What somebody deleted by mistake, all at once, is not deleted everywhere else before a person looked. */
  function countRemoval(row: HeldRow, { sends }: PendingWrite, { share, few, since }: RemovalsMax, at: number): void {
    if (sends > 1) return;
    const { id, name } = row.sync;
    const count = number(removalCount.get(id, since) as Row, "count");
    const links = number(linkCount.get(id) as Row, "links") + (row.sync.twoWay ? 0 : count);
    const most = Math.max(few, Math.floor(links * share));
    if (count >= most) {
      throw new NotArmed(
        "deletions",
        `${count} records of ${name} were deleted already within a short time, of ${links}; ${most} are believed without a person`,
      );
    }
    forgetRemovals.run(id, since);
    addRemoval.run(id, at);
  }

  /** A record that is made twice is worse than one that is made late. */
  function refuseCreation(row: HeldRow): void {
    if (row.state === "unknown" || row.isLinked) return;
    const doing = `could not create a counterpart of ${row.sync.name} ${row.key}`;
    if (pairs.of(row) !== undefined) throw new NotArmed("linked", `${doing}: it was linked meanwhile; decide anew`);
    if (!pairs.mayBeMade(row)) return;
    throw new NotArmed("echo", `${doing}: a record that is being created may be this one; decide later`);
  }

  /** What was learnt meanwhile may be an edit, which this would write over, or remove. */
  function refuseOutdated(row: HeldRow, settlement: To<"sending">): void {
    if (row.state === "unknown" || !isNotedAgain(row, settlement)) return;
    const { action, targetKey } = settlement.write;
    throw new NotArmed(
      "noted",
      `could not ${action} ${targetKey}: something was learnt of it or its counterpart meanwhile; decide anew`,
    );
  }

  /** Whoever is back was taken back from a deletion that went on meanwhile, and its counterpart with it. */
  function refuseRemoval(row: HeldRow, { side = 0, targetKey }: PendingWrite): void {
    if (row.state === "unknown" || !deletions.isTakenBack(row.sync, row.record, side)) return;
    throw new NotArmed(
      "back",
      `could not take ${targetKey} out of use: the deletion that took its counterpart had taken it, too, and it is back; decide anew`,
    );
  }

  function clear(batch: Batch, row: HeldRow, settlement: To<"cleared">, woken: Set<number>): boolean {
    const { why, action, link, at, corrected } = settlement;
    if (settlement.removed !== undefined) deletions.follow(row.sync, row.record, settlement.removed);
    if (row.sync.twoWay && row.isLinked && isAllDone(settlement)) conflicts.settle(row.sync.id, row.record, at);
    if (corrected === "") forgetCorrections.run(row.sync.id, row.record);
    else if (corrected !== undefined) leaveCorrections.run(row.sync.id, row.record, corrected);
    if (link === null) {
      if (row.sync.twoWay && settlement.again === true) pairs.part(batch, row, at);
      links.remove(batch, row.sync.id, row.record);
    } else if (link !== undefined) {
      if (link.base === undefined && !row.hasFields) throw new Error(noBase(settlement));
      const linked = row.side === 0 ? row : firstOf(batch, row, settlement);
      for (const sync of links.save(batch, linked, link)) woken.add(sync);
      if (row.sync.twoWay && !row.isLinked) return clearNewPair(batch, row, linked.record, settlement);
    }
    if (row.isDoubted) doubts.settled(row.sync.id, row.record, link !== undefined || row.isLinked);
    const notedAgain = settlement.again === true || isNotedAgain(row, settlement);
    if (notedAgain) again.run(row.id);
    else remove.run(row.id);
    batch.cleared(row.sync.id, at);
    batch.tally(`cleared.${why}`);
    if (action !== undefined) batch.tally(`written.${action}`);
    tell(row, settlement, action === undefined ? why : `${why}: ${action}`);
    return notedAgain;
  }

  /** A creation linked it: one row for both from now on, cleared unless somebody noted either meanwhile. */
  function clearNewPair(batch: Batch, row: HeldRow, record: number, settlement: To<"cleared">): boolean {
    const { why, action, at } = settlement;
    batch.cleared(row.sync.id, at);
    batch.tally(`cleared.${why}`);
    if (action !== undefined) batch.tally(`written.${action}`);
    tell(row, settlement, action === undefined ? why : `${why}: ${action}`);
    if (settlement.again === true || isNotedAgain(row, settlement)) return pairs.merge(batch, row, record, at);
    return pairs.clear(batch, row, record, at);
  }

  function firstOf(batch: Batch, row: HeldRow, { firstKey, at }: To<"cleared">) {
    if (firstKey === undefined)
      throw new Error(`${row.sync.name} ${row.key} made a link and told no key of its first side`);
    const record = records.idOf(row.sync.from, firstKey) ?? stub(batch, row.sync.from, firstKey, at);
    return { sync: row.sync, record, key: firstKey, isLinked: false };
  }

  function wait(batch: Batch, row: HeldRow, settlement: To<"waiting">, woken: Set<number>): boolean {
    const { on, until, reason, attempts, waits, write, at } = settlement;
    const columns = columnsOf(write);
    batch.tally("waiting");
    if (on === undefined) {
      tell(row, settlement, reason);
      waiting.run(row.id, until, reason, attempts, waits, null, null, null, ...columns);
      return false;
    }
    const needed = names.sync(on.sync);
    const neededRecord = records.idOf(needed.from, on.key) ?? stub(batch, needed.from, on.key, at);
    const same = row.onSync === needed.id && row.onRecord === neededRecord;
    // It is decided again and again while it waits: its story tells what it waits for once.
    if (!same || reasonOf.get(row.id)?.["reason"] !== reason) tell(row, settlement, reason);
    if (isNotedAgain(row, settlement) || links.exists(needed.id, neededRecord)) {
      ready.run(row.id, attempts, waits, ...columns);
      return true;
    }
    const since = same ? (row.waitingSince ?? at) : at;
    links.awaited(needed.id);
    waiting.run(row.id, until, reason, attempts, waits, needed.id, neededRecord, since, ...columns);
    if (pendingOf.get(needed.id, neededRecord) === undefined) {
      note(batch, { sync: needed.id, record: neededRecord, priority: row.priority, at });
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
  function stub(batch: Batch, resource: number, key: string, at: number): number {
    batch.countRecords(resource, 1, 0);
    const unread = { version: undefined, hash: "", body: undefined, title: undefined, stale: 1, at };
    return records.insert(resource, key, unread, false);
  }

  function park(batch: Batch, row: HeldRow, settlement: To<"parked">): boolean {
    const { cause, reason, todo, detail, write, at } = settlement;
    if (cause === "link" && row.onSync === undefined) {
      // What it waited for in vain was linked while this was decided.
      again.run(row.id);
      return true;
    }
    tell(row, settlement, `${cause}: ${reason}`);
    if (isNotedAgain(row, settlement)) {
      // The edit that came meanwhile may have mended it; but a write that may have happened is resolved first.
      if (write === undefined) again.run(row.id);
      else unknown.run(row.id, at, reason, 0, ...columnsOf(write));
      return write === undefined;
    }
    const detailText = detail === undefined ? null : JSON.stringify(detail);
    parked.run(row.id, cause, reason, todo, detailText, at, ...columnsOf(write));
    batch.tally("parked");
    batch.tally(`parked.${cause}`);
    return false;
  }

  /** As it was; but a write that was armed may have been sent, so that its outcome is unknown. */
  function giveBack(row: HeldRow, at: number): boolean {
    if (row.state !== "sending") return row.state === "ready";
    giveBackArmed.run(row.id, at);
    return false;
  }

  function tell(row: HeldRow, { to, at }: Settlement, words: string): void {
    history({ at, record: row.record, sync: row.sync.id, what: to, text: words, sent: row.sent });
  }
}

/** Both of a pair agree, or are a pair no more; one that is out of scope may still differ when it comes back. */
function isAllDone({ why, link, again }: To<"cleared">): boolean {
  return link === null || (again !== true && why !== "out-of-scope");
}

/** Its write was certainly not executed: what is armed later is armed, and counted, anew. */
function isNotDone(settlement: Settlement): boolean {
  return (settlement.to === "waiting" || settlement.to === "parked") && settlement.write === undefined;
}

/** Noted while it was held, or since its write was decided: what was decided may be out of date. */
function isNotedAgain({ seq }: HeldRow, settlement: Settlement): boolean {
  return seq !== settlement.seq;
}

function noBase({ sync, key }: Settlement): string {
  return `could not link ${sync} ${key}: expected a base, or a write with fields that was armed, got neither. This is a bug in Bowline.`;
}
