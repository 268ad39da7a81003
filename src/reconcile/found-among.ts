// Whom a record finds, by the first of the sync's alternatives that finds anybody on the other side, or else on its own: as the store
// answers it, for who looks among other records than those (pure).
import type { MatchFound } from "../store/two-way.ts";

export function foundAmong(
  values: readonly (string | null)[],
  having: (alternative: number, value: string) => Pick<MatchFound, "candidates" | "rivals">,
): MatchFound {
  let alone: MatchFound = { candidates: [], rivals: [] };
  for (const [alternative, value] of values.entries()) {
    if (value === null) continue;
    const found = { value, ...having(alternative, value) };
    if (found.candidates.length > 0) return found;
    if (alone.rivals.length === 0 && found.rivals.length > 0) alone = found;
  }
  return alone;
}
