// Why two records probably do not agree, from what is known of them (pure).
import { sameValue } from "../../reconcile/merge.ts";
import type { Fields } from "../../reconcile/decide.ts";
import type { Expected } from "./auditable.ts";
import type { Read } from "./judge.ts";
import type { FieldDifference, ProbableCause } from "./report.ts";

export interface Effect {
  readonly kind: "missing" | "extra" | "different";
  readonly read: Read;
  readonly expected: Expected;
  readonly fields: readonly FieldDifference[];
  /** The resources' ids. */
  readonly source: string;
  readonly target: string;
}

export function causeOf(effect: Effect): ProbableCause {
  const { kind, read, expected } = effect;
  if (isMissed(read) && !onlyTheTarget(effect)) return missed(effect);
  if (expected.kind === "unclear") return { code: "cannot-map", text: expected.reason };
  if (kind === "missing") return missing(effect);
  if (kind === "extra") return extra(effect);
  return different(effect);
}

/** Is the source now other than as it was last seen, and nobody told? */
function isMissed({ facts, source, sourceHash }: Read): boolean {
  const { record } = facts;
  if (source === undefined) return record !== undefined && !record.deleted && record.stale === 0;
  return record === undefined || (record.stale === 0 && (record.deleted || record.hash !== sourceHash));
}

/** When the source record changed, where its version tells it. */
export function changedAt({ sourceVersion, facts }: Read): number | undefined {
  if (sourceVersion === undefined || sourceVersion === facts.record?.version) return undefined;
  const at = /^\d{4}-\d\d-\d\dT/.test(sourceVersion) ? Date.parse(sourceVersion) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function missed({ read, source }: Effect): ProbableCause {
  const at = changedAt(read);
  const { record } = read.facts;
  const told = "and neither a webhook nor a poll told of it";
  if (read.source === undefined) {
    return { code: "missed", text: `it was deleted in ${source}, ${told}`, ...since(record?.observedAt) };
  }
  const what = record === undefined ? "made" : record.deleted ? "restored" : "changed";
  return { code: "missed", text: `it was ${what} in ${source}, ${told}`, ...since(at ?? record?.observedAt) };
}

function missing({ read, target }: Effect): ProbableCause {
  const { link, clearedAt, discardedAt } = read.facts;
  if (link !== undefined) {
    return { code: "target-deleted", text: `${link.targetKey} was deleted in ${target}`, ...since(clearedAt) };
  }
  return notWritten(discardedAt);
}

function extra({ read }: Effect): ProbableCause {
  const { link, record, discardedAt, clearedAt } = read.facts;
  const wasAgreed = read.source !== undefined && link?.recordHash === record?.hash;
  if (!wasAgreed) return notWritten(discardedAt);
  return {
    code: "rules-changed",
    text: "`only` or what becomes of such records was changed since",
    ...since(clearedAt),
  };
}

/** What is expected is what both agreed on, in every field that differs: whatever happened at the source, it is not that. */
function onlyTheTarget({ kind, read, fields }: Effect): boolean {
  const base = baseOf(read);
  return kind === "different" && fields.length > 0 && fields.every((one) => sameValue(one.expected, base[one.field]));
}

const baseOf = ({ facts }: Read): Fields => JSON.parse(facts.link?.base ?? "{}") as Fields;

function different({ read, fields, target }: Effect): ProbableCause {
  const { link, record, clearedAt, discardedAt } = read.facts;
  const base = baseOf(read);
  const names = fields.map(({ field }) => field).join(", ");
  if (fields.some(({ field, expected }) => sameValue(expected, base[field]))) {
    return { code: "target-edited", text: `${names} was edited in ${target} since both agreed`, ...since(clearedAt) };
  }
  if (record !== undefined && link !== undefined && link.recordHash !== record.hash) return notWritten(discardedAt);
  return {
    code: "rules-changed",
    text: `the mapping, a table, a correction or a link gives another ${names} than when both agreed`,
    ...since(clearedAt),
  };
}

function notWritten(discardedAt: number | undefined): ProbableCause {
  const text =
    discardedAt === undefined ? "it was noted, and never written" : "it was noted, and somebody discarded it";
  return { code: "not-written", text, ...since(discardedAt) };
}

const since = (at: number | undefined): { readonly since?: number } => (at === undefined ? {} : { since: at });
