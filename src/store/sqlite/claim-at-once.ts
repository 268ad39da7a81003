// Claims records in the transaction that first saw them, for a worker that waits: nothing is read back that the caller has in
// its hands, and a record that nobody knew has no link, no earlier write and no correction. What the worker would create for it was
// decided before, and is armed with it.
import { claimOfNew, FIRST_SEQ } from "../claim-of-new.ts";
import type { Claim, ObserveBatch, ObserveCounts, PendingWrite } from "../store.ts";
import type { Batch } from "./batch.ts";
import { sideOf, type Held } from "./held.ts";
import type { Learnt } from "./listed.ts";
import type { Sync } from "./names.ts";
import type { NoteNew } from "./note.ts";
import { priorityNumber } from "./priority.ts";

/** A record that is new, and a sync that reads it. */
export interface NewRecord {
  readonly sync: Sync;
  readonly record: number;
  readonly resource: number;
  readonly observation: Learnt;
}

interface Wanted {
  left: number;
  readonly creations: ReadonlyMap<string, PendingWrite> | undefined;
  readonly armed: string[];
}

export class ClaimsAtOnce {
  readonly made: Claim[] = [];
  readonly #held: Held;
  readonly #noteNew: NoteNew;
  readonly #doubted: ReadonlySet<number>;
  readonly #wanted: ReadonlyMap<string, Wanted>;

  /** Of resources that are in doubt nothing is claimed here: a claim that is read back says that it is. */
  constructor(held: Held, noteNew: NoteNew, doubted: ReadonlySet<number>, wanted: ObserveBatch["claim"] = []) {
    this.#held = held;
    this.#noteNew = noteNew;
    this.#doubted = doubted;
    this.#wanted = new Map(
      wanted.map(({ sync, limit, creations }) => [sync, { left: limit, creations, armed: [] }] as const),
    );
  }

  /** By the name of the sync. */
  get armed(): ObserveCounts["armed"] {
    const all = [...this.#wanted].map(([sync, { armed }]) => ({ sync, keys: armed }));
    return all.filter(({ keys }) => keys.length > 0);
  }

  /** Notes it for the sync. False: nobody claimed it, so that it stays for whoever claims next. */
  note(batch: Batch, { sync, record, resource, observation }: NewRecord): boolean {
    const { key, at } = observation;
    const priority = priorityNumber(observation.priority);
    const note = { sync: sync.id, record, priority, at };
    const unmatched = sync.twoWay ? resource : undefined;
    const wanted = this.#wanted.get(sync.name);
    const side = sideOf(sync, resource);
    const mayClaim = wanted !== undefined && wanted.left > 0 && !this.#doubted.has(resource);
    const claim = mayClaim ? claimOfNew(sync.name, observation, side) : undefined;
    if (wanted === undefined || claim === undefined) {
      this.#noteNew(note, undefined, unmatched);
      return false;
    }
    wanted.left -= 1;
    // A two-way sync arms by itself: it has to know first that the other side is not creating the same.
    const write = sync.twoWay ? undefined : wanted.creations?.get(key);
    this.#held.take(batch, {
      id: this.#noteNew(note, write, unmatched),
      sync,
      record,
      key,
      side,
      seq: FIRST_SEQ,
      state: write === undefined ? "ready" : "sending",
      priority,
      isDoubted: false,
      onSync: undefined,
      onRecord: undefined,
      waitingSince: undefined,
      isLinked: false,
      hasFields: write?.fields !== undefined,
      sent: write === undefined ? undefined : { at: write.armedAt, action: write.action },
    });
    if (write === undefined) this.made.push(claim);
    else wanted.armed.push(key);
    return true;
  }
}
