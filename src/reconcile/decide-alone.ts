// What becomes of a record that is not linked yet (pure): whom it is found by, and then a link, a counterpart, or a person's question.
import { otherSide, type Side, type TwoWaySync } from "../define/two-way.ts";
import type { MatchFound } from "../store/two-way.ts";
import type { Park } from "./decide.ts";
import { fitted } from "./fitted.ts";
import { carry, isEmpty } from "./merge.ts";
import { isGone, shownBy, sideOfClaim } from "./pair-facts.ts";
import { inScope, notCarried, notTaken, thrown } from "./pair-parks.ts";
import type { PairFacts, PairStep } from "./pair-step.ts";
import { thrownText } from "../define/thrown-text.ts";

export function decideAlone(facts: PairFacts): PairStep {
  const { sync, claim, bodies } = facts;
  const side = sideOfClaim(claim);
  if (isGone(claim.record)) return { do: "nothing", why: "gone" };
  const scope = inScope(sync, side, bodies[side]);
  if (typeof scope === "object") return scope;
  if (!scope) return { do: "nothing", why: "out-of-scope" };
  const values = matchValues(sync, side, bodies[side]);
  return Array.isArray(values) ? { do: "match", values: values as readonly (string | null)[] } : (values as Park);
}

/** What a record is found by; one for each alternative. */
export function matchValues({ name, match }: TwoWaySync, side: Side, body: unknown): readonly (string | null)[] | Park {
  try {
    return match.map(({ read, as }) => {
      const value = read[side](body);
      const isNumber = Number.isFinite(value) || typeof value === "bigint";
      const text = isNumber ? String(value) : value;
      return typeof text === "string" ? keptAs(as.normal(text)) : null;
    });
  } catch (error) {
    return thrown(`\`match\` of sync ${name}`, error);
  }
}

/**
 * Half a character, as of an emoji at which a system cut a name off, is kept by no store as it came: read back, the value would seem
 * to be another one each time, and whoever was found by it would be looked at again without end.
 */
function keptAs(value: string | undefined): string | null {
  if (value === undefined) return null;
  return value.isWellFormed() ? value : JSON.stringify(value);
}

/** How long a record waits for the other side to be listed, or looked at, in milliseconds. */
const READY_WAIT_MS = 5_000;
/** How long it waits for what changed there meanwhile, in milliseconds. */
export const ASKED_WAIT_MS = 1_000;

/**
 * How well a side is known: `whole`, with all that changed since the record in question came; `asked`: it is just being asked for
 * that; `in-part`: it was never listed completely, or not all of it was looked at.
 */
export type SideKnown = "whole" | "asked" | "in-part";

/** What follows from whom it found. */
export function afterMatch(facts: PairFacts, found: MatchFound, known: SideKnown): PairStep {
  const { sync, claim, bodies } = facts;
  const side = sideOfClaim(claim);
  const other = otherSide(side);
  const [first, ...more] = found.candidates;
  const isTaken = first?.linked === true || more.length > 0 || found.rivals.length > 0;
  if (first !== undefined) return isTaken ? ambiguous(sync, side, found) : { do: "link", other: first.key };
  if (!sync.sides[other].creates) return { do: "nothing", why: "out-of-scope" };
  // Two of one kind are not made two of the other as well; and the counterpart that one of them had may be the one deleted.
  if (found.rivals.length > 0) return ambiguous(sync, side, found);
  if (known !== "whole") {
    const what = known === "asked" ? "what changed meanwhile in" : "all of";
    const reason = `waits until ${what} ${sync.sides[other].resource.id} is known, so that nothing is made twice`;
    return { do: "wait", reason, forMs: known === "asked" ? ASKED_WAIT_MS : READY_WAIT_MS };
  }
  return claim.doubtedSince !== undefined && isFoundByNothing(sync, side, bodies[side])
    ? maybeMade(sync, side)
    : creation(sync, side, bodies[side]);
}

function isFoundByNothing(sync: TwoWaySync, side: Side, body: unknown): boolean {
  const values = matchValues(sync, side, body);
  return Array.isArray(values) && values.every((value) => value === null);
}

/** Nobody can tell which of the records there it would be. */
function maybeMade({ sides }: TwoWaySync, side: Side): Park {
  const other = sides[otherSide(side)];
  return {
    do: "park",
    cause: "match",
    reason: `its counterpart may have been made in ${other.name} since the backup that was restored, and it has nothing to be found by`,
    todo: `Look in ${other.resource.id}: if it is there, link it with \`bowline parked link\`; if not, discard this row and note the record again.`,
  };
}

function ambiguous({ sides }: TwoWaySync, side: Side, { value = "", candidates, rivals }: MatchFound): Park {
  const [own, other] = [sides[side].name, sides[otherSide(side)].name];
  const keys = candidates.map(({ key, linked }) => (linked ? `${key} (linked already)` : key));
  const theirs = keys.length === 0 ? "none is there" : keys.join(", ");
  const ours = rivals.length === 0 ? "" : `; ${own} has ${rivals.join(", ")} with it besides`;
  return {
    do: "park",
    cause: "match",
    reason: `"${value}" does not say which record of ${other} it is: ${theirs}${ours}`,
    todo: "Merge the duplicates in their system, or tell which belong together with `bowline parked link`; a record that stays alone can be discarded.",
    detail: { value, candidates: candidates.map(({ key }) => key), rivals },
  };
}

function creation(sync: TwoWaySync, side: Side, body: unknown): PairStep {
  const other = otherSide(side);
  const shown = shownBy(sync, side, body);
  const wanted: Record<string, unknown> = {};
  for (const pair of sync.pairs) {
    if (pair.from === other || isEmpty(shown[pair.fields[side]])) continue;
    try {
      wanted[pair.fields[other]] = carry(pair, side, shown[pair.fields[side]]);
    } catch (error) {
      return notCarried(sync, [{ field: pair.fields[side], reason: thrownText(error) }]);
    }
  }
  const taken = fitted(sync.sides[other].resource, wanted);
  if (taken.kind === "misfit") return notTaken(sync, other, taken.issue);
  return { do: "write", action: "create", side: other, fields: taken.value, from: shown };
}
