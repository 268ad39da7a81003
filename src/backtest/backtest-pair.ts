// What a two-way sync as it is now in the project would do with a pair, or a record that is alone, as it was seen: a pure function,
// by the same decisions that the reconciler makes.
import type { TwoWaySync } from "../define/two-way.ts";
import { CLAIM_TO_JUDGE } from "../reconcile/claim-to-judge.ts";
import { afterMatch } from "../reconcile/decide-alone.ts";
import { decidePair } from "../reconcile/decide-pair.ts";
import type { PairFacts, PairStep } from "../reconcile/pair-step.ts";
import { SIDES, sameValue, type Both } from "../reconcile/merge.ts";
import { mergeOfPair } from "../reconcile/merge-of-pair.ts";
import { baseIn, bothShown } from "../reconcile/pair-facts.ts";
import type { Claim, KnownRecord } from "../store/store.ts";
import type { MatchFound } from "../store/two-way.ts";
import type { PairRow } from "../store/pair-rows.ts";
import { NO_PLANTS } from "../world/plant.ts";
import type { Difference, Verdict } from "./backtest-record.ts";
import { fieldDifferences } from "./field-differences.ts";

/** Parked for these causes, it was the sync's own rules that did not go on. */
const OF_THE_RULES: ReadonlySet<string> = new Set(["mapping", "schema", "match", "edited", "invalid", "deleted"]);

export type FoundBy = (row: PairRow, values: readonly (string | null)[]) => MatchFound;

/** `found`: whom a record that is alone finds among all that are known. */
export function backtestPair(sync: TwoWaySync, row: PairRow, bodies: Both<unknown>, found: FoundBy): Verdict {
  if (row.pending !== undefined && row.pending !== "parked") return { is: "in-flight" };
  if (row.parked !== undefined && !isOfTheRules(sync, row.parked)) return { is: "in-flight" };
  if (isNotKept(row, bodies)) return { is: "not-kept" };
  const facts: PairFacts = { sync, claim: claimOf(sync, row), bodies, now: 0, plants: NO_PLANTS };
  const differences = differencesOf(sync, row, facts, found);
  return differences.length === 0 ? { is: "same" } : { is: "different", differences };
}

/** What a provider refused it may refuse again, whatever the rules say. */
function isOfTheRules({ sides }: TwoWaySync, { cause, reason }: NonNullable<PairRow["parked"]>): boolean {
  if (cause !== "invalid") return OF_THE_RULES.has(cause);
  return sides.some(({ resource }) => reason.startsWith(`${resource.id} would not take the fields`));
}

function isNotKept({ record, side, other }: PairRow, bodies: Both<unknown>): boolean {
  const isMissing = (known: KnownRecord | undefined, body: unknown): boolean =>
    body === undefined && known?.deleted !== true;
  if (isMissing(record, bodies[side ?? 0])) return true;
  return other !== undefined && isMissing(other.record, bodies[1]);
}

function claimOf(sync: TwoWaySync, { key, side, record, other, link }: PairRow): Claim {
  const fresh = (known: KnownRecord): KnownRecord => ({ ...known, stale: 0 });
  return {
    sync: sync.name,
    key,
    ...(side === undefined ? {} : { side }),
    ...CLAIM_TO_JUDGE,
    record: fresh(record),
    ...(link === undefined ? {} : { link }),
    ...(other === undefined
      ? {}
      : { other: { key: other.key, ...(other.record === undefined ? {} : { record: fresh(other.record) }) } }),
  };
}

function differencesOf(sync: TwoWaySync, row: PairRow, facts: PairFacts, found: FoundBy): readonly Difference[] {
  const decided = decidePair(facts).step;
  const step = decided.do === "match" ? afterMatch(facts, found(row, decided.values), "whole") : decided;
  if (row.parked !== undefined) return step.do === "park" ? [] : [{ kind: "unparks", reason: row.parked.reason }];
  switch (step.do) {
    case "write":
      return written(sync, facts, step);
    case "link":
      return row.side === 1 ? [] : [{ kind: "links", side: sync.sides[1].name, reason: `to ${step.other}` }];
    case "park":
      return [{ kind: "parks", field: "", reason: step.reason }];
    case "nothing":
      return step.why === "out-of-scope" && wasAgreed(sync, row, facts) ? [{ kind: "leaves" }] : [];
    default:
      return [];
  }
}

function written(
  sync: TwoWaySync,
  facts: PairFacts,
  { action, side, way }: Extract<PairStep, { do: "write" }>,
): readonly Difference[] {
  const { name } = sync.sides[side];
  if (action === "create") return [{ kind: "creates", side: name }];
  if (action === "remove") return [{ kind: "removes", side: name, way: way ?? "remove" }];
  const shown = bothShown(sync, facts.bodies);
  const { writes } = mergeOfPair(facts, shown);
  return SIDES.flatMap((of) => {
    const write = writes[of];
    if (write === undefined) return [];
    const told = sync.sides[of].name;
    return fieldDifferences(shown[of], write.fields, write.changed).map((one) => ({ ...one, side: told }));
  });
}

/** Both show just what they agreed on, and now the rules leave it out. */
function wasAgreed(sync: TwoWaySync, { link }: PairRow, { bodies }: PairFacts): boolean {
  const base = baseIn(link);
  if (base === undefined || bodies.includes(undefined)) return false;
  const shown = bothShown(sync, bodies);
  return sync.pairs.every(({ fields }) =>
    SIDES.every((side) => sameValue(shown[side][fields[side]], base[side][fields[side]])),
  );
}
