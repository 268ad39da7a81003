// Amounts by their time, added at the end and taken from the front; those close together are one.

export interface Spent {
  /** The first of those that are one. */
  from: number;
  /** The last of them, which counts for all. */
  at: number;
  amount: number;
  /** The part of it whose calls were answered, too late to count from their answers. */
  answered?: number;
}

export interface SpentQueue {
  /** True when it made a new entry. */
  add(at: number, amount: number, grainMs: number): boolean;
  first(): Spent | undefined;
  /** Counted from the front. */
  at(index: number): Spent | undefined;
  shift(): void;
  /** The entry that remembers what happened at `at`, if it is still there. */
  find(at: number): Spent | undefined;
  all(): readonly Spent[];
  setBack(backMs: number): void;
}

/** So many that were taken from the front are kept until they are thrown away together. */
const TAKEN_MAX = 64;

export function spentQueue(): SpentQueue {
  const entries: Spent[] = [];
  let front = 0;
  let last: Spent | undefined;
  return {
    add(at, amount, grainMs) {
      if (last !== undefined && at - last.from < grainMs) {
        if (at > last.at) last.at = at;
        last.amount += amount;
        return false;
      }
      last = { from: at, at, amount };
      entries.push(last);
      return true;
    },
    first: () => entries[front],
    at: (index) => entries[front + index],
    shift() {
      front += 1;
      if (front >= entries.length) last = undefined;
      if (front <= TAKEN_MAX || front * 2 <= entries.length) return;
      entries.splice(0, front);
      front = 0;
    },
    find(at) {
      if (last !== undefined && at >= last.from && at <= last.at) return last;
      let low = front;
      let high = entries.length - 1;
      while (low <= high) {
        const middle = (low + high) >> 1;
        const entry = entries[middle]!;
        if (at < entry.from) high = middle - 1;
        else if (at > entry.at) low = middle + 1;
        else return entry;
      }
      return undefined;
    },
    all: () => entries.slice(front),
    setBack(backMs) {
      for (const entry of entries) {
        entry.from -= backMs;
        entry.at -= backMs;
      }
    },
  };
}
