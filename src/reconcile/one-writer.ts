// Several syncs may write one record, as in a ring of systems. Each decides on the record as it saw it, so one writes at a time,
// and who saw it before another wrote looks again: else two of our own writes send two values round the ring for ever. What is
// carried to another record stays as it is until it is there, too: two values that move on in the same moment never meet.

/** Records whose last write is remembered; what was seen before so many others were written is long decided. */
const RECORDS_MAX = 10_000;

export interface WrittenRecord {
  readonly record: string;
  /** The record that is carried to it; absent: whatever becomes of that, this is written. */
  readonly from?: string | undefined;
}

export class OneWriter {
  #writes = 0;
  readonly #writing = new Set<string>();
  /** How many writes each record is being carried by. */
  readonly #carried = new Map<string, number>();
  /** After how many writes each record was written last; the oldest first. */
  readonly #wrote = new Map<string, number>();

  /** How many writes have ended: what is seen from now on shows them all. */
  get writes(): number {
    return this.#writes;
  }

  /**
   * What ends it, once, as soon as what came of it is known. `soon`: somebody is writing it or what is carried to it, or carries it
   * elsewhere, or has written it since there were `seenAt` writes. `again`: what is carried to it was written since.
   */
  begin({ record, from }: WrittenRecord, seenAt: number): (() => void) | "soon" | "again" {
    if (this.#writing.has(record) || this.#isOutdated(record, seenAt)) return "soon";
    if (from !== undefined) {
      if (this.#writing.has(from) || this.#carried.has(record)) return "soon";
      if (this.#isOutdated(from, seenAt)) return "again";
      this.#carried.set(from, (this.#carried.get(from) ?? 0) + 1);
    }
    this.#writing.add(record);
    let isEnded = false;
    return () => {
      if (!isEnded) this.#end({ record, from });
      isEnded = true;
    };
  }

  #isOutdated(record: string, seenAt: number): boolean {
    return (this.#wrote.get(record) ?? 0) > seenAt;
  }

  #end({ record, from }: WrittenRecord): void {
    if (from !== undefined) this.#letGo(from);
    this.#writes += 1;
    this.#writing.delete(record);
    this.#wrote.delete(record);
    this.#wrote.set(record, this.#writes);
    if (this.#wrote.size <= RECORDS_MAX) return;
    for (const [oldest] of this.#wrote) {
      this.#wrote.delete(oldest);
      break;
    }
  }

  #letGo(from: string): void {
    const others = (this.#carried.get(from) ?? 1) - 1;
    if (others === 0) this.#carried.delete(from);
    else this.#carried.set(from, others);
  }
}
