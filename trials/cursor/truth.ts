// What Bowline knows compared with the truth: which changes it never read, and how often it read the others.
import type { Hash } from "node:crypto";
import type { Store } from "../../src/store/store.ts";
import { RESOURCE, type Item } from "./project.ts";
import type { Provider } from "./provider.ts";
import { CLOCK_OFF_MS_MAX, declaredFor, type Quirks } from "./quirks.ts";
import type { Wire } from "./wire.ts";

export interface Reads {
  /** How many changes were listed, and how often in all. */
  readonly changes: number;
  readonly reads: number;
  readonly most: number;
  /** No change may have been listed more often. */
  readonly mostAllowed: number;
  readonly looks: number;
}

/** A change is read when what is known of its record is what it made, or something later. */
export async function missedIn(provider: Provider, store: Store, trace: Hash): Promise<readonly string[]> {
  const missed: string[] = [];
  for (const key of provider.keys()) {
    const changes = provider.changesOf(key);
    const known = await store.record(RESOURCE, key);
    trace.update(`${key} ${known?.deleted} ${known?.body}\n`);
    const value = known?.body === undefined ? undefined : (JSON.parse(known.body) as Item).value;
    const isGone = known === undefined || known.deleted;
    // A record that came and went between two listings was never there for anybody.
    const last = isGone ? lastDeletion(changes) : changes.findLastIndex((change) => change.value === value);
    for (const change of changes.slice(last + 1)) {
      const made = new Date(change.at).toISOString();
      const knows = isGone ? "nothing or that it is gone" : value;
      missed.push(`${change.deleted ? "the deletion" : "the edit"} ${change.value} of ${made}: known is ${knows}`);
    }
  }
  return missed;
}

function lastDeletion(changes: readonly { readonly deleted: boolean }[]): number {
  return changes.findLastIndex(({ deleted }) => deleted);
}

/**
 * The stated bound: a change is listed by each poll whose window it is in and by each complete listing (twice, where each page
 * begins with the last record of the one before), and once more for each listing that was begun anew, each restart and each
 * answer that failed.
 */
export function readsIn(options: { readonly wire: Wire; readonly quirks: Quirks; readonly restarts: number }): Reads {
  const { wire, quirks, restarts } = options;
  const { overlapMs } = declaredFor(quirks);
  const counts = [...wire.reads.values()];
  const window = overlapMs + (quirks.tellsCovered ? quirks.lagMsMax : 0) + 2 * CLOCK_OFF_MS_MAX + quirks.stampMs;
  const polls = Math.ceil(window / quirks.pollEveryMs) + 2;
  const each = quirks.paging === "offset" ? 2 : 1;
  return {
    changes: counts.length,
    reads: counts.reduce((sum, count) => sum + count, 0),
    most: Math.max(0, ...counts),
    mostAllowed: each * (polls + wire.wholes + wire.anew) + restarts + wire.failed,
    looks: wire.looks,
  };
}
