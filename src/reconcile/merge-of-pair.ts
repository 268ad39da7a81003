// A pair's merge by itself, both sides' writes of it: what audits and backtests tell of, where the reconciler writes one side a pass.
import { merge, type Both, type Merged } from "./merge.ts";
import type { PairFacts } from "./pair-step.ts";
import type { Fields } from "./decide.ts";
import { newerOf } from "./newer.ts";
import { settledBase } from "./pair-facts.ts";

export function mergeOfPair({ sync, claim, bodies, plants }: PairFacts, now: Both<Fields>): Merged {
  const base = settledBase(claim, now);
  const newer = newerOf(sync, bodies, plants);
  return merge({
    pairs: sync.pairs,
    now,
    ...(base === undefined ? {} : { base }),
    ...(newer === undefined ? {} : { newer }),
  });
}
