// Claims records in the transaction that first saw them, for a worker that waits: nothing is read back that the caller has in
// its hands, and a record that nobody knew has no link, no earlier write and no correction.
import type { Claim, ObserveBatch } from "../store.ts";
import type { Batch } from "./batch.ts";
import { sideOf, type Held } from "./held.ts";
import type { Learnt } from "./listed.ts";
import type { Sync } from "./names.ts";
import { FIRST_SEQ } from "./note.ts";
import { priorityNumber } from "./priority.ts";
import { present } from "./rows.ts";

/** A row that was just noted of a record that is new. */
export interface NewRow {
  readonly sync: Sync;
  readonly id: number;
  readonly record: number;
  readonly resource: number;
  readonly observation: Learnt;
}

export class ClaimsAtOnce {
  readonly made: Claim[] = [];
  readonly #held: Held;
  readonly #left: Map<string, number>;

  constructor(held: Held, wanted: ObserveBatch["claim"] = []) {
    this.#held = held;
    this.#left = new Map(wanted.map(({ sync, limit }) => [sync, limit]));
  }

  /** False: the row stays for whoever claims next. */
  take(batch: Batch, { sync, id, record, resource, observation }: NewRow): boolean {
    const { key, version, seen, at, priority } = observation;
    const left = this.#left.get(sync.name) ?? 0;
    // What was only told of is to be read first, and what is gone was never there for anybody.
    if (left <= 0 || seen.kind !== "record") return false;
    this.#left.set(sync.name, left - 1);
    const side = sideOf(sync, resource);
    const common = { key, seq: FIRST_SEQ, state: "ready" } as const;
    this.#held.take(batch, {
      ...common,
      id,
      sync,
      side,
      record,
      priority: priorityNumber(priority),
      onSync: undefined,
      onRecord: undefined,
      waitingSince: undefined,
      isLinked: false,
      hasFields: false,
      sent: undefined,
    });
    this.made.push({
      ...common,
      sync: sync.name,
      ...(side === 1 ? { side } : {}),
      priority,
      notedAt: at,
      attempts: 0,
      waits: 0,
      record: present({ version, hash: seen.hash, title: seen.title, deleted: false, stale: 0 }),
    });
    return true;
  }
}
