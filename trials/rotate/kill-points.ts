// Named places between the steps of a rotation, put around the store from outside. The new key is in the key file before the
// first of them, and the old one leaves it after the last.
import type { Store } from "../../src/store/store.ts";

export const KILL_POINTS = [
  "rewrap:before",
  "rewrap:committed",
  "data-key:before",
  "data-key:committed",
  "reseal:before",
  "reseal:committed",
  "save:before",
  "save:committed",
  "drop:before",
  "drop:committed",
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** Passed only with new data keys. */
export const DATA_POINTS: ReadonlySet<KillPoint> = new Set([
  "data-key:before",
  "data-key:committed",
  "reseal:before",
  "reseal:committed",
]);

export type Pass = (point: KillPoint) => void;

export function throughPoints(store: Store, pass: Pass): Store {
  async function around<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
    pass(`${step}:before` as KillPoint);
    const result = await work();
    pass(`${step}:committed` as KillPoint);
    return result;
  }
  return {
    ...store,
    rewrapDataKey: (...given) => around("rewrap", () => store.rewrapDataKey(...given)),
    addDataKey: (...given) => around("data-key", () => store.addDataKey(...given)),
    reseal: (...given) => around("reseal", () => store.reseal(...given)),
    saveCredential: (...given) => around("save", () => store.saveCredential(...given)),
    dropUnusedDataKeys: () => around("drop", () => store.dropUnusedDataKeys()),
  };
}
