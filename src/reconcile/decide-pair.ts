// What should be written for two linked records, or found for one that is not linked yet: pure functions of both sides as they
// are, of what both last agreed on, and of the sync.
import { decideAlone } from "./decide-alone.ts";
import { fit, type Park } from "./decide.ts";
import { decideLinked } from "./decide-linked.ts";
import { SIDES } from "./merge.ts";
import { only, type PairDecision, type PairFacts } from "./pair-step.ts";

/** Records are all read, and as they are now. */
export function decidePair(facts: PairFacts): PairDecision {
  const unfit = misfit(facts);
  if (unfit !== undefined) return only(unfit);
  return facts.claim.link === undefined ? only(decideAlone(facts)) : decideLinked(facts);
}

function misfit({ sync, bodies }: PairFacts): Park | undefined {
  for (const side of SIDES) {
    const body = bodies[side];
    if (body === undefined) continue;
    const { id, resource } = sync.sides[side].resource;
    const read = fit(resource.schema, body);
    if (read.kind === "fits") continue;
    return {
      do: "park",
      cause: "schema",
      reason: `the record does not have the shape that ${id} promises: ${read.issue}`,
      todo: "See whether the provider changed its answer, then retry; if it did, the connector's schema has to follow.",
      detail: { issue: read.issue },
    };
  }
  return undefined;
}
