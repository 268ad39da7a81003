// What one record comes to, once both sides were read as they are now (pure).
import type { Linked } from "../../mapping/mapping.ts";
import type { Fields } from "../../reconcile/decide.ts";
import { sameValue } from "../../reconcile/merge.ts";
import type { AuditFacts } from "../../store/audit.ts";
import type { Auditable, Expected } from "./auditable.ts";
import { causeOf } from "./cause.ts";
import type { AuditFinding, FieldDifference } from "./report.ts";
import { shortened } from "./shortened.ts";

export interface Read {
  /** The source record as it is now; undefined: it is not there. */
  readonly source: unknown;
  readonly sourceHash: string | undefined;
  readonly sourceVersion: string | undefined;
  /** The target record that it is linked to, as it is now; undefined: it is not there, or there is no link. */
  readonly target: unknown;
  /** Why one of them could not be read, whatever it is now. */
  readonly fault?: string;
  readonly facts: AuditFacts;
}

export interface Judged {
  /** Undefined: both agree. */
  readonly finding?: AuditFinding;
  /** What the target shows of the sync's fields: the base after a repair. */
  readonly shown?: Fields;
}

export function judge(auditable: Auditable, read: Read, linked: Linked): Judged {
  const { facts, source, target } = read;
  const { link, pending, corrections } = facts;
  if (read.fault !== undefined) return { finding: unreadable(read.fault, facts) };
  const isThere = link !== undefined && target !== undefined;
  const expected: Expected =
    source === undefined ? { kind: auditable.afterDeletion } : auditable.expected(source, linked, corrections);
  if (expected.kind === "anything" || (expected.kind === "nothing" && !isThere)) return {};
  const fields =
    expected.kind === "fields" && isThere ? differences(auditable, read, expected.fields) : { told: [], shown: {} };
  if (expected.kind === "fields" && isThere && fields.told.length === 0) return {};
  const kind = expected.kind === "nothing" ? "extra" : isThere ? "different" : "missing";
  const finding: Omit<AuditFinding, "kind" | "cause"> = {
    ...aboutOf(facts),
    ...(fields.told.length === 0 ? {} : { fields: fields.told.map(shortened) }),
  };
  if (pending !== undefined) return { finding: { ...finding, kind: "in-flight", cause: underWay(pending) } };
  const cause = causeOf({
    kind,
    read,
    expected,
    fields: fields.told,
    source: auditable.from.id,
    target: auditable.to.id,
  });
  const write = writeFor(auditable, kind, expected, source === undefined);
  return {
    finding: { ...finding, kind, cause, ...(write === undefined ? {} : { write }) },
    shown: fields.shown,
  };
}

function aboutOf({ key, record, link }: AuditFacts): Pick<AuditFinding, "key" | "title" | "targetKey"> {
  const title = record?.title;
  return {
    key,
    ...(title === undefined ? {} : { title }),
    ...(link === undefined ? {} : { targetKey: link.targetKey }),
  };
}

/** Neither that it is gone nor that it agrees: nothing is written over it before somebody can tell. */
function unreadable(fault: string, facts: AuditFacts): AuditFinding {
  const kind = facts.link === undefined ? "missing" : "different";
  return { ...aboutOf(facts), kind, cause: { code: "unreadable", text: fault } };
}

function underWay({ state, reason, notedAt }: NonNullable<AuditFacts["pending"]>): AuditFinding["cause"] {
  return { code: "under-way", text: reason === undefined ? state : `${state}: ${reason}`, since: notedAt };
}

function writeFor(
  auditable: Auditable,
  kind: "missing" | "extra" | "different",
  expected: Expected,
  isGone: boolean,
): string | undefined {
  if (expected.kind === "unclear") return undefined;
  if (kind === "extra") return auditable.removal(isGone ? "deleted" : "out-of-scope");
  if (kind === "missing") return "create";
  return auditable.updates ? "update" : undefined;
}

/**
 * The fields that differ, with those that were once written and that the rules leave out now. Where the target is untouched
 * since we wrote just this, it has made its own of the value: that is no difference.
 */
function differences(
  { to, shown: shownOf }: Auditable,
  { target, facts }: Read,
  expected: Fields,
): { readonly told: readonly FieldDifference[]; readonly shown: Fields } {
  const { link } = facts;
  const shown = shownOf(target);
  // What cannot be shown cannot be compared.
  if (to.resource.write?.fieldsOf === undefined || link === undefined) return { told: [], shown: {} };
  const base = JSON.parse(link.base) as Fields;
  const isUntouched =
    to.resource.versionExact === true &&
    link.targetVersion !== undefined &&
    to.resource.version?.(target) === link.targetVersion;
  const names = [...new Set([...Object.keys(expected), ...Object.keys(base)])];
  const told = names
    .filter((name) => !sameValue(expected[name], shown[name]))
    .filter((name) => !(isUntouched && sameValue(expected[name], base[name])))
    .map((field) => ({ field, expected: expected[field], got: shown[field] }));
  const relevant = names.filter((name) => shown[name] !== undefined);
  return { told, shown: Object.fromEntries(relevant.map((name) => [name, shown[name]])) };
}
