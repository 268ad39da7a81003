// Hands deliveries that arrive in the same turn of the event loop to the store as one batch: one transaction, one fsync.
import { StoreError, type NewArrival } from "../store/store.ts";
import type { Clock } from "../world/world.ts";
import type { Shedding } from "./shedding.ts";

export type Ingested = { readonly ok: true; readonly result: "new" | "seen" } | { readonly ok: false };

export interface IngestOptions {
  readonly ingest: (arrivals: readonly NewArrival[]) => Promise<readonly ("new" | "seen")[]>;
  readonly clock: Clock;
  readonly shedding: Shedding;
  readonly batchMax: number;
  readonly onArrival: () => void;
}

interface Waiting {
  readonly arrival: NewArrival;
  readonly done: (ingested: Ingested) => void;
}

/** Calls `done` once the arrival is durable, or certainly not. */
export function ingestTogether(
  options: IngestOptions,
): (arrival: NewArrival, done: (ingested: Ingested) => void) => void {
  let waiting: Waiting[] = [];
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    for (let from = 0; from < batch.length; from += options.batchMax) {
      void ingestBatch(options, batch.slice(from, from + options.batchMax));
    }
  };
  return (arrival, done) => {
    waiting.push({ arrival, done });
    if (waiting.length === 1) setImmediate(flush);
  };
}

async function ingestBatch(options: IngestOptions, batch: readonly Waiting[]): Promise<void> {
  const { ingest, clock, shedding, onArrival } = options;
  const commit = shedding.begin(clock.now());
  let results: readonly ("new" | "seen")[];
  try {
    results = await ingest(batch.map(({ arrival }) => arrival));
  } catch (error) {
    // One arrival that cannot be taken takes nobody with it: each is tried alone, unless the store itself is at fault.
    if (batch.length > 1 && !(error instanceof StoreError)) {
      shedding.failed(commit, error, clock.now());
      for (const one of batch) void ingestBatch(options, [one]);
      return;
    }
    shedding.failed(commit, error, clock.now());
    for (const { done } of batch) done({ ok: false });
    return;
  }
  shedding.committed(commit, clock.now());
  for (const [index, { done }] of batch.entries()) {
    const result = results[index];
    done(result === undefined ? { ok: false } : { ok: true, result });
  }
  if (results.includes("new")) onArrival();
}
