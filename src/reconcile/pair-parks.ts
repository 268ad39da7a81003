// Why a person has to look at a pair's record before it goes on, whichever step it is at.
import { otherSide, type Side, type TwoWaySync } from "../define/two-way.ts";
import { thrownText } from "../define/thrown-text.ts";
import type { Park } from "./decide.ts";

/** Is the record for this sync at all? The rule is people's code, so it may throw. */
export function inScope(sync: TwoWaySync, side: Side, body: unknown): boolean | Park {
  const { only: holds, name } = sync.sides[side];
  if (holds === undefined || body === undefined) return true;
  try {
    return holds(body);
  } catch (error) {
    return thrown(`\`only.${name}\` of sync ${sync.name}`, error);
  }
}

export function thrown(what: string, error: unknown): Park {
  return {
    do: "park",
    cause: "mapping",
    reason: `${what} threw: ${thrownText(error)}`,
    todo: "Mend it so that it answers for this record too, then retry.",
  };
}

export function notTaken({ sides }: TwoWaySync, side: Side, issue: string): Park {
  return {
    do: "park",
    cause: "invalid",
    reason: `${sides[side].resource.id} would not take the fields: ${issue}`,
    todo: `Mend the record in ${sides[otherSide(side)].name}; it is tried again by itself.`,
    detail: { issue },
  };
}

export function notCarried(
  { name }: TwoWaySync,
  problems: readonly { readonly field: string; readonly reason: string }[],
): Park {
  return {
    do: "park",
    cause: "mapping",
    reason: problems.map(({ field, reason }) => `${field}: ${reason}`).join("; "),
    todo: `Mend the value at its source, or the converter of sync ${name}; then retry.`,
    detail: { problems },
  };
}
