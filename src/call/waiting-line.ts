// Who goes next when there is not room for all. The more urgent first, with a share of the turns kept for each of the less
// urgent; among those of one urgency, tenants in turn, and the syncs of a tenant in turn, by what they took so far and not by
// how many they are; within a sync the older first, among those who need the same limits.
import { PRIORITIES, TURNS_KEPT, type Priority } from "../store/store.ts";

export interface Waiter {
  readonly priority: Priority;
  /** Tenants take turns, each by its weight. */
  readonly tenant: string;
  readonly weight: number;
  /** Waiters of one sync keep their order; different syncs take turns. */
  readonly sync: string;
  /** What it takes; who takes much has its next turn later. */
  readonly cost: number;
  /** The limits it needs, as text: those who need others are not stopped with it. */
  readonly lane: string;
  /** Rises with each waiter. */
  readonly order: number;
}

export interface WaitingLine<W extends Waiter> {
  readonly size: number;
  add(waiter: W): void;
  /** Takes a waiter out wherever it stands; false when it is not there any more. */
  remove(waiter: W): boolean;
  /** Offers those who are first in their lanes, the next to go first, until one is taken; says which. */
  next(takes: (waiter: W) => boolean): W | undefined;
  all(): readonly W[];
}

/** Something that takes turns by what it took: a tenant, or a sync of it. */
interface Taking {
  took: number;
}

interface OfTenant<W> extends Taking {
  readonly name: string;
  weight: number;
  readonly syncs: Map<string, OfSync<W>>;
  /** What the sync that went last had taken: who comes anew begins there, and owes nothing. */
  reached: number;
}

interface OfSync<W> extends Taking {
  readonly name: string;
  readonly lanes: Map<string, Lane<W>>;
}

interface Lane<W> {
  readonly waiters: (W | undefined)[];
  front: number;
  size: number;
}

interface Urgency<W> {
  readonly priority: Priority;
  readonly tenants: Map<string, OfTenant<W>>;
  size: number;
  reached: number;
  /** Turns of its share that it has not had. */
  owed: number;
}

export function waitingLine<W extends Waiter>(): WaitingLine<W> {
  const urgencies: readonly Urgency<W>[] = PRIORITIES.map((priority) => ({
    priority,
    tenants: new Map(),
    size: 0,
    reached: 0,
    owed: 0,
  }));
  let size = 0;

  const urgencyOf = (waiter: W): Urgency<W> => urgencies[PRIORITIES.indexOf(waiter.priority)]!;

  function takeOut(waiter: W): boolean {
    const urgency = urgencyOf(waiter);
    const tenant = urgency.tenants.get(waiter.tenant);
    const sync = tenant?.syncs.get(waiter.sync);
    const lane = sync?.lanes.get(waiter.lane);
    if (tenant === undefined || sync === undefined || lane === undefined || !leave(lane, waiter)) return false;
    size -= 1;
    urgency.size -= 1;
    if (lane.size === 0) sync.lanes.delete(waiter.lane);
    if (sync.lanes.size === 0) tenant.syncs.delete(waiter.sync);
    if (tenant.syncs.size === 0) urgency.tenants.delete(waiter.tenant);
    return true;
  }

  /** Those first in their lanes, the next to go first. */
  function* heads(): Generator<W> {
    const due = urgencies.filter((urgency) => urgency.size > 0);
    // Whoever is owed a turn comes before the more urgent.
    const owed = due.filter((urgency) => urgency.owed >= 1);
    for (const urgency of [...owed, ...due.filter((other) => other.owed < 1)]) {
      for (const tenant of inTurn(urgency.tenants.values())) {
        for (const sync of inTurn(tenant.syncs.values())) {
          const firsts = [...sync.lanes.values()].map(firstOf);
          yield* firsts.length === 1 ? firsts : firsts.sort((a, b) => a.order - b.order);
        }
      }
    }
  }

  /** The one who goes next where nobody has to be compared: all wait in one lane. */
  function sole(): W | undefined {
    let only: W | undefined;
    for (const urgency of urgencies) {
      if (urgency.size === 0) continue;
      if (only !== undefined || urgency.tenants.size > 1) return undefined;
      const [tenant] = urgency.tenants.values();
      if (tenant === undefined || tenant.syncs.size > 1) return undefined;
      const [sync] = tenant.syncs.values();
      if (sync === undefined || sync.lanes.size > 1) return undefined;
      for (const lane of sync.lanes.values()) only = firstOf(lane);
    }
    return only;
  }

  function went(waiter: W): void {
    const urgency = urgencyOf(waiter);
    for (const other of urgencies) {
      if (other.size > 0) other.owed = Math.min(1, other.owed + TURNS_KEPT[other.priority]);
    }
    urgency.owed = Math.max(0, urgency.owed - 1);
    const tenant = urgency.tenants.get(waiter.tenant)!;
    const sync = tenant.syncs.get(waiter.sync)!;
    urgency.reached = Math.max(urgency.reached, tenant.took);
    tenant.reached = Math.max(tenant.reached, sync.took);
    tenant.took += waiter.cost / tenant.weight;
    sync.took += waiter.cost;
  }

  return {
    get size() {
      return size;
    },
    add(waiter) {
      const urgency = urgencyOf(waiter);
      const tenant = found(urgency.tenants, waiter.tenant, (name) => ({
        name,
        weight: waiter.weight,
        took: urgency.reached,
        syncs: new Map<string, OfSync<W>>(),
        reached: 0,
      }));
      tenant.weight = waiter.weight;
      const sync = found(tenant.syncs, waiter.sync, (name) => ({
        name,
        took: tenant.reached,
        lanes: new Map<string, Lane<W>>(),
      }));
      const lane = found(sync.lanes, waiter.lane, () => ({ waiters: [], front: 0, size: 0 }));
      lane.waiters.push(waiter);
      lane.size += 1;
      urgency.size += 1;
      size += 1;
    },
    remove: takeOut,
    next(takes) {
      if (size === 0) return undefined;
      const only = sole();
      for (const waiter of only === undefined ? heads() : [only]) {
        if (!takes(waiter)) continue;
        went(waiter);
        takeOut(waiter);
        return waiter;
      }
      return undefined;
    },
    all: () =>
      urgencies.flatMap(({ tenants }) =>
        [...tenants.values()].flatMap(({ syncs }) =>
          [...syncs.values()].flatMap(({ lanes }) =>
            [...lanes.values()].flatMap(({ waiters }) => waiters.filter((waiter) => waiter !== undefined)),
          ),
        ),
      ),
  };
}

/** Who took least first; equal ones as they came. */
function inTurn<T extends Taking>(some: Iterable<T>): readonly T[] {
  const all = [...some];
  return all.length === 1 ? all : all.sort((a, b) => a.took - b.took);
}

function found<T>(some: Map<string, T>, name: string, make: (name: string) => T): T {
  let one = some.get(name);
  if (one === undefined) {
    one = make(name);
    some.set(name, one);
  }
  return one;
}

/** The front of a lane is never a gap. */
function firstOf<W>({ waiters, front }: Lane<W>): W {
  return waiters[front]!;
}

function leave<W>(lane: Lane<W>, waiter: W): boolean {
  const { waiters } = lane;
  const index = waiters[lane.front] === waiter ? lane.front : waiters.indexOf(waiter, lane.front);
  if (index === -1) return false;
  waiters[index] = undefined;
  lane.size -= 1;
  while (lane.front < waiters.length && waiters[lane.front] === undefined) lane.front += 1;
  if (lane.front > 64 && lane.front * 2 > waiters.length) {
    waiters.splice(0, lane.front);
    lane.front = 0;
  }
  return true;
}
