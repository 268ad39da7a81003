// Counts what an engine asks of its store, so that a test can say what a piece of work costs.
import type { PendingWrite, Store } from "../store/store.ts";

export interface AskedOfStore {
  /** Given to an engine, counts from then on. */
  readonly throughStore: (store: Store) => Store;
  /** What was asked while this went on. */
  during(work: () => Promise<void>): Promise<{ readonly claims: number; readonly settled: number }>;
}

export function askedOfStore(): AskedOfStore {
  const asked = { claims: 0, settled: 0 };
  return {
    throughStore: (store) => ({
      ...store,
      claim(query) {
        asked.claims += 1;
        return store.claim(query);
      },
      settle(settlements) {
        asked.settled += settlements.length;
        return store.settle(settlements);
      },
    }),
    async during(work) {
      Object.assign(asked, { claims: 0, settled: 0 });
      await work();
      return { ...asked };
    },
  };
}

/** Does this once, when the first write of this kind is about to be armed: just then something is learnt. */
export function beforeArming(action: PendingWrite["action"], work: () => Promise<unknown>): (store: Store) => Store {
  let done = false;
  return (store) => ({
    ...store,
    async settle(settlements) {
      if (!done && settlements.some((one) => one.to === "sending" && one.write.action === action)) {
        done = true;
        await work();
      }
      return store.settle(settlements);
    },
  });
}
