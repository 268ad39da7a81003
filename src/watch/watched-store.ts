// Listens at the store: what webhooks told of and what listings found alone is counted where it becomes durable, a few
// additions a page.
import type { ObserveBatch, ObserveCounts, Settlement, Store } from "../store/store.ts";

export interface Listener {
  /** Webhooks told of so many records of this resource. */
  heard(resource: string, records: number, at: number): void;
  /** A listing found so many changes of this resource that nobody had told of. */
  found(resource: string, changes: number, at: number): void;
}

export interface Listeners {
  readonly webhooks: Listener;
  readonly drift: { settled(settlements: readonly Settlement[]): void };
}

/**
 * `settled` names the resources that were listed completely before: what a first listing shows was there already, and no
 * webhook had to tell of it.
 */
export function watchedStore(store: Store, { webhooks, drift }: Listeners, settled: Set<string>): Store {
  return {
    ...store,
    async observe(batch) {
      const counts = await store.observe(batch);
      if (batch.arrivalsUpTo !== undefined) tellHeard(batch, webhooks);
      if (batch.scan !== undefined) tellFound(batch, counts, webhooks, settled);
      return counts;
    },
    async settle(settlements) {
      const woken = await store.settle(settlements);
      drift.settled(settlements);
      return woken;
    },
  };
}

function tellHeard({ observations }: ObserveBatch, listener: Listener): void {
  const records = new Map<string, number>();
  for (const { resource } of observations) records.set(resource, (records.get(resource) ?? 0) + 1);
  const at = observations[0]?.at ?? 0;
  for (const [resource, count] of records) listener.heard(resource, count, at);
}

function tellFound(
  { scan, observations }: ObserveBatch,
  { changed }: ObserveCounts,
  listener: Listener,
  settled: Set<string>,
): void {
  if (scan === undefined) return;
  const { resource, state } = scan;
  const at = observations[0]?.at;
  if (changed > 0 && at !== undefined && settled.has(resource)) listener.found(resource, changed, at);
  if (state.completeAt !== undefined) settled.add(resource);
}
