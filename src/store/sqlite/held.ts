// Who holds which row, in memory: one process owns the file, so that a claim costs no write, a settlement no reading, and a
// crash gives every row back. What changes a held row in the file changes it here, in the same transaction.
import type { Batch } from "./batch.ts";
import type { Names, Sync } from "./names.ts";
import { number, text } from "./rows.ts";
import type { DatabaseSync } from "node:sqlite";

/** What was armed, until the record's story tells it. */
export interface Sent {
  readonly at: number;
  readonly action: string;
}

/** A pending row from its claim until it is settled for good; a row that is being sent is held too. */
export interface HeldRow {
  readonly id: number;
  readonly sync: Sync;
  readonly record: number;
  readonly key: string;
  /** 1: a record of a two-way sync's second side, which is not linked. */
  readonly side: 0 | 1;
  readonly seq: number;
  readonly state: "ready" | "waiting" | "unknown" | "sending";
  readonly priority: number;
  readonly onSync: number | undefined;
  readonly onRecord: number | undefined;
  readonly waitingSince: number | undefined;
  /** It had a link when it was claimed. */
  readonly isLinked: boolean;
  /** The file was restored, and what is created for it may be there already. */
  readonly isDoubted: boolean;
  /** Its write has fields. */
  readonly hasFields: boolean;
  readonly sent: Sent | undefined;
}

/** Which side of a two-way sync the records of a resource are on; of any other, there is only one. */
export const sideOf = (sync: Sync, resource: number): 0 | 1 => (sync.twoWay && resource !== sync.from ? 1 : 0);

/** Both sides may have the same key. */
const keyOn = (side: 0 | 1, key: string): string => (side === 0 ? key : `\u0000${key}`);

type Mutable = { -readonly [Name in keyof HeldRow]: HeldRow[Name] };

interface OfSync {
  readonly byKey: Map<string, Mutable>;
  readonly byRecord: Map<number, Mutable>;
}

const NOT_ON = { onSync: undefined, onRecord: undefined, waitingSince: undefined } as const;

export class Held {
  readonly #byId = new Map<number, Mutable>();
  readonly #bySync = new Map<number, OfSync>();
  /** What the batch under way did, to be undone with it; a row without a `before` was not held. */
  #journal: { readonly row: Mutable; readonly before?: HeldRow }[] = [];
  #batch: Batch | undefined;

  /** What was being sent when the file was last closed is held until it is recovered. */
  constructor(database: DatabaseSync, names: Names) {
    const sending = database.prepare(`
      SELECT p.id, p.sync, p.record, r.resource, r.key, p.seq, p.priority, p.fields IS NOT NULL AS has_fields, p.sent_at,
        p.write ->> 'action' AS action, l.record IS NOT NULL AS linked
      FROM pending p JOIN record r ON r.id = p.record LEFT JOIN link l ON l.sync = p.sync AND l.record = p.record
      WHERE p.state = 'sending'`);
    for (const row of sending.iterate()) {
      const sync = names.syncById(number(row, "sync"));
      this.#add({
        ...NOT_ON,
        id: number(row, "id"),
        sync,
        record: number(row, "record"),
        key: text(row, "key"),
        side: sideOf(sync, number(row, "resource")),
        seq: number(row, "seq"),
        state: "sending",
        priority: number(row, "priority"),
        isLinked: row["linked"] === 1,
        // Recovered first, and claimed then.
        isDoubted: false,
        hasFields: row["has_fields"] === 1,
        sent: row["sent_at"] === null ? undefined : { at: number(row, "sent_at"), action: text(row, "action") },
      });
    }
  }

  has(id: number): boolean {
    return this.#byId.has(id);
  }

  find(sync: number, key: string, side: 0 | 1 = 0): HeldRow | undefined {
    return this.#bySync.get(sync)?.byKey.get(keyOn(side, key));
  }

  ofRecord(sync: number, record: number): HeldRow | undefined {
    return this.#bySync.get(sync)?.byRecord.get(record);
  }

  countOf(sync: number): number {
    return this.#bySync.get(sync)?.byKey.size ?? 0;
  }

  countSending(sync: number): number {
    return this.sending().filter((row) => row.sync.id === sync).length;
  }

  sending(): readonly HeldRow[] {
    return [...this.#byId.values()].filter(({ state }) => state === "sending");
  }

  take(batch: Batch, row: HeldRow): void {
    const held = { ...row };
    this.#journalOf(batch).push({ row: held });
    this.#add(held);
  }

  giveBack(batch: Batch, { id }: HeldRow): void {
    const row = this.#byId.get(id);
    if (row === undefined) return;
    this.#journalOf(batch).push({ row, before: { ...row } });
    this.#drop(row);
  }

  /** It is being sent now. */
  armed(batch: Batch, { id }: HeldRow, sent: Sent, hasFields: boolean): void {
    this.#change(batch, this.#byId.get(id), { ...NOT_ON, state: "sending", sent, hasFields });
  }

  /** Its record was noted again; an edit wakes it from its wait for a link. */
  noted(batch: Batch, sync: number, record: number, priority: number): void {
    const row = this.#bySync.get(sync)?.byRecord.get(record);
    if (row === undefined) return;
    const state = row.state === "waiting" && row.onSync !== undefined ? "ready" : row.state;
    this.#change(batch, row, { ...NOT_ON, state, seq: row.seq + 1, priority: Math.min(row.priority, priority) });
  }

  /** The link that it waited for was made. */
  woken(batch: Batch, id: number): void {
    this.#change(batch, this.#byId.get(id), { ...NOT_ON, state: "ready" });
  }

  #change(batch: Batch, row: Mutable | undefined, changes: Partial<HeldRow>): void {
    if (row === undefined) return;
    this.#journalOf(batch).push({ row, before: { ...row } });
    Object.assign(row, changes);
  }

  #add(row: Mutable): void {
    let ofSync = this.#bySync.get(row.sync.id);
    if (ofSync === undefined) this.#bySync.set(row.sync.id, (ofSync = { byKey: new Map(), byRecord: new Map() }));
    this.#byId.set(row.id, row);
    ofSync.byKey.set(keyOn(row.side, row.key), row);
    ofSync.byRecord.set(row.record, row);
  }

  #drop(row: Mutable): void {
    const ofSync = this.#bySync.get(row.sync.id);
    this.#byId.delete(row.id);
    ofSync?.byKey.delete(keyOn(row.side, row.key));
    ofSync?.byRecord.delete(row.record);
  }

  #journalOf(batch: Batch): { row: Mutable; before?: HeldRow }[] {
    if (this.#batch !== batch) {
      this.#batch = batch;
      this.#journal = [];
      batch.onRollback(() => this.#undo());
    }
    return this.#journal;
  }

  #undo(): void {
    for (const { row, before } of this.#journal.reverse()) {
      if (before === undefined) this.#drop(row);
      else this.#add(Object.assign(row, before));
    }
    this.#journal = [];
    this.#batch = undefined;
  }
}
