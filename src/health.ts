// How each sync and connection is doing, from what the store counts and what the callers know (pure).
import { resourcesOf } from "./define/config.ts";
import type { Sync } from "./define/sync.ts";
import type { TwoWaySync } from "./define/two-way.ts";
import type { ConnectionHealth, SyncHealth } from "./control.ts";
import type { AwaitingLinks, SyncStatus } from "./store/store.ts";

export interface SyncFacts {
  readonly sync: Sync | TwoWaySync;
  readonly counted: SyncStatus | undefined;
  readonly connections: ReadonlyMap<string, ConnectionHealth>;
  /** Why what it reads could not be listed; undefined when it could. */
  readonly listingFault: string | undefined;
  readonly now: number;
}

const NOTHING: Omit<SyncStatus, "sync"> = { ready: 0, waiting: 0, sending: 0, unknown: 0, parked: 0, links: 0 };

export function syncHealth({ sync, counted, connections, listingFault, now }: SyncFacts): SyncHealth {
  const { ready, waiting, sending, unknown, parked, links, oldestNotedAt, lastClearedAt } = counted ?? NOTHING;
  const behindMs = oldestNotedAt === undefined ? 0 : Math.max(0, now - oldestNotedAt);
  const [from, to] = resourcesOf(sync);
  const isBehind = behindMs > sync.freshWithinMs;
  const held = whyHeld(sync, connections, now) ?? listingFault;
  const awaiting = isBehind && counted?.awaiting !== undefined ? awaitingText(counted.awaiting) : undefined;
  const heldBecause = held ?? awaiting;
  return {
    sync: sync.name,
    from: from.id,
    to: to.id,
    ...(sync.kind === "sync" ? {} : { sides: [sync.sides[0].name, sync.sides[1].name] as const }),
    purpose: sync.purpose,
    owner: ownerName(sync),
    freshWithinMs: sync.freshWithinMs,
    behindMs,
    ...(lastClearedAt === undefined ? {} : { lastClearedAt }),
    health: held !== undefined ? "held" : isBehind ? "behind" : parked > 0 ? "parked" : "fresh",
    ...(heldBecause === undefined ? {} : { heldBecause }),
    ready,
    waiting,
    sending,
    unknown,
    parked,
    links,
  };
}

export function awaitingText({ rows, key, needs }: AwaitingLinks): string {
  const what = rows === 1 ? "1 record waits for a link" : `${rows} records wait for links`;
  return `${what}: ${key} for ${needs.sync} ${needs.key}`;
}

/** How many rows of a sync are not settled, parked ones aside. */
export function dueRows({ ready, waiting, sending, unknown }: SyncStatus): number {
  return ready + waiting + sending + unknown;
}

/** Besides rows that await links: with nothing else under way, nobody makes those. */
export function isDueBesidesLinks(sync: SyncStatus): boolean {
  return dueRows(sync) > (sync.awaiting?.rows ?? 0);
}

/** A connection that is given up or paused: until a person acts. */
export function inactiveText(name: string, { state, reason = "" }: Pick<ConnectionHealth, "state" | "reason">): string {
  return `connection ${name} is ${state}: ${reason}`;
}

function whyHeld(sync: Sync | TwoWaySync, connections: SyncFacts["connections"], now: number): string | undefined {
  for (const name of resourcesOf(sync).map(({ connectionName }) => connectionName)) {
    const connection = connections.get(name);
    if (connection === undefined) continue;
    if (connection.state !== "active") return inactiveText(name, connection);
    if ((connection.heldUntil ?? 0) > now) {
      const because = connection.reason === undefined ? "" : `: ${connection.reason}`;
      return `connection ${name} takes no calls for now${because}`;
    }
  }
  return undefined;
}

function ownerName({ owner }: Sync | TwoWaySync): string {
  if (owner === undefined) return "nobody";
  return typeof owner === "string" ? owner : owner.name;
}
