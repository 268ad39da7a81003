// The two that are compared, and in which order: the one that begins changes with each round, so that neither always meets
// the warmer or the more tired machine.

export type Side = "limit" | "bowline";

function sidesOf(round: number, limitsOnly: boolean): readonly Side[] {
  if (limitsOnly) return ["limit"];
  return round % 2 === 0 ? ["limit", "bowline"] : ["bowline", "limit"];
}

/** Runs `measure` for each side in each round; answers each side's figures. */
export async function interleave<Figures>(
  { runs, limitsOnly }: { readonly runs: number; readonly limitsOnly: boolean },
  measure: (side: Side, round: number) => Promise<Figures>,
): Promise<Record<Side, readonly Figures[]>> {
  const figures: Record<Side, Figures[]> = { limit: [], bowline: [] };
  for (let round = 0; round < runs; round += 1) {
    for (const side of sidesOf(round, limitsOnly)) figures[side].push(await measure(side, round));
  }
  return figures;
}
