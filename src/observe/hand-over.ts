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

/** A page, or a part of one, whose records were decided where that is possible before anybody knows them. */
export interface Prepared {
  /** Makes it durable, and moves the cursor in the same transaction where one is given. */
  observe(moved?: Pick<ObserveBatch, "scan">): Promise<ObserveCounts>;
}

export class HandOver {
  readonly #parts: HandOverParts;
  /** Records that were prepared for the reader and are not observed yet. */
  #expected = 0;

  constructor(parts: HandOverParts) {
    this.#parts = parts;
  }

  /** Makes it durable as it is. `takeUp` hears of it before anybody is woken. */
  async observe(batch: ObserveBatch, takeUp?: (counts: ObserveCounts) => void): Promise<ObserveCounts> {
    const counts = await this.#parts.store.observe(batch);
    takeUp?.(counts);
    this.#parts.wakeSyncs(counts.syncs);
    return counts;
  }

  /** Decides what may be decided before it is durable; the reader expects it until it is observed. */
  async prepare(batch: Omit<ObserveBatch, "scan" | "claim">, { records, areNew }: Listed): Promise<Prepared> {
    const { from, reader } = this.#parts;
    const limit = records.length === 0 ? 0 : Math.min(reader?.appetite ?? 0, batch.observations.length);
    if (reader === undefined || limit === 0) return { observe: (moved) => this.observe({ ...batch, ...moved }) };
    let bodies: ReadonlyMap<string, unknown> | undefined;
    // Most pages have nothing new. Of one that is listed twice on a page, the first is what is claimed.
    const bodyOf = (key: string): unknown =>
      (bodies ??= new Map(records.toReversed().map((record) => [from.resource.key(record), record]))).get(key);
    this.#expect(limit);
    const foresight = areNew ? await foreseen(reader, batch.observations.slice(0, limit), bodyOf) : undefined;
    const claim: ClaimAtOnce = {
      sync: reader.sync,
      limit,
      ...(foresight === undefined ? {} : { creations: foresight.creations }),
    };
    return {
      observe: async (moved) => {
        try {
          return await this.observe({ ...batch, ...moved, claim: [claim] }, ({ armed, claimed }) => {
            for (const { keys } of armed) foresight?.send(keys);
            if (claimed.length > 0) reader.takeUp(claimed.map((one) => ({ claim: one, body: bodyOf(one.key) })));
          });
        } finally {
          this.#expect(-limit);
        }
      },
    };
  }

  /** What was prepared and not observed never will be. */
  forget(): void {
    this.#expect(-this.#expected);
  }

  #expect(records: number): void {
    this.#expected += records;
    this.#parts.reader?.expect(records);
  }
}

/** Undefined: the reader arms by itself. */
function foreseen(
  reader: Reader,
  observations: readonly Observation[],
  bodyOf: (key: string) => unknown,
): Promise<Foresight> | undefined {
  return reader.foresee?.(observations.map((observation) => ({ observation, body: bodyOf(observation.key) })));
}
