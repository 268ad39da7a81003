// Makes a page of a listing durable, and hands its new records to the one sync that reads them, when that waits for work: claimed in the
// transaction that first sees them, and where all are likely new, decided before it and armed in it.
import type { ConnectedResource } from "../define/connection.ts";
import type { ClaimAtOnce, Observation, ObserveBatch, ObserveCounts, Store } from "../store/store.ts";
import type { Foresight, Reader } from "./reader.ts";

export interface HandOverParts {
  readonly from: ConnectedResource;
  readonly store: Store;
  readonly reader?: Reader;
  readonly wakeSyncs: (syncs: readonly string[]) => void;
}

/** The records that the observations tell of. */
export interface Listed {
  readonly records: readonly unknown[];
  /** The resource was never listed to the end: whatever is listed is most likely new. */
  readonly areNew: boolean;
}

const NOTHING_LISTED: Listed = { records: [], areNew: false };

export async function observeAndHandOver(
  { from, store, reader, wakeSyncs }: HandOverParts,
  batch: ObserveBatch,
  { records, areNew }: Listed = NOTHING_LISTED,
): Promise<ObserveCounts> {
  const limit = records.length === 0 ? 0 : (reader?.appetite ?? 0);
  if (reader === undefined || limit === 0) {
    const counts = await store.observe(batch);
    wakeSyncs(counts.syncs);
    return counts;
  }
  let bodies: ReadonlyMap<string, unknown> | undefined;
  // Most pages have nothing new. Of one that is listed twice on a page, the first is what is claimed.
  const bodyOf = (key: string): unknown =>
    (bodies ??= new Map(records.toReversed().map((record) => [from.resource.key(record), record]))).get(key);
  const foresight = areNew ? await foreseen(reader, batch.observations.slice(0, limit), bodyOf) : undefined;
  const claim: ClaimAtOnce = {
    sync: reader.sync,
    limit,
    ...(foresight === undefined ? {} : { creations: foresight.creations }),
  };
  const counts = await store.observe({ ...batch, claim: [claim] });
  for (const { keys } of counts.armed) foresight?.send(keys);
  if (counts.claimed.length > 0) {
    reader.takeUp(counts.claimed.map((claimed) => ({ claim: claimed, body: bodyOf(claimed.key) })));
  }
  wakeSyncs(counts.syncs);
  return counts;
}

/** Undefined: the reader arms by itself. */
function foreseen(
  reader: Reader,
  observations: readonly Observation[],
  bodyOf: (key: string) => unknown,
): Promise<Foresight> | undefined {
  return reader.foresee?.(observations.map((observation) => ({ observation, body: bodyOf(observation.key) })));
}
