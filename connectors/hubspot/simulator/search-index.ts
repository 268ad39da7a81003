// What a search shows: every record as it was a while ago.
import type { Clock } from "../../../src/world/world.ts";
import type { Kind } from "./kinds.ts";
import type { Stored } from "./portal.ts";

interface Entry {
  readonly at: number;
  /** Undefined: it was gone from then on. */
  readonly record: Stored | undefined;
}

export class SearchIndex {
  readonly #clock: Clock;
  readonly #lagMs: number;
  /** By kind and id; oldest first. */
  readonly #entries = new Map<Kind, Map<string, Entry[]>>();

  constructor(clock: Clock, lagMs: number) {
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  note(kind: Kind, id: string, record: Stored | undefined): void {
    const records = this.#entries.get(kind) ?? new Map<string, Entry[]>();
    this.#entries.set(kind, records);
    const entries = records.get(id) ?? [];
    records.set(id, entries);
    entries.push({ at: this.#clock.now(), record });
  }

  /** The last of each record whose lag is over. */
  *records(kind: Kind): Iterable<Stored> {
    const until = this.#clock.now() - this.#lagMs;
    for (const entries of this.#entries.get(kind)?.values() ?? []) {
      while ((entries[1]?.at ?? Infinity) <= until) entries.shift();
      const [first] = entries;
      if (first !== undefined && first.at <= until && first.record !== undefined) yield first.record;
    }
  }
}
