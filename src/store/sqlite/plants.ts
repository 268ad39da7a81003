// Faults that a trial plants to learn whether it would find them. Never in use otherwise.
import type { Clock } from "../../world/world.ts";
import type { Store } from "../store.ts";

const LATE_MS = 20;

/**
 * "ack-before-commit": an arrival is answered at once and written 20 ms later (without a clock: with the next one), so that
 * a crash in between loses what was answered.
 */
export function ackBeforeCommit(store: Store, clock: Clock | undefined): Store {
  let late: Promise<unknown> = Promise.resolve();
  let write = (): void => {};
  return {
    ...store,
    ingest(arrivals) {
      write();
      let written = false;
      write = () => {
        if (written) return;
        written = true;
        late = Promise.allSettled([late, store.ingest(arrivals)]);
      };
      clock?.timer(LATE_MS, write);
      return Promise.resolve(arrivals.map(() => "new" as const));
    },
    async close() {
      write();
      await late;
      await store.close();
    },
  };
}
