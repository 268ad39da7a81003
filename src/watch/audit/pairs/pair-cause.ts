// Why a pair probably does not agree, or a record is alone, from what is known of it (pure).
import type { Side, TwoWaySync } from "../../../define/two-way.ts";
import type { PairStep } from "../../../reconcile/pair-step.ts";
import { sameValue, SIDES } from "../../../reconcile/merge.ts";
import { baseIn, shownBy } from "../../../reconcile/pair-facts.ts";
import type { AuditedRecord } from "../../../store/audit-pairs.ts";
import type { FindingKind, ProbableCause } from "../report.ts";
import type { PairRead, ReadRecord } from "./look-pairs.ts";

export interface PairEffect {
  readonly sync: TwoWaySync;
  readonly read: PairRead;
  readonly step: PairStep;
  readonly kind: FindingKind;
}

export interface PairCause {
  readonly cause: ProbableCause;
  /** When what nobody told of came about, where that is known. */
  readonly missedAt?: number;
}

/** A record of which nobody told that it is as it is. */
interface Missed {
  readonly side: Side;
  readonly record: ReadRecord;
  readonly before: AuditedRecord;
}

export function pairCauseOf(effect: PairEffect): PairCause {
  const missed = missedIn(effect);
  const cause = missed === undefined ? otherCause(effect) : missedCause(effect, missed);
  const at = missed === undefined ? undefined : changedAt(effect.sync, missed);
  return { cause, ...(at === undefined ? {} : { missedAt: at }) };
}

/** Of two, the one that shows something else than was agreed on. */
function missedIn({ sync, read }: PairEffect): Missed | undefined {
  const { facts, records } = read;
  const own = facts.side ?? 0;
  const main = SIDES.flatMap((side): readonly Missed[] => {
    const record = records[side];
    const before = side === own ? facts : facts.other;
    return record === undefined || before === undefined ? [] : [{ side, record, before }];
  });
  const others = [
    ...read.candidates.map((one): Missed => ({ side: own === 0 ? 1 : 0, record: one, before: one.facts })),
    ...read.rivals.map((one): Missed => ({ side: own, record: one, before: one.facts })),
  ];
  const missed = main.filter(isMissed);
  return missed.find((one) => isEdited(sync, read, one)) ?? missed[0] ?? others.find(isMissed);
}

function isMissed({ record: { seen, movedTo }, before: { record } }: Missed): boolean {
  if (seen === undefined)
    return record !== undefined && record.stale === 0 && (!record.deleted || isNewlyMoved(record, movedTo));
  return record === undefined || (record.stale === 0 && (record.deleted || record.hash !== seen.seen.hash));
}

const isNewlyMoved = (record: { readonly movedTo?: string }, movedTo: string | undefined): boolean =>
  movedTo !== undefined && record.movedTo !== movedTo;

/** Does it show something else than what both agreed on? */
function isEdited(sync: TwoWaySync, { facts }: PairRead, { side, record }: Missed): boolean {
  const base = baseIn(facts.link);
  if (base === undefined || record.body === undefined) return true;
  try {
    const shown = shownBy(sync, side, record.body);
    return sync.pairs.some(({ fields }) => !sameValue(shown[fields[side]], base[side][fields[side]]));
  } catch {
    return true;
  }
}

function missedCause({ sync, read, step }: PairEffect, missed: Missed): ProbableCause {
  const { side, record, before } = missed;
  const { name } = sync.sides[side];
  const what = whatOf(record, before);
  const isIt = record.key === read.facts.key && side === (read.facts.side ?? 0);
  const whose = isIt || record.key === read.facts.other?.key ? "it" : record.key;
  const reason = step.do === "park" ? `; ${step.reason}` : "";
  const text = `${whose} ${what} in ${name}, and neither a webhook nor a poll told of it${reason}`;
  return { code: "missed", text, ...since(changedAt(sync, missed) ?? before.record?.observedAt) };
}

function whatOf({ body, movedTo }: ReadRecord, { record }: AuditedRecord): string {
  if (movedTo !== undefined) return `became part of ${movedTo}`;
  if (body === undefined) return "was deleted";
  if (record === undefined) return "was made";
  return record.deleted ? "was restored" : "was changed";
}

/** By the provider's own stamp, or by its version where that is a time. */
function changedAt({ sides }: TwoWaySync, { side, record: { body, seen } }: Missed): number | undefined {
  if (body === undefined) return undefined;
  const stamped = sides[side].resource.resource.changedAt?.(body);
  if (stamped !== undefined) return stamped;
  const version = seen?.version ?? "";
  const at = /^\d{4}-\d\d-\d\dT/.test(version) ? Date.parse(version) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function otherCause({ sync, read, step, kind }: PairEffect): ProbableCause {
  const { facts } = read;
  const { discardedAt, clearedAt } = facts;
  if (step.do === "park") return parkedCause(step, facts.clearedAt);
  if (discardedAt !== undefined) {
    return { code: "not-written", text: "it was noted, and somebody discarded it", since: discardedAt };
  }
  if (kind === "missing") {
    const text =
      "it was looked at and left alone: `only`, `match` or `create` was changed since, or its link was taken away";
    return { code: "rules-changed", text, ...since(clearedAt) };
  }
  const isNoted = SIDES.some((side) => {
    const record = read.records[side];
    const before = side === (facts.side ?? 0) ? facts : facts.other;
    return record !== undefined && before !== undefined && isEdited(sync, read, { side, record, before });
  });
  if (isNoted) return { code: "not-written", text: "it was noted, and never written", ...since(clearedAt) };
  return {
    code: "rules-changed",
    text: "the sync's fields or rules were changed since both agreed",
    ...since(clearedAt),
  };
}

function parkedCause(
  { cause, reason }: Extract<PairStep, { do: "park" }>,
  clearedAt: number | undefined,
): ProbableCause {
  const code = cause === "match" ? "same-match" : cause === "edited" ? "edited-twice" : "cannot-map";
  return { code, text: reason, ...since(clearedAt) };
}

const since = (at: number | undefined): { readonly since?: number } => (at === undefined ? {} : { since: at });
