// Who goes next when there is not room for all: the more urgent first, the syncs of one urgency in turn, within a sync the
// older first. So that a stream of urgent work cannot starve the rest, each tenth turn belongs to whoever waits longest.
import type { Priority } from "../store/store.ts";

export interface Waiter {
  readonly priority: Priority;
  /** Waiters of one sync keep their order; different syncs take turns. */
  readonly sync: string;
  /** Rises with each waiter. */
  readonly order: number;
}

export interface WaitingLine<W extends Waiter> {
  readonly size: number;
  add(waiter: W): void;
  /** Takes a waiter out wherever it stands; false when it is not there any more. */
  remove(waiter: W): boolean;
  /** Offers the first of each sync, the next to go first, until one is taken; says which. */
  next(takes: (waiter: W) => boolean): W | undefined;
  all(): readonly W[];
}

const PRIORITIES: readonly Priority[] = ["person", "live", "scheduled", "backfill"];
const TURNS_UNTIL_OLDEST = 10;

export function waitingLine<W extends Waiter>(): WaitingLine<W> {
  // A Map keeps its order: the sync that was served goes to its end.
  const lines: Record<Priority, Map<string, W[]>> = {
    person: new Map(),
    live: new Map(),
    scheduled: new Map(),
    backfill: new Map(),
  };
  let size = 0;
  let turns = 0;

  function takeOut(waiter: W): boolean {
    const line = lines[waiter.priority];
    const ofSync = line.get(waiter.sync);
    const index = ofSync?.indexOf(waiter) ?? -1;
    if (ofSync === undefined || index === -1) return false;
    ofSync.splice(index, 1);
    size -= 1;
    if (ofSync.length === 0) line.delete(waiter.sync);
    return true;
  }

  function heads(): W[] {
    const found: W[] = [];
    for (const priority of PRIORITIES) for (const ofSync of lines[priority].values()) found.push(ofSync[0]!);
    if (turns % TURNS_UNTIL_OLDEST === TURNS_UNTIL_OLDEST - 1) {
      const oldest = found.reduce((first, head) => (head.order < first.order ? head : first), found[0]!);
      found.splice(found.indexOf(oldest), 1);
      found.unshift(oldest);
    }
    return found;
  }

  return {
    get size() {
      return size;
    },
    add(waiter) {
      const line = lines[waiter.priority];
      const ofSync = line.get(waiter.sync);
      if (ofSync === undefined) line.set(waiter.sync, [waiter]);
      else ofSync.push(waiter);
      size += 1;
    },
    remove: takeOut,
    next(takes) {
      if (size === 0) return undefined;
      const taken = heads().find(takes);
      if (taken === undefined) return undefined;
      turns += 1;
      const line = lines[taken.priority];
      takeOut(taken);
      const rest = line.get(taken.sync);
      if (rest !== undefined) {
        line.delete(taken.sync);
        line.set(taken.sync, rest);
      }
      return taken;
    },
    all: () => PRIORITIES.flatMap((priority) => [...lines[priority].values()].flat()),
  };
}
