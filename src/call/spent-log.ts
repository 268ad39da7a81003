// What calls took from a limit, remembered until it is free again. The provider counted a call at some time between its
// leaving and its answer: while it is under way it counts as if it came in as late as it may; once answered, at its answer.
import { spentQueue, type Spent, type SpentQueue } from "./spent-queue.ts";
import type { Travel } from "./travel.ts";
import type { Release } from "./windows.ts";

export interface SpentLog {
  /** What is not free again, as far as it was forgotten. */
  readonly sum: number;
  /** The part of it that calls without an answer took. */
  readonly underWay: number;
  take(now: number, amount: number): void;
  /** The call that left at `leftAt` and took `taken` is over, and cost `cost`. */
  answered(leftAt: number, now: number, taken: number, cost: number): void;
  forget(now: number): void;
  /** When so much of it is free again; Infinity: more than there is. */
  freeAt(amount: number): number;
  /** How much of it will not be free again by then. */
  stillAt(at: number): number;
  /** Puts back what was spent before a restart. */
  restore(at: number, amount: number): void;
  /** The clock was set back: what is remembered moves with it. */
  setBack(backMs: number): void;
  /** What is remembered as [time, amount], in at most `entriesMax` pieces. */
  pieces(entriesMax: number): readonly (readonly [number, number])[];
}

/** Calls within `grainMs` are remembered as one, at the later time: memory has a limit. */
export function spentLog(grainMs: number, release: Release, travel: Travel): SpentLog {
  const left = spentQueue();
  const settled = spentQueue();
  let sum = 0;
  let underWay = 0;

  function settle(at: number, amount: number): void {
    sum += amount;
    settled.add(at, amount, grainMs);
  }

  function forget(now: number): void {
    for (let first = settled.first(); first !== undefined; first = settled.first()) {
      if (first.amount > 0 && release.releaseAt(first.at) > now) break;
      sum -= first.amount;
      settled.shift();
    }
    for (let first = left.first(); first !== undefined; first = left.first()) {
      if (first.amount > 0 && release.releaseAt(first.at + travel.lateMs) > now) break;
      sum -= first.amount;
      underWay -= first.amount - (first.answered ?? 0);
      left.shift();
    }
  }

  return {
    get sum() {
      return sum;
    },
    get underWay() {
      return underWay;
    },
    take(now, amount) {
      sum += amount;
      underWay += amount;
      // Who asks while there is room need not look at what is free again; once in a grain is enough.
      if (left.add(now, amount, grainMs)) forget(now);
    },
    answered(leftAt, now, taken, cost) {
      const entry = left.find(leftAt);
      if (entry === undefined) {
        if (cost > taken) settle(now, cost - taken);
        return;
      }
      underWay -= taken;
      if (now <= leftAt + travel.lateMs) {
        entry.amount -= taken;
        sum -= taken;
        settle(now, cost);
      } else {
        entry.amount += cost - taken;
        entry.answered = (entry.answered ?? 0) + cost;
        sum += cost - taken;
      }
    },
    forget,
    freeAt(amount) {
      let lacking = amount;
      let nextLeft = 0;
      let nextSettled = 0;
      while (lacking > 0) {
        const one = left.at(nextLeft);
        const other = settled.at(nextSettled);
        if (one === undefined && other === undefined) return Number.POSITIVE_INFINITY;
        const oneAt = one === undefined ? Number.POSITIVE_INFINITY : one.at + travel.lateMs;
        const otherAt = other?.at ?? Number.POSITIVE_INFINITY;
        const isOther = otherAt <= oneAt;
        lacking -= (isOther ? other : one)!.amount;
        if (isOther) nextSettled += 1;
        else nextLeft += 1;
        if (lacking <= 0) return release.releaseAt(Math.min(oneAt, otherAt));
      }
      return Number.NEGATIVE_INFINITY;
    },
    stillAt(at) {
      const freed = (queue: SpentQueue, lateMs: number): number => {
        let amount = 0;
        for (let index = 0; ; index += 1) {
          const one = queue.at(index);
          if (one === undefined || release.releaseAt(one.at + lateMs) > at) return amount;
          amount += one.amount;
        }
      };
      return sum - freed(settled, 0) - freed(left, travel.lateMs);
    },
    restore: settle,
    setBack(backMs) {
      left.setBack(backMs);
      settled.setBack(backMs);
    },
    pieces: (entriesMax) => together([...settled.all(), ...left.all()], entriesMax),
  };
}

function together(entries: readonly Spent[], entriesMax: number): readonly (readonly [number, number])[] {
  const all = entries.filter(({ amount }) => amount > 0).toSorted((a, b) => a.at - b.at);
  const each = Math.ceil(all.length / entriesMax);
  const pieces: (readonly [number, number])[] = [];
  for (let from = 0; from < all.length; from += each) {
    const some = all.slice(from, from + each);
    pieces.push([some.at(-1)!.at, some.reduce((total, { amount }) => total + amount, 0)]);
  }
  return pieces;
}
