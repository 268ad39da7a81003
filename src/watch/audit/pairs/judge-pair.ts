// What a pair, or a record that is alone, comes to once both sides were read as they are now: by the very decision that the
// reconciler makes, so that the audit and the engine never differ in judgement (pure).
import { otherSide, type Side, type TwoWaySync } from "../../../define/two-way.ts";
import { CLAIM_TO_JUDGE } from "../../../reconcile/claim-to-judge.ts";
import { afterMatch, matchValues } from "../../../reconcile/decide-alone.ts";
import { decidePair } from "../../../reconcile/decide-pair.ts";
import type { PairFacts, PairStep } from "../../../reconcile/pair-step.ts";
import { foundAmong } from "../../../reconcile/found-among.ts";
import { SIDES, type Both, type Merged } from "../../../reconcile/merge.ts";
import { mergeOfPair } from "../../../reconcile/merge-of-pair.ts";
import { bothShown } from "../../../reconcile/pair-facts.ts";
import type { Claim, KnownRecord } from "../../../store/store.ts";
import type { AuditedRecord } from "../../../store/audit-pairs.ts";
import type { MatchFound } from "../../../store/two-way.ts";
import { NO_PLANTS } from "../../../world/plant.ts";
import type { AuditFinding, FieldDifference, FindingKind } from "../report.ts";
import { shortened } from "../shortened.ts";
import { unmatchedFinding } from "./alone.ts";
import type { PairRead, ReadMatch, ReadRecord } from "./look-pairs.ts";
import { pairCauseOf } from "./pair-cause.ts";
import { aboutOf } from "./suspect-rows.ts";
import { thrownText } from "../../../define/thrown-text.ts";

/** More records that are found by the same are not named. */
const FOUND_MAX = 10;

export interface PairJudged {
  /** Undefined: the engine would leave it alone. */
  readonly finding?: AuditFinding;
  /** When what nobody told of came about, where that is known. */
  readonly missedAt?: number;
}

type WriteStep = Extract<PairStep, { do: "write" }>;

export function judgePair(sync: TwoWaySync, read: PairRead, now: number): PairJudged {
  const { facts } = read;
  // It found its counterpart meanwhile, and is looked at as a pair.
  if (facts.linkedTo !== undefined) return {};
  const fault = faultIn(read);
  if (fault !== undefined) return { finding: unreadable(sync, read, fault) };
  const decided = decisionOf(sync, read, now);
  const { step } = decided;
  if (step.do === "nothing" && step.why !== "out-of-scope") return {};
  if (step.do === "nothing") return isUnmatched(sync, decided.facts, decided.isMatched) ? unmatched(sync, read) : {};
  const kind = kindOf(step, facts.link !== undefined);
  if (step.do === "link" && facts.side === 1) return {};
  const fields = facts.link === undefined ? [] : differencesOf(sync, decided.facts, step);
  const about = foundOf(sync, read, fields);
  const { pending } = facts;
  if (pending !== undefined) {
    const { state, reason, notedAt } = pending;
    const text = reason === undefined ? state : `${state}: ${reason}`;
    return { finding: { ...about, kind: "in-flight", cause: { code: "under-way", text, since: notedAt } } };
  }
  const { cause, missedAt } = pairCauseOf({ sync, read, step, kind });
  const write = writeFor(step);
  return {
    finding: { ...about, kind, cause, ...(write === undefined ? {} : { write }) },
    ...(missedAt === undefined ? {} : { missedAt }),
  };
}

/** Of it, or of whom it may be matched with. */
function faultIn({ records, candidates, rivals }: PairRead): string | undefined {
  return [...records, ...candidates, ...rivals].find((record) => record?.fault !== undefined)?.fault;
}

/** What it comes to nobody can tell, and nothing is written over it before somebody can. */
function unreadable(sync: TwoWaySync, read: PairRead, fault: string): AuditFinding {
  const kind = read.facts.link === undefined ? "missing" : "different";
  return { ...foundOf(sync, read, []), kind, cause: { code: "unreadable", text: fault } };
}

interface Decided {
  readonly facts: PairFacts;
  readonly step: PairStep;
  /** It is for the sync, and nobody was found. */
  readonly isMatched: boolean;
}

function decisionOf(sync: TwoWaySync, read: PairRead, now: number): Decided {
  const [first, second] = read.records;
  const facts: PairFacts = {
    sync,
    claim: claimOf(sync, read),
    bodies: [first?.body, second?.body],
    now,
    plants: NO_PLANTS,
  };
  try {
    const { step } = decidePair(facts);
    if (step.do !== "match") return { facts, step, isMatched: false };
    return { facts, step: afterMatch(facts, matchOf(sync, read, step.values), "whole"), isMatched: true };
  } catch (error) {
    const reason = thrownText(error);
    return { facts, step: { do: "park", cause: "bug", reason, todo: "" }, isMatched: false };
  }
}

function claimOf(sync: TwoWaySync, { facts, records }: PairRead): Claim {
  const { key, side, link, corrections } = facts;
  const own = known(records[side ?? 0], facts);
  const other = facts.other;
  const edits = corrections === undefined ? {} : { corrections: corrections as NonNullable<Claim["corrections"]> };
  return {
    sync: sync.name,
    key,
    ...CLAIM_TO_JUDGE,
    ...(side === undefined ? {} : { side }),
    ...(own === undefined ? {} : { record: own }),
    ...(link === undefined ? {} : { link }),
    ...(other === undefined ? {} : { other: counterpart(other, records[1]) }),
    ...edits,
  };
}

function counterpart(other: AuditedRecord, record: ReadRecord | undefined) {
  const seen = known(record, other);
  return { key: other.key, ...(seen === undefined ? {} : { record: seen }) };
}

/** The record as it would be known, had it just been looked at. */
function known(read: ReadRecord | undefined, before: AuditedRecord): KnownRecord | undefined {
  if (read === undefined) return before.record;
  if (read.seen === undefined) {
    const movedTo = read.movedTo ?? before.record?.movedTo;
    return { hash: before.record?.hash ?? "", deleted: true, stale: 0, ...(movedTo === undefined ? {} : { movedTo }) };
  }
  const { version, seen } = read.seen;
  return { hash: seen.hash, deleted: false, stale: 0, ...(version === undefined ? {} : { version }) };
}

/** Among those that were listed, as they are now. */
function matchOf(sync: TwoWaySync, read: PairRead, values: readonly (string | null)[]): MatchFound {
  const side = read.facts.side ?? 0;
  return foundAmong(values, (index, value) => {
    const having = (matches: readonly ReadMatch[], of: Side): readonly ReadMatch[] =>
      matches.filter((one) => isFoundBy(sync, of, one, index, value)).slice(0, FOUND_MAX);
    return {
      candidates: having(read.candidates, otherSide(side)).map((one) => ({ key: one.key, linked: isLinked(one) })),
      rivals: having(read.rivals, side).map(({ key }) => key),
    };
  });
}

const isLinked = ({ facts }: ReadMatch): boolean => facts.link !== undefined || facts.linkedTo !== undefined;

/** Who is not for the sync is found by nobody, unless it is linked. */
function isFoundBy(sync: TwoWaySync, side: Side, one: ReadMatch, index: number, value: string): boolean {
  const values = matchValues(sync, side, one.body);
  if (!Array.isArray(values) || (values as readonly (string | null)[])[index] !== value) return false;
  if (isLinked(one)) return true;
  try {
    return sync.sides[side].only?.(one.body) !== false;
  } catch {
    return false;
  }
}

/** Nothing is made for it: it stays alone by the sync's own rules. */
function isUnmatched(sync: TwoWaySync, { claim }: PairFacts, isMatched: boolean): boolean {
  return claim.link === undefined && isMatched && !sync.sides[otherSide(claim.side ?? 0)].creates;
}

function unmatched(sync: TwoWaySync, { facts }: PairRead): PairJudged {
  return { finding: unmatchedFinding(sync, facts, facts.side ?? 0) };
}

function kindOf(step: Exclude<PairStep, { do: "nothing" }>, isPair: boolean): FindingKind {
  if (step.do === "park" && step.cause === "match") return "duplicate";
  if (step.do === "park" && step.cause === "deleted") return "extra";
  if (step.do === "write" && step.action === "remove") return "extra";
  return isPair ? "different" : "missing";
}

function writeFor(step: PairStep): string | undefined {
  if (step.do === "write") return step.way ?? step.action;
  return step.do === "link" || step.do === "move" ? "link" : undefined;
}

function foundOf(sync: TwoWaySync, { facts, candidates, rivals }: PairRead, fields: readonly FieldDifference[]) {
  const title = facts.record?.title;
  const keys = (matches: readonly ReadMatch[]): readonly string[] => matches.map(({ key }) => key);
  const isMatched = candidates.length + rivals.length > 0;
  return {
    ...aboutOf(sync, facts),
    ...(title === undefined ? {} : { title }),
    ...(facts.link === undefined ? {} : { targetKey: facts.link.targetKey }),
    ...(isMatched ? { matches: { candidates: keys(candidates), rivals: keys(rivals) } } : {}),
    ...(fields.length === 0 ? {} : { fields: fields.map(shortened) }),
  };
}

/** Both sides' fields that would be written, or that a person has to decide on. */
function differencesOf(sync: TwoWaySync, facts: PairFacts, step: PairStep): readonly FieldDifference[] {
  if (facts.bodies.includes(undefined)) return [];
  const isOfFields = (step.do === "write" && step.action === "update") || step.do === "park";
  if (!isOfFields) return [];
  try {
    const shown = bothShown(sync, facts.bodies);
    return [...writtenIn(sync, mergeOfPair(facts, shown), shown), ...putBackIn(sync, step, shown)];
  } catch {
    return [];
  }
}

function writtenIn(
  { sides }: TwoWaySync,
  { writes, conflicts, stuck }: Merged,
  shown: Both<Readonly<Record<string, unknown>>>,
): readonly FieldDifference[] {
  const written = SIDES.flatMap((side) =>
    (writes[side]?.changed ?? []).map((field) => ({
      side: sides[side].name,
      field,
      expected: writes[side]?.fields[field],
      got: shown[side][field],
    })),
  );
  const open = conflicts
    .filter(({ winner }) => winner === undefined)
    .map(({ pair, values }) => ({ field: pair.fields.join(" ↔ "), expected: values[0], got: values[1] }));
  const notCarried = stuck.map(({ pair, side }) => ({
    side: sides[otherSide(side)].name,
    field: pair.fields[otherSide(side)],
    expected: shown[side][pair.fields[side]],
    got: shown[otherSide(side)][pair.fields[otherSide(side)]],
  }));
  return [...written, ...open, ...notCarried];
}

/** What a person wants written besides. */
function putBackIn(
  { sides }: TwoWaySync,
  step: PairStep,
  shown: Both<Readonly<Record<string, unknown>>>,
): readonly FieldDifference[] {
  const write: WriteStep | undefined = step.do === "write" && step.putBack === true ? step : undefined;
  return (write?.changed ?? []).map((field) => ({
    side: sides[write?.side ?? 0].name,
    field,
    expected: write?.fields?.[field],
    got: shown[write?.side ?? 0][field],
  }));
}
