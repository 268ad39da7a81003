// Several syncs may write one record, as in a ring of systems. Each decides on the record as it saw it, so one writes at a time,
// and who saw it before another wrote looks again: else two of our own writes send two values round the ring for ever.

/** Records whose last write is remembered; what was seen before so many others were written is long decided. */
const RECORDS_MAX = 10_000;

export class OneWriter {
  #writes = 0;
  readonly #writing = new Set<string>();
  /** After how many writes each record was written last; the oldest first. */
  readonly #wrote = new Map<string, number>();

  /** How many writes have ended: what is seen from now on shows them all. */
  get writes(): number {
    return this.#writes;
  }

  /** False: somebody is writing it, or has written it since there were `seenAt` writes. Otherwise it is to be ended. */
  begin(record: string, seenAt: number): boolean {
    if (this.#writing.has(record) || (this.#wrote.get(record) ?? 0) > seenAt) return false;
    this.#writing.add(record);
    return true;
  }

  end(record: string): void {
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
}
