// What the store is to keep and to find of decided records: kept for linked ones too, so that a new duplicate is noticed.
import type { MatchQuery } from "../store/two-way.ts";
import { matchValues } from "./decide-alone.ts";
import type { PairFacts, PairStep } from "./pair-step.ts";
import { SIDES } from "./merge.ts";
import { keysOf, recordsOf, sideOfClaim } from "./pair-facts.ts";

/** What a decided record, or the two of a pair, are found by from now on. */
export function matchQueries({ sync, claim, bodies }: PairFacts, step: PairStep): readonly MatchQuery[] {
  const keys = keysOf(claim);
  if (step.do === "match") {
    const side = sideOfClaim(claim);
    return [{ sync: sync.name, key: claim.key, values: step.values, find: true, ...(side === 1 ? { side } : {}) }];
  }
  return SIDES.flatMap((side) => {
    const key = keys[side];
    if (key === undefined) return [];
    const isThere =
      bodies[side] !== undefined &&
      recordsOf(claim)[side]?.movedTo === undefined &&
      !(claim.link === undefined && step.do === "nothing");
    const values = isThere ? matchValues(sync, side, bodies[side]) : [];
    if (!Array.isArray(values)) return [];
    return [
      {
        sync: sync.name,
        key,
        values: values as readonly (string | null)[],
        find: false,
        ...(side === 1 ? { side } : {}),
      },
    ];
  });
}
